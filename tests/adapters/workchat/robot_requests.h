#pragma once

#include <string>

#include "adapters/workchat/dingtalk_robot.h"
#include "adapters/workchat/feishu_bot.h"
#include "tests/adapters/workchat/wecom_requests.h"

namespace huiyin::workchat {

inline constexpr auto kDingTalkToken = "0d1c2b3a";
inline constexpr auto kDingTalkSecret = "SEC0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
inline constexpr auto kFeishuKey = "0b1c2d3e-0000-4000-8000-000000000002";
inline constexpr auto kFeishuSecret = "Huiyin0000000000000000";

inline DingTalkRobot::Config dingtalk_robot_config(std::string api_url = "http://api.test") {
  return {.channel = "workchat:ding-group",
          .token = Secret(kDingTalkToken),
          .secret = Secret(kDingTalkSecret),
          .api_url = std::move(api_url)};
}

inline FeishuBot::Config feishu_bot_config(std::string api_url = "http://api.test") {
  return {.channel = "workchat:feishu-group",
          .key = Secret(kFeishuKey),
          .secret = Secret(kFeishuSecret),
          .api_url = std::move(api_url),
          .source = "物业工单"};
}

inline OutboundMessage to_group(OutboundMessage message, const std::string& address = "group") {
  message.to = {"workchat:group", address};
  message.data = {{"number", "HY1024-4"}};
  return message;
}

}  // namespace huiyin::workchat
