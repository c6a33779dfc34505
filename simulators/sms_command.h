#pragma once

#include <memory>
#include <string>
#include <vector>

#include "simulators/sms_phones.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace huiyin::simulators {

/// The part of the command line about phones and the cloud (Aliyun's) that their messages go by.
struct SmsOptions {
  std::string hook_url{};  ///< `…/hook/sms/aliyun`; empty: no phones
  int port = 0;
  std::string key_id = "LTAI5tHuiyinDemo", signature = "滨江物业";
  std::vector<std::string> templates{};  ///< `SMS_1=text with ${name}`
  std::string key_variable = "HUIYIN_SMS_KEY", secret_variable = "HUIYIN_SMS_SECRET";
};
void add_sms(CLI::App& command, SmsOptions& options);

/// Phones and their cloud, running: its API on a loopback port, its callbacks to the daemon's hook.
class SmsWorld {
 public:
  /// Nothing, with a line on stderr, where something is missing or the port is taken. The clock must outlive it.
  [[nodiscard]] static std::unique_ptr<SmsWorld> start(const SmsOptions& options, const Clock& clock);
  ~SmsWorld() { phones_.stop(); }
  SmsWorld(const SmsWorld&) = delete;
  SmsWorld& operator=(const SmsWorld&) = delete;
  [[nodiscard]] SmsPhones& phones() { return phones_; }

 private:
  SmsWorld(AliyunCloud::Account account, const std::string& hook_url, int port, const Clock& clock);
  AliyunCloud cloud_;
  SmsPhones phones_;
};

}  // namespace huiyin::simulators
