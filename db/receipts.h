#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/event.h"
#include "core/outbox.h"
#include "db/session.h"

namespace huiyin::db {

// What receipts do to the outbox. A receipt names our key, or the provider's id, which the row has only when its
// sending has been written down; a receipt may come before that. It is then kept in `early_receipts`, in the
// transaction of its delivery, and its message looked for again. So neither transaction needs to see the other's rows,
// at whatever level of isolation and on whatever node each runs, and the writing down of sendings costs nothing more.

/// Of those kept, more are forgotten, the oldest first.
inline constexpr int kMostEarlyReceipts = 10000;

/// A receipt as it came by a channel.
struct HeardReceipt {
  std::string channel{};
  Receipt receipt{};
  Time received{};
};

/// Inside the caller's transaction: writes what each says into the rows that it names, and keeps those that come too
/// early. Returns the rows that are to be sent again, whose destinations the caller has to queue.
[[nodiscard]] std::vector<OutboxRow> take_receipts(Session& session, const std::vector<HeardReceipt>& heard);

/// Looks for the messages of kept receipts that are due, a few hundred at most, in a transaction of its own. Returns
/// the channel and id of each that is kept no longer: an hour has passed, or there are too many.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> match_early_receipts(Session& session, Time now);

}  // namespace huiyin::db
