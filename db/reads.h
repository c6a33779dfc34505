#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/session.h"
#include "db/store.h"

namespace huiyin::db {

// What is read, on one session. All throw SqlError.

/// `conversation`: as the cache has it, which is then not read.
[[nodiscard]] Snapshot read_snapshot(Session& session, const Wants& wants, std::optional<Conversation> conversation);

/// Those of `more` that `tickets` lacks, at its end.
void add_each_once(std::vector<Ticket> more, std::vector<Ticket>& tickets);
/// Of each ticket its newest row that the owner may see. `tickets` must not be empty.
[[nodiscard]] std::vector<HistoryRow> last_changes(Session& session, const std::vector<Ticket>& tickets);
[[nodiscard]] std::optional<Ticket> find_ticket(Session& session, TicketNumber number);
[[nodiscard]] std::vector<Ticket> tickets_by_id(Session& session, const std::vector<TicketId>& ids);
[[nodiscard]] std::vector<VerifiedPeer> verified_peers(Session& session, const std::vector<ContactId>& contacts);
[[nodiscard]] std::vector<Ticket> list_tickets(Session& session, const TicketFilter& filter);
[[nodiscard]] std::vector<HistoryRow> history_of(Session& session, TicketId ticket);
[[nodiscard]] std::vector<Attachment> attachments_of(Session& session, TicketId ticket);
[[nodiscard]] std::vector<MediaJobState> media_jobs_of(Session& session, TicketId ticket);
[[nodiscard]] std::optional<Peer> find_peer(Session& session, ConversationId conversation);
[[nodiscard]] InboxRecord read_inbox(Statement& row);
[[nodiscard]] std::optional<InboxRecord> find_inbox(Session& session, const std::string& key);
[[nodiscard]] std::vector<OutboxRow> outbox_of(Session& session, const Peer& destination);
[[nodiscard]] Time server_time(Session& session);

}  // namespace huiyin::db
