#include "db/reads.h"

#include <algorithm>
#include <bit>
#include <span>

#include "db/rows.h"

namespace huiyin::db {
namespace {

std::string select_from(const Table& table, std::string_view rest) {
  std::string out = "SELECT " + column_list(table) + " FROM ";
  return out.append(table.name).append(" ").append(rest);
}

/// `IN (?,?,?,?)` for at least `count` values: a power of two, so that few statements are ever prepared.
std::string in_list(std::size_t count) { return "IN (" + placeholder_list(std::bit_ceil(count)) + ")"; }

/// Binds the values, the last one again and again up to the power of two.
template <class Values, class Get>
void bind_list(Statement& statement, const Values& values, Get get) {
  const auto places = std::bit_ceil(values.size());
  for (std::size_t i = 0; i < places; ++i) statement.bind(get(values[std::min(i, values.size() - 1)]));
}

/// Calls `action` with at most kMostAtOnce values at a time.
template <class Value, class Action>
void for_each_part(const std::vector<Value>& values, Action action) {
  constexpr std::size_t kMostAtOnce = 128;
  for (std::size_t from = 0; from < values.size(); from += kMostAtOnce)
    action(std::span(values).subspan(from, std::min(kMostAtOnce, values.size() - from)));
}

template <class Read>
auto read_all(Statement& statement, Read read) {
  std::vector<decltype(read(statement))> out;
  statement.query();
  while (statement.next()) out.push_back(read(statement));
  return out;
}

template <class Read>
auto read_one(Statement& statement, Read read) {
  auto rows = read_all(statement, read);
  return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
}

std::optional<Conversation> find_conversation(Session& session, const Peer& peer) {
  static const auto sql = select_from(kConversations, "WHERE channel=? AND address=?");
  return read_one(session.prepare(sql).bind(peer.channel).bind(peer.address), read_conversation);
}

std::optional<Contact> find_contact(Session& session, ContactId id) {
  static const auto sql = select_from(kContacts, "WHERE id=?");
  return read_one(session.prepare(sql).bind(id.value), read_contact);
}

std::vector<Ticket> tickets_of(Session& session, const Peer& peer) {
  static const auto sql = select_from(kTickets, "WHERE channel=? AND address=? ORDER BY id DESC LIMIT ?");
  return read_all(session.prepare(sql).bind(peer.channel).bind(peer.address).bind(Wants::kMaxTickets), read_ticket);
}

std::vector<Ticket> tickets_by_number(Session& session, std::vector<TicketNumber> numbers) {
  numbers.resize(std::min<std::size_t>(numbers.size(), Wants::kMaxTickets));
  auto& statement = session.prepare(select_from(kTickets, "WHERE number " + in_list(numbers.size())));
  bind_list(statement, numbers, [](const TicketNumber& number) { return number.sequence; });
  return read_all(statement, read_ticket);
}

std::vector<HistoryRow> last_changes(Session& session, const std::vector<Ticket>& tickets) {
  auto& statement =
      session.prepare("SELECT " + column_list(kHistory, "h.") +
                      " FROM (SELECT MAX(id) AS id FROM ticket_history WHERE ticket_id " + in_list(tickets.size()) +
                      " AND owner_visible=1 GROUP BY ticket_id) newest JOIN ticket_history h ON h.id=newest.id");
  bind_list(statement, tickets, [](const Ticket& ticket) { return ticket.id.value; });
  return read_all(statement, read_history);
}

std::optional<Survey> open_survey(Session& session, const Peer& peer) {
  static const auto sql =
      select_from(kSurveys, "WHERE channel=? AND address=? AND answered IS NULL ORDER BY id DESC LIMIT 1");
  return read_one(session.prepare(sql).bind(peer.channel).bind(peer.address), read_survey);
}

std::vector<Attachment> attachments_by_id(Session& session, const std::vector<AttachmentId>& ids) {
  auto& statement = session.prepare(select_from(kAttachments, "WHERE id " + in_list(ids.size()) + " ORDER BY id"));
  bind_list(statement, ids, [](AttachmentId id) { return id.value; });
  return read_all(statement, read_attachment);
}

std::vector<Staff> staff_on_duty(Session& session) {
  const auto now = std::string(session.dialect().now());
  auto& statement = session.prepare(
      "SELECT DISTINCT " + column_list(kStaff, "s.") +
      " FROM duties d JOIN staff s ON s.id=d.staff_id WHERE d.until_at>" + now + " AND d.from_at<=" + now +
      " AND d.is_leave=0 AND s.disabled=0 AND NOT EXISTS (SELECT 1 FROM duties a WHERE a.staff_id=s.id"
      " AND a.is_leave=1 AND a.from_at<=" +
      now + " AND a.until_at>" + now + ") ORDER BY s.id");
  auto staff = read_all(statement, read_staff);
  for (auto& one : staff) {
    auto& peers = session.prepare("SELECT channel,address FROM staff_peers WHERE staff_id=? ORDER BY channel,address");
    peers.bind(one.id.value).query();
    while (peers.next()) {
      Peer peer;
      peer.channel = peers.text();
      peer.address = peers.text();
      one.peers.push_back(std::move(peer));
    }
  }
  return staff;
}

}  // namespace

Snapshot read_snapshot(Session& session, const Wants& wants, std::optional<Conversation> conversation) {
  Snapshot out;
  out.conversation = conversation ? std::move(conversation) : find_conversation(session, wants.peer);
  if (wants.contact && out.conversation && out.conversation->contact)
    out.contact = find_contact(session, out.conversation->contact);
  if (wants.tickets) out.tickets = tickets_of(session, wants.peer);
  if (!wants.numbers.empty()) {
    for (auto& ticket : tickets_by_number(session, wants.numbers)) {
      const auto known = [&](const Ticket& other) { return other.id == ticket.id; };
      if (std::none_of(out.tickets.begin(), out.tickets.end(), known)) out.tickets.push_back(std::move(ticket));
    }
  }
  if (!out.tickets.empty()) out.last_changes = last_changes(session, out.tickets);
  if (wants.survey) out.survey = open_survey(session, wants.peer);
  if (wants.attachments && out.conversation && !out.conversation->dialog.attachments.empty())
    out.attachments = attachments_by_id(session, out.conversation->dialog.attachments);
  if (wants.duty) out.on_duty = staff_on_duty(session);
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

std::optional<InboxRecord> find_inbox(Session& session, const std::string& key) {
  static const auto sql = select_from(kInbox, "WHERE delivery_key=?");
  return read_one(session.prepare(sql).bind(key), [](Statement& row) {
    InboxRecord out;
    row.integer();  // the unit's id
    out.row.key = row.text();
    out.row.channel = row.text();
    out.row.peer = row.text();
    out.row.raw = row.text();
    out.row.received = row.time();
    out.row.request_id = row.text();
    out.reply = read_reply(row.optional_text());
    out.reply_moved = row.flag();
    return out;
  });
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
