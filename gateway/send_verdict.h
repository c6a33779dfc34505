#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "adapters/channel.h"
#include "core/outbox.h"

namespace huiyin::gateway {

/// The facts on which it depends what an attempt's result means for the rows that went with it.
struct Attempt {
  Time now{};
  Time created{};  ///< this and what follows: of the first row
  std::optional<Time> expires{};
  int attempts = 0;  ///< before this one
  bool ordered = false;
  bool idempotent = false;  ///< Capabilities::idempotent
  bool owners = false;      ///< a conversation is known, which can learn of a closed window
  std::chrono::hours give_up_after{72};
  std::uint64_t random = 0;
};

/// What becomes of the rows, and what else is to be done.
struct Verdict {
  OutboxState state = OutboxState::sent;
  Time next_due{};  ///< for `waiting`
  int attempts = 0;
  std::string error{};
  std::string provider_id{};
  bool goes_on = true;         ///< the destination's next row may be sent now
  bool window_closed = false;  ///< the conversation is to learn that nothing may be pushed
  bool peer_gone = false;      ///< or that he is gone
  std::string alarm{};         ///< what the operator has to know; empty: nothing
};

/// How long the next attempt waits, by the exponential rule alone: 1 s, 2 s, 4 s … 1 h, less up to a half by chance, so
/// that what failed together does not come back together.
[[nodiscard]] Millis backoff(int attempts, std::uint64_t random);

/// What `result` means. Pure. `result` is neither NextStep nor CredentialExpired: with those the attempt goes on.
///
/// - Accepted: sent.
/// - RetryAfter: again after the provider's time or the backoff, whichever is later; dead once the row is older than
///   give_up_after or past its `expires`. Those behind it wait, until it has been retrying for kOutboxPassAfter.
/// - Unknown: where the provider knows a repeat by its key, as RetryAfter; else `unknown`, until a receipt comes or an
///   operator decides. It is not sent again.
/// - WindowClosed, PeerGone: the conversation learns it, and the row is planned anew at once (the second time: as
///   RetryAfter). Where there is no conversation: as RetryAfter, and dead.
/// - Rejected: dead.
[[nodiscard]] Verdict weigh(const SendResult& result, const Attempt& attempt);

}  // namespace huiyin::gateway
