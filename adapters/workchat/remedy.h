#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "adapters/channel.h"

namespace huiyin::workchat {

/// What a return code of a work chat's asks for.
enum class Remedy {
  done,           ///< it is sent already
  retry,          ///< the platform is busy
  slow_down,      ///< too many for now
  refresh_token,  ///< the access token is not, or no longer, good
  peer_gone,      ///< this member is not, or no longer, there
  our_fault,      ///< the content breaks a rule: another try changes nothing
  operator_acts   ///< the app, its secret, its visible range or the trusted addresses have to be mended
};

/// One row of a vendor's list of return codes: the codes of [first, last].
struct ErrorCode {
  std::int64_t first = 0;
  std::int64_t last = 0;
  Remedy remedy = Remedy::retry;
  std::string_view words{};  ///< what it means, for the log
};

/// In a table that is sorted by code; nothing for a code that it lacks.
[[nodiscard]] const ErrorCode* find_error(std::span<const ErrorCode> table, std::int64_t code);

/// For the log: `60020 this server's address …: errmsg`; what the platform said is cut to a line.
[[nodiscard]] std::string describe_code(const ErrorCode* known, std::string_view code, std::string_view said);

/// An answer with a code of the platform's.
struct Coded {
  std::int64_t code = 0;
  std::string why{};
  std::string id{};  ///< of the message, where it is sent already
};

/// What a code means for the message that was sent; one that nobody knows: kept, and somebody looks. `slow_down`: how
/// long the platform's own limit shuts us out.
[[nodiscard]] SendResult judge_code(const ErrorCode* known, const Coded& coded, std::chrono::seconds slow_down);
/// No answer of the API: from the HTTP status alone. Who may have taken it is Unknown.
[[nodiscard]] SendResult judge_status(const HttpReply& reply, std::chrono::seconds slow_down);
/// Nothing came back (reply.failure).
[[nodiscard]] SendResult judge_failure(const HttpReply& reply);

constexpr std::chrono::seconds kBusyWait{1};
constexpr std::chrono::minutes kOperatorWait{10};
constexpr std::chrono::seconds kUnreachedWait{5};

}  // namespace huiyin::workchat
