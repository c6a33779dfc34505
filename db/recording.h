#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "db/store.h"

namespace huiyin::db {

// What is needed to go through stored conversations once more. Each opens a connection of its own, and reads alone.

/// Calls `take` with the deliveries that were received in [from, until), in the order in which they were decided; of
/// `peer` alone where there is one. Ends early where it returns false. What the inbox no longer keeps is not there.
[[nodiscard]] Result<void> read_deliveries(const StoreOptions& options, Time from, Time until,
                                           const std::optional<Peer>& peer,
                                           const std::function<bool(const InboxRecord&)>& take);

/// An owner as the tables know him now, and all that was done about his reports.
struct RecordedOwner {
  std::optional<Conversation> conversation{};
  std::optional<Contact> contact{};
  std::vector<Ticket> tickets{};      ///< that he opened from this peer, and those that these were merged into
  std::vector<HistoryRow> history{};  ///< of those, oldest first
  std::vector<Survey> surveys{};      ///< of this peer, oldest first
  std::vector<OutboxRow> answers{};   ///< to what he wrote, as far as they went by the outbox, oldest first
};
[[nodiscard]] Result<RecordedOwner> read_recorded_owner(const StoreOptions& options, const Peer& peer);

}  // namespace huiyin::db
