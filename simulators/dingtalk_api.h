#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/random.h"
#include "core/time.h"
#include "net/http.h"
#include "simulators/staff_screens.h"
#include "simulators/wechat_faults.h"

namespace huiyin::simulators {

/// DingTalk as those meet it who send: robots of groups, which check signature, time and keyword, and are mute for ten
/// minutes after more than 20 messages in one; and an app's robot, which writes to members. It takes nothing that the
/// vendor's pages do not allow, and does wrong on request (WeChatFaults). A second implementation: it shares no code
/// with adapters/. Thread-safe.
class DingTalkApi {
 public:
  struct Robot {
    std::string secret{};   ///< empty: it does not ask for signatures
    std::string keyword{};  ///< empty: any words will do
  };
  struct Config {
    std::map<std::string, Robot> robots{};  ///< by token
    int robot_per_minute = 20;
    std::string app_key{}, app_secret{}, robot_code{};
    std::set<std::string> members{};  ///< user ids
    std::chrono::seconds token_life{7200};
  };
  /// Both must outlive this.
  DingTalkApi(Config config, const Clock& clock, Random& random)
      : config_(std::move(config)), clock_(clock), random_(random) {}

  /// One request to the API. Waits where a fault says so.
  [[nodiscard]] HttpReply answer(const HttpRequest& request);
  [[nodiscard]] WeChatFaults& faults() { return faults_; }
  [[nodiscard]] StaffScreens& screens() { return screens_; }
  void expire_tokens();
  /// Where files are downloaded from: this API's own address.
  void set_base_url(std::string url);
  /// A file that a member sends: the code by which it is downloaded.
  [[nodiscard]] std::string keep_file(std::string bytes);

 private:
  [[nodiscard]] HttpReply serve(const HttpRequest& request);
  [[nodiscard]] HttpReply robot_send(const HttpRequest& request, Time now);
  [[nodiscard]] HttpReply issue_token(const HttpRequest& request, Time now);
  [[nodiscard]] HttpReply batch_send(const HttpRequest& request, Time now);
  [[nodiscard]] HttpReply download(const HttpRequest& request, Time now);
  [[nodiscard]] std::string random_word();
  /// Too many within a minute: mute for ten.
  [[nodiscard]] bool is_mute(const std::string& token, Time now);

  Config config_;
  const Clock& clock_;
  Random& random_;
  mutable std::mutex mutex_;
  WeChatFaults faults_;
  StaffScreens screens_;
  std::map<std::string, std::vector<Time>> sent_;
  std::map<std::string, Time> mute_until_;
  std::string token_{};
  Time token_until_{};
  std::string base_url_{};
  std::map<std::string, std::string> files_;  // by download code
};

}  // namespace huiyin::simulators
