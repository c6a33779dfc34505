#pragma once

#include <string>
#include <string_view>

#include "core/time.h"
#include "simulators/staff_screens.h"

namespace huiyin::simulators {

/// Base64 of HMAC-SHA256 over `timestamp`, a line feed and `secret`, keyed with `secret`: robots sign so, and the
/// platform signs so what it posts to an app.
[[nodiscard]] std::string dingtalk_signature(const std::string& timestamp, const std::string& secret);
/// Milliseconds, within an hour of `now`.
[[nodiscard]] bool is_dingtalk_time(std::string_view timestamp, Time now);

/// What a robot is asked to say, or why it refuses.
struct DingTalkSaid {
  int code = 0;  ///< an errcode; 0: it is good
  std::string words{};
  StaffShown shown{};  ///< its url: where its link or its first button leads
};
/// The body of robot/send. Strict: a member that the vendor's page does not have is refused.
[[nodiscard]] DingTalkSaid read_robot_message(const std::string& body);

/// `msgKey` and `msgParam` (JSON as text) of an app's robot.
[[nodiscard]] DingTalkSaid read_robot_template(const std::string& key, const std::string& parameters);

}  // namespace huiyin::simulators
