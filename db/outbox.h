#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/session.h"
#include "db/store.h"

namespace huiyin::db {

// The dispatcher's batches and the operator's hand, on one session. All throw SqlError, and may be run again after one.
// Statements name many rows, in power-of-two numbers, so that few are ever prepared.

[[nodiscard]] std::vector<OutboxRow> waiting_rows(Session& session, const std::vector<Peer>& destinations,
                                                  int most_each);
[[nodiscard]] std::vector<Conversation> conversations_of(Session& session, const std::vector<Peer>& peers);
void settle(Session& session, const std::string& owner, const std::vector<OutboxSettlement>& settled,
            const std::vector<ReleasedDestination>& released, Time now);
[[nodiscard]] std::vector<Peer> renew_destinations(Session& session, const std::string& owner,
                                                   const std::vector<Peer>& destinations, Time until);
void bring_forward(Session& session, const std::vector<Peer>& destinations, Time now);

[[nodiscard]] std::optional<OutboxRow> find_outbox(Session& session, OutboxId id);
[[nodiscard]] std::vector<OutboxRow> list_outbox(Session& session, const OutboxFilter& filter);
[[nodiscard]] std::optional<Time> oldest_waiting(Session& session);
/// Inside the caller's transaction: has the destination of `row` looked at when that is due, or earlier where it was to
/// be.
void queue_destination(Session& session, const Peer& destination, OutboxId row, Time due);
[[nodiscard]] bool revise_outbox(Session& session, OutboxId id, OutboxState to, Time now);

}  // namespace huiyin::db
