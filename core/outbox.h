#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.h"
#include "core/message.h"
#include "core/time.h"

namespace huiyin {

/// How a message goes to its destination: the provider's ordinary push, or one of the notices that need a template
/// (and, for a subscription, the owner's consent).
enum class Way { push, subscription, template_notice };

[[nodiscard]] std::string_view to_string(Way way);

enum class OutboxState { waiting, sent, delivered, unknown, dead, cancelled };

[[nodiscard]] std::string_view to_string(OutboxState state);
[[nodiscard]] std::optional<OutboxState> parse_outbox_state(std::string_view text);

/// A message that is owed to somebody. The rows of one destination (channel, address) are sent in id order.
struct OutboxRow {
  OutboxId id{};
  OutboundMessage message{};  ///< message.to is the destination; message.key the idempotency key
  TicketId ticket{};
  Time created{};
  Time due{};
  std::optional<Time> expires{};
  bool ordered = false;  ///< nothing of this destination may overtake it
  bool urgent = false;
  OutboxState state = OutboxState::waiting;
  int attempts = 0;
  std::string last_error{};
  std::string provider_id{};
};

/// A row that has been retrying for so long (since it was created) no longer holds up those behind it, unless it is
/// marked ordered.
inline constexpr std::chrono::minutes kOutboxPassAfter{5};

/// When to send again what was given back although its address is good (a full mailbox): after 1, 4, 16 and 64 hours.
/// Nothing where that has been tried often enough, or would come too late.
[[nodiscard]] std::optional<Time> next_try_after_bounce(const OutboxRow& row, Time now);

/// What became of one row: by the dispatcher after an attempt.
struct OutboxSettlement {
  OutboxId id{};
  OutboxState state = OutboxState::sent;
  Time next_due{};  ///< for `waiting`: when to try again
  int attempts = 0;
  std::string last_error{};
  std::string provider_id{};
  std::optional<OutboundMessage> kept{};  ///< in place of the message, whose words must not stay; nothing: it stays
};

/// A destination that a node gives back.
struct ReleasedDestination {
  Peer destination{};
  std::optional<Time> due{};  ///< when to look at it again; nothing: no row waits any more, as far as the node knows
};

/// A destination taken by a node for a while.
struct LeasedDestination {
  Peer destination{};
  std::string owner{};
  Time lease_expires{};
};

}  // namespace huiyin
