#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "adapters/workchat/remedy.h"

namespace huiyin::workchat {

constexpr const char* kFeishuUrl = "https://open.feishu.cn";

/// The codes of custom bots and of an app's calls. Source: open.feishu.cn, 自定义机器人使用指南, 发送消息, 通用错误码.
[[nodiscard]] std::span<const ErrorCode> feishu_codes();

/// What every answer may hold. It is `code` that tells success, whatever the HTTP status is.
struct FeishuAnswer {
  std::int64_t code = 0;
  std::string why{};
  std::string message_id{};  ///< `om_…`
  std::string image_key{};
  std::string token{};
  std::int64_t expire = 0;  ///< seconds
};
/// Nothing where the body is no answer of the platform's.
[[nodiscard]] std::optional<FeishuAnswer> read_feishu_answer(std::string_view body);
/// Of a code other than 0; with HTTP 429 the header says how long to wait.
[[nodiscard]] SendResult judge_feishu(const FeishuAnswer& answer, const HttpReply& reply);

constexpr std::chrono::seconds kFeishuSlowDown{20};

}  // namespace huiyin::workchat
