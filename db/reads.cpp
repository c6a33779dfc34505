#include "db/reads.h"

#include <algorithm>

#include "db/reading.h"
#include "db/rows.h"
#include "db/staff_reads.h"

namespace huiyin::db {
namespace {

std::optional<Conversation> find_conversation(Session& session, const Peer& peer) {
  static const auto sql = select_from(kConversations, "WHERE channel=? AND address=?");
  return read_one(session.prepare(sql).bind(peer.channel).bind(peer.address), read_conversation);
}

std::optional<Contact> find_contact(Session& session, ContactId id) {
  static const auto sql = select_from(kContacts, "WHERE id=?");
  return read_one(session.prepare(sql).bind(id.value), read_contact);
}

std::vector<Ticket> tickets_of(Session& session, const std::vector<Peer>& peers) {
  static const auto sql = select_from(kTickets, "WHERE channel=? AND address=? ORDER BY id DESC LIMIT ?");
  std::vector<Ticket> out;
  for (const auto& peer : peers) {
    auto some =
        read_all(session.prepare(sql).bind(peer.channel).bind(peer.address).bind(Wants::kMaxTickets), read_ticket);
    std::move(some.begin(), some.end(), std::back_inserter(out));
  }
  std::sort(out.begin(), out.end(), [](const Ticket& a, const Ticket& b) { return b.id < a.id; });
  if (out.size() > Wants::kMaxTickets) out.resize(Wants::kMaxTickets);
  return out;
}

/// `peer`, and where it is known for certain whose it is, his others.
std::vector<Peer> peers_of_owner(Session& session, const Peer& peer) {
  constexpr std::size_t kMost = 16;
  std::vector<Peer> out{peer};
  auto& statement = session.prepare(
      "SELECT o.channel,o.address FROM contact_peers p JOIN contact_peers o ON o.contact_id=p.contact_id"
      " WHERE p.channel=? AND p.address=?");
  statement.bind(peer.channel).bind(peer.address).query();
  while (statement.next()) {
    Peer other;
    other.channel = statement.text();
    other.address = statement.text();
    if (!(other == peer) && out.size() < kMost) out.push_back(std::move(other));
  }
  return out;
}

/// The oldest, should there be two.
std::optional<Contact> find_phone_owner(Session& session, const std::string& phone) {
  static const auto sql =
      select_from(kContacts, "WHERE phone=? AND phone_verified=1 AND alias_of IS NULL ORDER BY id LIMIT 1");
  return read_one(session.prepare(sql).bind(phone), read_contact);
}

int count_codes(Session& session, const std::string& phone) {
  const auto day_ago = server_time(session) - std::chrono::hours(24);
  auto& statement = session.prepare("SELECT COUNT(*) FROM phone_codes WHERE phone=? AND sent>?");
  return read_one(statement.bind(phone).bind(day_ago), [](Statement& row) { return static_cast<int>(row.integer()); })
      .value_or(0);
}

std::vector<Ticket> tickets_by_number(Session& session, std::vector<TicketNumber> numbers) {
  numbers.resize(std::min<std::size_t>(numbers.size(), Wants::kMaxTickets));
  auto& statement = session.prepare(select_from(kTickets, "WHERE number " + in_list(numbers.size())));
  bind_list(statement, numbers, [](const TicketNumber& number) { return number.sequence; });
  return read_all(statement, read_ticket);
}

std::optional<Survey> newest_survey(Session& session, const Peer& peer) {
  static const auto sql = select_from(kSurveys, "WHERE channel=? AND address=? ORDER BY id DESC LIMIT 1");
  return read_one(session.prepare(sql).bind(peer.channel).bind(peer.address), read_survey);
}

/// The newest survey of whatever is known to be the same owner's.
std::optional<Survey> newest_survey(Session& session, const Wants& wants, const std::vector<Peer>& own_peers) {
  auto peers = wants.tickets ? own_peers : std::vector<Peer>{wants.peer};
  for (const auto& channel : wants.same_on) peers.push_back({channel, wants.peer.address});
  std::optional<Survey> newest;
  for (const auto& peer : peers)
    if (auto one = newest_survey(session, peer); one && (!newest || newest->id < one->id)) newest = std::move(one);
  return newest;
}

std::vector<Attachment> attachments_by_id(Session& session, const std::vector<AttachmentId>& ids) {
  auto& statement = session.prepare(select_from(kAttachments, "WHERE id " + in_list(ids.size()) + " ORDER BY id"));
  bind_list(statement, ids, [](AttachmentId id) { return id.value; });
  return read_all(statement, read_attachment);
}

}  // namespace

void add_each_once(std::vector<Ticket> more, std::vector<Ticket>& tickets) {
  for (auto& ticket : more) {
    const auto known = [&](const Ticket& other) { return other.id == ticket.id; };
    if (std::none_of(tickets.begin(), tickets.end(), known)) tickets.push_back(std::move(ticket));
  }
}

std::vector<HistoryRow> last_changes(Session& session, const std::vector<Ticket>& tickets) {
  auto& statement =
      session.prepare("SELECT " + column_list(kHistory, "h.") +
                      " FROM (SELECT MAX(id) AS id FROM ticket_history WHERE ticket_id " + in_list(tickets.size()) +
                      " AND owner_visible=1 GROUP BY ticket_id) newest JOIN ticket_history h ON h.id=newest.id");
  bind_list(statement, tickets, [](const Ticket& ticket) { return ticket.id.value; });
  return read_all(statement, read_history);
}

namespace {

/// How far it is with what a ticket was merged into is how far it is with the ticket.
void add_merged_into(Session& session, std::vector<Ticket>& tickets) {
  std::vector<TicketId> ids;
  for (const auto& ticket : tickets)
    if (ticket.merged_into) ids.push_back(ticket.merged_into);
  if (!ids.empty()) add_each_once(tickets_by_id(session, ids), tickets);
}

void read_owner(Session& session, const Wants& wants, Snapshot& out) {
  if (wants.contact && out.conversation && out.conversation->contact)
    out.contact = find_contact(session, out.conversation->contact);
  if (!wants.phone.empty()) {
    out.phone_owner = find_phone_owner(session, wants.phone);
    if (wants.codes) out.codes_sent = count_codes(session, wants.phone);
  }
  if (wants.tickets || !wants.numbers.empty() || !wants.ticket_ids.empty())
    out.own_peers = peers_of_owner(session, wants.peer);
  // He writes from that very number: that proves it, though the peer may be new.
  if (out.own_peers.size() != 1 || !out.phone_owner || wants.phone != wants.peer.address) return;
  for (auto& other : verified_peers(session, {out.phone_owner->id}))
    if (!(other.peer == wants.peer)) out.own_peers.push_back(std::move(other.peer));
}

void read_tickets(Session& session, const Wants& wants, Snapshot& out) {
  if (wants.tickets) out.tickets = tickets_of(session, out.own_peers);
  if (!wants.numbers.empty()) add_each_once(tickets_by_number(session, wants.numbers), out.tickets);
  if (!wants.ticket_ids.empty()) add_each_once(tickets_by_id(session, wants.ticket_ids), out.tickets);
  if (wants.tickets || !wants.numbers.empty()) add_merged_into(session, out.tickets);
  if (!out.tickets.empty()) out.last_changes = last_changes(session, out.tickets);
}

}  // namespace

Snapshot read_snapshot(Session& session, const Wants& wants, std::optional<Conversation> conversation) {
  Snapshot out;
  out.conversation = conversation ? std::move(conversation) : find_conversation(session, wants.peer);
  read_owner(session, wants, out);
  read_tickets(session, wants, out);
  if (wants.survey) out.survey = newest_survey(session, wants, out.own_peers);
  if (wants.attachments && out.conversation && !out.conversation->dialog.attachments.empty())
    out.attachments = attachments_by_id(session, out.conversation->dialog.attachments);
  read_staff_part(session, wants, out);
  return out;
}

std::optional<Ticket> find_ticket(Session& session, TicketNumber number) {
  static const auto sql = select_from(kTickets, "WHERE number=?");
  return read_one(session.prepare(sql).bind(number.sequence), read_ticket);
}

std::vector<Ticket> tickets_by_id(Session& session, const std::vector<TicketId>& ids) {
  std::vector<Ticket> out;
  for_each_part(ids, [&](const auto& part) {
    auto& statement = session.prepare(select_from(kTickets, "WHERE id " + in_list(part.size())));
    bind_list(statement, part, [](TicketId id) { return id.value; });
    for (auto& ticket : read_all(statement, read_ticket)) out.push_back(std::move(ticket));
  });
  return out;
}

std::vector<VerifiedPeer> verified_peers(Session& session, const std::vector<ContactId>& contacts) {
  std::vector<VerifiedPeer> out;
  for_each_part(contacts, [&](const auto& part) {
    Statement& row = session.prepare(select_from(kContactPeers, "WHERE contact_id " + in_list(part.size())));
    bind_list(row, part, [](ContactId id) { return id.value; });
    row.query();
    while (row.next()) {
      auto& one = out.emplace_back();
      one.peer.channel = row.text();
      one.peer.address = row.text();
      one.contact = row.id<ContactId>();
      one.since = row.time();
    }
  });
  return out;
}

std::vector<Ticket> list_tickets(Session& session, const TicketFilter& filter) {
  std::vector<std::string_view> statuses;
  if (filter.status) {
    statuses.push_back(to_string(*filter.status));
  } else if (filter.open_only) {
    for (const auto status : {TicketStatus::opened, TicketStatus::assigned, TicketStatus::accepted,
                              TicketStatus::in_progress, TicketStatus::suspended, TicketStatus::resolved}) {
      statuses.push_back(to_string(status));
    }
  }
  std::string where;
  if (filter.estate) where += "estate_id=?";
  if (!statuses.empty()) where.append(where.empty() ? "" : " AND ").append("status ").append(in_list(statuses.size()));
  auto& statement = session.prepare(
      select_from(kTickets, (where.empty() ? "" : "WHERE " + where + " ") + "ORDER BY id DESC LIMIT ?"));
  if (filter.estate) statement.bind(filter.estate->value);
  if (!statuses.empty()) bind_list(statement, statuses, [](std::string_view status) { return status; });
  statement.bind(std::clamp(filter.limit, 0, 1000));
  return read_all(statement, read_ticket);
}

std::vector<HistoryRow> history_of(Session& session, TicketId ticket) {
  static const auto sql = select_from(kHistory, "WHERE ticket_id=? ORDER BY id");
  return read_all(session.prepare(sql).bind(ticket.value), read_history);
}

std::vector<Attachment> attachments_of(Session& session, TicketId ticket) {
  static const auto sql = select_from(kAttachments, "WHERE ticket_id=? ORDER BY id");
  return read_all(session.prepare(sql).bind(ticket.value), read_attachment);
}

std::vector<MediaJobState> media_jobs_of(Session& session, TicketId ticket) {
  auto& statement = session.prepare(
      "SELECT j.attachment_id,j.attempts,j.last_error,j.due FROM media_jobs j JOIN attachments a ON "
      "a.id=j.attachment_id"
      " WHERE a.ticket_id=? ORDER BY j.attachment_id");
  return read_all(statement.bind(ticket.value), [](Statement& row) {
    MediaJobState out;
    out.attachment = row.id<AttachmentId>();
    out.attempts = row.small();
    out.last_error = row.text();
    out.ended = row.time() >= kNeverDue;
    return out;
  });
}

std::optional<Peer> find_peer(Session& session, ConversationId conversation) {
  auto& statement = session.prepare("SELECT channel,address FROM conversations WHERE id=?").bind(conversation.value);
  return read_one(statement, [](Statement& row) {
    Peer out;
    out.channel = row.text();
    out.address = row.text();
    return out;
  });
}

InboxRecord read_inbox(Statement& row) {
  InboxRecord out;
  out.unit = row.id<UnitId>();
  out.row.key = row.text();
  out.row.channel = row.text();
  out.row.peer = row.text();
  out.row.raw = row.text();
  out.row.received = row.time();
  out.row.request_id = row.text();
  out.reply = read_reply(row.optional_text(), out.row);
  out.reply_moved = row.flag();
  return out;
}

std::optional<InboxRecord> find_inbox(Session& session, const std::string& key) {
  static const auto sql = select_from(kInbox, "WHERE delivery_key=?");
  return read_one(session.prepare(sql).bind(key), read_inbox);
}

std::vector<OutboxRow> outbox_of(Session& session, const Peer& destination) {
  static const auto sql = select_from(kOutbox, "WHERE channel=? AND address=? ORDER BY id");
  return read_all(session.prepare(sql).bind(destination.channel).bind(destination.address), read_outbox);
}

Time server_time(Session& session) {
  auto& statement = session.prepare("SELECT " + std::string(session.dialect().now()));
  const auto now = read_one(statement, [](Statement& row) { return row.time(); });
  if (!now) throw SqlError(SqlError::Kind::broken, 0, "the server does not tell its time");
  return *now;
}

}  // namespace huiyin::db
