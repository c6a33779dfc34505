#include "adapters/workchat/feishu_errors.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "adapters/workchat/json_fields.h"

namespace huiyin::workchat {
namespace {

using enum Remedy;

constexpr std::array kCodes = {
    ErrorCode{0, 0, done, "ok"},
    ErrorCode{9499, 9499, our_fault, "bad request"},
    ErrorCode{11232, 11232, slow_down, "too many messages of this bot, or of all at the full and the half hour"},
    ErrorCode{19001, 19002, our_fault, "bad request"},
    ErrorCode{19021, 19021, operator_acts, "the bot's signature is wrong, or this machine's clock is"},
    ErrorCode{19022, 19022, operator_acts, "this server's address is not among those that the bot knows"},
    ErrorCode{19024, 19024, operator_acts, "the bot's keyword is missing"},
    ErrorCode{230001, 230001, our_fault, "parameter"},
    ErrorCode{230002, 230002, operator_acts, "the app's bot is not in the group"},
    ErrorCode{230006, 230006, operator_acts, "the app has no bot"},
    ErrorCode{230013, 230013, peer_gone, "this member is outside of those whom the app is for"},
    ErrorCode{230020, 230020, slow_down, "too many messages to one chat"},
    ErrorCode{230022, 230022, our_fault, "words that the platform does not let through"},
    ErrorCode{230025, 230025, our_fault, "content over its limit"},
    ErrorCode{230028, 230028, our_fault, "words that the platform does not let through"},
    ErrorCode{99991400, 99991400, slow_down, "too many calls"},
    ErrorCode{99991661, 99991661, refresh_token, "no access token"},
    ErrorCode{99991663, 99991664, refresh_token, "not, or no longer, an access token"},
    ErrorCode{99991672, 99991672, operator_acts, "the app lacks a permission"},
};

/// `x-ogw-ratelimit-reset`: in how many seconds; within an hour.
std::chrono::seconds reset_in(const HttpReply& reply) {
  constexpr int kMost = 3600;
  for (const auto& [name, value] : reply.headers) {
    int seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (name == "x-ogw-ratelimit-reset" && error == std::errc{} && seconds > 0)
      return std::chrono::seconds(std::min(seconds, kMost));
  }
  return kFeishuSlowDown;
}

}  // namespace

std::span<const ErrorCode> feishu_codes() { return kCodes; }

std::optional<FeishuAnswer> read_feishu_answer(std::string_view body) {
  const auto json = read_object(body);
  if (!json) return {};
  auto code = number_in(*json, "code");
  if (!code) code = number_in(*json, "StatusCode");  // older bots
  if (!code) return {};
  const auto& data = object_in(*json, "data");
  return FeishuAnswer{.code = *code,
                      .why = describe_code(find_error(kCodes, *code), std::to_string(*code), text_in(*json, "msg")),
                      .message_id = text_in(data, "message_id"),
                      .image_key = text_in(data, "image_key"),
                      .token = text_in(*json, "tenant_access_token"),
                      .expire = number_in(*json, "expire").value_or(0)};
}

SendResult judge_feishu(const FeishuAnswer& answer, const HttpReply& reply) {
  const auto* known = find_error(kCodes, answer.code);
  if (known == nullptr && reply.status == 429) return RetryAfter{reset_in(reply), answer.why};
  return judge_code(known, {answer.code, answer.why, answer.message_id}, reset_in(reply));
}

}  // namespace huiyin::workchat
