#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "adapters/channel.h"

namespace huiyin::wechat {

/// What an errcode asks for.
enum class Remedy {
  none,           ///< it is done
  retry,          ///< the platform is busy
  slow_down,      ///< too many this minute
  refresh_token,  ///< the access token is not, or no longer, good
  other_way,      ///< this way to this owner is closed
  peer_gone,      ///< no chat message reaches this owner any more
  our_fault,      ///< the content breaks a rule: another try changes nothing
  operator_acts,  ///< the account, the secret or the allow-list has to be mended; the message can wait for that
  way_blocked     ///< this way is closed for everybody until the operator acts
};

/// One row of the vendor's list of return codes: the codes of [first, last].
struct ErrorCode {
  std::int64_t first = 0;
  std::int64_t last = 0;
  Remedy remedy = Remedy::retry;
  std::string_view words{};  ///< what it means, for the log
};

/// The table, by code. Source: developers.weixin.qq.com, 全局返回码说明, and the pages of the calls.
[[nodiscard]] std::span<const ErrorCode> error_codes();
/// Nothing for a code that the table lacks.
[[nodiscard]] const ErrorCode* find_error(std::int64_t code);

/// What every answer of the API may hold. It is the body that tells success: the HTTP status is 200 for errors too.
struct ApiAnswer {
  std::int64_t code = 0;
  std::string why{};  ///< `45015 …: errmsg`; the errmsg ends in the rid that the vendor's support asks for
  std::string id{};   ///< `msgid`, as text: it has more digits than a double keeps
  std::string access_token{};
  std::int64_t expires_in = 0;
  std::string video_url{};
  std::string ticket{};  ///< of a QR code
  std::string url{};     ///< what a QR code says
};

/// Nothing where the body is no answer of the API: not JSON, not an object, with neither an errcode nor anything that a
/// success would hold.
[[nodiscard]] std::optional<ApiAnswer> read_answer(std::string_view body);

/// How long to wait: what `Retry-After` says, within an hour; else `otherwise`.
[[nodiscard]] std::chrono::milliseconds retry_after(const HttpReply& reply, std::chrono::milliseconds otherwise);

constexpr std::chrono::seconds kBusyWait{1};
constexpr std::chrono::seconds kSlowDownWait{60};
constexpr std::chrono::minutes kOperatorWait{10};

}  // namespace huiyin::wechat
