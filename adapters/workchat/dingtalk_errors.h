#pragma once

#include <span>
#include <string>

#include "adapters/workchat/remedy.h"

namespace huiyin::workchat {

constexpr const char* kDingTalkRobotUrl = "https://oapi.dingtalk.com";

/// What a group robot's errcodes ask for, by code. Source: open.dingtalk.com, 自定义机器人接入, 全局错误码.
[[nodiscard]] std::span<const ErrorCode> dingtalk_codes();
/// The answer of robot/send: `{"errcode":…,"errmsg":…}`, with HTTP 200 for errors too.
[[nodiscard]] SendResult judge_dingtalk_robot(const HttpReply& reply);

/// One row of what the newer API (api.dingtalk.com) answers errors with: words, and HTTP 4xx. A code that ends in *
/// stands for all that begin so.
struct NamedError {
  std::string_view code{};
  Remedy remedy = Remedy::operator_acts;
  std::string_view words{};
};
[[nodiscard]] std::span<const NamedError> dingtalk_errors();
/// Of an answer that is not HTTP 200: `{"code":"InvalidAuthentication","message":…,"requestid":…}`.
[[nodiscard]] SendResult judge_dingtalk_error(const HttpReply& reply);

/// Over 20 a minute the robot is mute for ten minutes, and each further try may begin them anew.
constexpr std::chrono::seconds kMuteWait{610};
constexpr std::chrono::seconds kThrottledWait{60};  // of the newer API

}  // namespace huiyin::workchat
