#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "net/http.h"

namespace huiyin::simulators {

/// A message that a cloud took, as the phone shows it.
struct SentSms {
  std::string to{};    ///< E.164
  std::string text{};  ///< with the signature
  std::string id{};    ///< the cloud's
  std::string key{};   ///< ours, as it was echoed
  std::string callback{};
};

/// How often one number may get messages: `count` within `within`, the answer where it is more.
struct FrequencyLimit {
  int count = 0;
  Millis within{};
  std::string code{};
  std::string words{};
};

/// Counts what went to each number; answers a limit that is met. A sliding window, as Aliyun has it.
class FrequencyLimits {
 public:
  explicit FrequencyLimits(std::vector<FrequencyLimit> limits) : limits_(std::move(limits)) {}
  [[nodiscard]] const FrequencyLimit* met(const std::string& number, Time now) const;
  void count(const std::string& number, Time now) { sent_[number].push_back(now); }

 private:
  std::vector<FrequencyLimit> limits_;
  std::map<std::string, std::deque<Time>> sent_{};
};

/// An approved template: its text with `${name}` (Aliyun) or `{1}` (Tencent) for each variable.
using CloudTemplates = std::map<std::string, std::string>;

/// Aliyun's SendSms, signed by ACS3-HMAC-SHA256, and its pushes. Refuses whatever is not exactly as documented.
class AliyunCloud {
 public:
  struct Account {
    std::string key_id{}, key_secret{};
    std::set<std::string> signatures{};
    CloudTemplates templates{};
  };
  explicit AliyunCloud(Account account);

  /// SendSms. Every answer of `fail_next` first, in order.
  [[nodiscard]] HttpReply handle(const HttpRequest& request);
  void fail_next(HttpReply answer) { faults_.push_back(std::move(answer)); }
  void fail_next(const std::string& code, const std::string& words, int status = 200);

  /// The body of SmsReport for the messages from `first` on.
  [[nodiscard]] std::string reports(std::size_t first, bool delivered, Time now) const;
  /// The body of SmsUp for (number, words).
  [[nodiscard]] std::string replies(const std::vector<std::pair<std::string, std::string>>& said, Time now);
  [[nodiscard]] const std::vector<SentSms>& sent() const { return sent_; }

 private:
  [[nodiscard]] std::optional<HttpReply> check_signature(const HttpRequest& request);
  [[nodiscard]] HttpReply send(const HttpRequest& request);

  Account account_;
  std::deque<HttpReply> faults_{};
  std::set<std::string> nonces_{};
  FrequencyLimits code_limits_, notice_limits_;
  std::vector<SentSms> sent_{};
  int replies_ = 0;
};

/// Tencent Cloud's SendSms, signed by TC3-HMAC-SHA256, and its callbacks.
class TencentCloud {
 public:
  struct Account {
    std::string secret_id{}, secret_key{}, app_id{};
    std::set<std::string> signatures{};
    CloudTemplates templates{};
  };
  explicit TencentCloud(Account account);

  [[nodiscard]] HttpReply handle(const HttpRequest& request);
  void fail_next(HttpReply answer) { faults_.push_back(std::move(answer)); }
  void fail_next(const std::string& code);  ///< for the one number
  void block(const std::string& number) { blocked_.insert(number); }

  /// Status callbacks of the messages from `first` on; `with_context`: the account has ext enabled.
  [[nodiscard]] std::string statuses(std::size_t first, bool delivered, bool with_context, Time now) const;
  [[nodiscard]] static std::string reply(const std::string& number, const std::string& words, Time now);
  [[nodiscard]] const std::vector<SentSms>& sent() const { return sent_; }

 private:
  [[nodiscard]] std::string check_signature(const HttpRequest& request) const;
  [[nodiscard]] std::pair<std::string, std::string> check_message(const std::string& body, Time now);

  Account account_;
  std::deque<HttpReply> faults_{};
  std::set<std::string> blocked_{};
  FrequencyLimits limits_;
  std::map<std::string, std::pair<std::string, Time>> last_{};  ///< text and time, by number
  std::vector<SentSms> sent_{};
};

/// Twilio's Messages resource, and its signed webhooks. Knows STOP by itself.
class TwilioCloud {
 public:
  struct Account {
    std::string sid{}, token{}, from{};
    std::string inbound_url{};
  };
  explicit TwilioCloud(Account account) : account_(std::move(account)) {}
  void set_inbound_url(std::string url) { account_.inbound_url = std::move(url); }

  [[nodiscard]] HttpReply handle(const HttpRequest& request);
  void fail_next(HttpReply answer) { faults_.push_back(std::move(answer)); }
  void fail_next(int code, int status = 400);

  /// The webhook for a message of a phone's, as Twilio calls it; `media`: content types of what comes with it.
  [[nodiscard]] HttpRequest message(const std::string& from, const std::string& body, Time now,
                                    const std::vector<std::string>& media = {});
  /// The status callback of the n-th message.
  [[nodiscard]] HttpRequest status(std::size_t number, const std::string& state, Time now, int error = 0) const;
  [[nodiscard]] const std::string& inbound_url() const { return account_.inbound_url; }
  [[nodiscard]] const std::vector<SentSms>& sent() const { return sent_; }

 private:
  [[nodiscard]] HttpRequest signed_request(const std::string& url, const Fields& form, Time now) const;

  Account account_;
  std::deque<HttpReply> faults_{};
  std::set<std::string> opted_out_{};
  std::vector<SentSms> sent_{};
  int received_ = 0;
};

}  // namespace huiyin::simulators
