#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/channel.h"

namespace huiyin::workchat {

/// What an errcode of WeCom asks for.
enum class Remedy {
  done,           ///< it is sent already
  retry,          ///< the platform is busy
  slow_down,      ///< too many this minute
  refresh_token,  ///< the access token is not, or no longer, good
  peer_gone,      ///< this member is not, or no longer, there
  our_fault,      ///< the content breaks a rule: another try changes nothing
  operator_acts   ///< the app, its secret, its visible range or the trusted addresses have to be mended
};

/// One row of the vendor's list of return codes: the codes of [first, last].
struct ErrorCode {
  std::int64_t first = 0;
  std::int64_t last = 0;
  Remedy remedy = Remedy::retry;
  std::string_view words{};  ///< what it means, for the log
};

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
[[nodiscard]] SendResult judge_code(const ApiAnswer& answer);
/// No answer of the API: from the HTTP status alone. Who may have taken it is Unknown.
[[nodiscard]] SendResult judge_status(const HttpReply& reply);

constexpr std::chrono::seconds kBusyWait{1};
constexpr std::chrono::seconds kSlowDownWait{65};  // a block lasts about a minute
constexpr std::chrono::minutes kOperatorWait{10};
constexpr std::chrono::seconds kUnreachedWait{5};

}  // namespace huiyin::workchat
