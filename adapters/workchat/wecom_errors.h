#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/workchat/remedy.h"

namespace huiyin::workchat {

/// The table, by code. Source: developer.work.weixin.qq.com, 全局错误码, and the pages of the calls.
[[nodiscard]] std::span<const ErrorCode> error_codes();
/// Nothing for a code that the table lacks.
[[nodiscard]] const ErrorCode* find_error(std::int64_t code);

/// What every answer of the API may hold. It is the body that tells success: the HTTP status is 200 for errors too.
struct ApiAnswer {
  std::int64_t code = 0;
  std::string why{};                       ///< `60020 …: errmsg`
  std::vector<std::string> not_reached{};  ///< `invaliduser`: user ids in lower case; success may be partial
  std::vector<std::string> unlicensed{};
  bool warned = false;  ///< part of the request was not understood, and ignored
  std::string msgid{};
  std::string response_code{};
  std::string media_id{};
  std::string access_token{};
  std::string member{};  ///< `userid`, in lower case: whose code it was
  std::int64_t expires_in = 0;
};

/// Nothing where the body is no answer of the API: not a JSON object with a whole errcode.
[[nodiscard]] std::optional<ApiAnswer> read_answer(std::string_view body);

/// What a code other than 0 means for the message that was sent. Not for a card that was to be changed.
[[nodiscard]] SendResult judge_answer(const ApiAnswer& answer);

constexpr std::chrono::seconds kSlowDownWait{65};  // a block lasts about a minute

}  // namespace huiyin::workchat
