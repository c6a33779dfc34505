#pragma once

#include <chrono>
#include <string>

#include "core/random.h"
#include "core/time.h"
#include "net/http_client.h"
#include "simulators/dingtalk_api.h"

namespace huiyin::simulators {

/// One message to an app's robot. Delivering it again is a repeat.
struct DingTalkMessage {
  std::string member{};
  std::string json{};
};

/// DingTalk's callback side as an app's robot meets it, and the members who write to it: it signs, posts to the app's
/// URL, and waits 3 s. A second implementation: it shares no code with adapters/. Thread-safe.
class DingTalkPlatform {
 public:
  struct Config {
    std::string app_secret{}, robot_code{}, corp_id{};
    std::string hook_url{};
    std::chrono::milliseconds patience{3000};
  };
  /// All must outlive this.
  DingTalkPlatform(Config config, DingTalkApi& api, const Clock& clock, Random& random);

  // What a member does becomes one message with fresh ids.
  [[nodiscard]] DingTalkMessage write(const std::string& member, const std::string& text);
  /// To the robot, in a group: a blank stands where it was mentioned.
  [[nodiscard]] DingTalkMessage write_in_group(const std::string& member, const std::string& text);
  [[nodiscard]] DingTalkMessage send_photo(const std::string& member);
  /// Somebody of another company in a group: he has no user id here.
  [[nodiscard]] DingTalkMessage write_as_outsider(const std::string& text);

  /// Delivers it; empty, or what the platform found wrong with the answer.
  [[nodiscard]] std::string deliver(const DingTalkMessage& message);

 private:
  [[nodiscard]] DingTalkMessage make(const std::string& member, const std::string& type, const std::string& content,
                                     bool group);
  Config config_;
  DingTalkApi& api_;
  const Clock& clock_;
  Random& random_;
  HttpClient http_;
};

}  // namespace huiyin::simulators
