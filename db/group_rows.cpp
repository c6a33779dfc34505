// What a group writes, once it is known that all of it may be written: table by table, in the order of their locks.
#include <algorithm>
#include <bit>
#include <charconv>
#include <numeric>
#include <utility>

#include "core/text.h"
#include "db/group_writer.h"
#include "db/receipts.h"

namespace huiyin::db {
namespace {

using Verb = RowStatements::Verb;

constexpr std::string_view kTimerKey = "timer:";

/// `timer:<id>:<due>`: the timer whose firing this unit is. `due` may be milliseconds or as format_utc() writes it.
struct FiredTimer {
  TimerId id;
  std::optional<Time> due;
};

std::optional<FiredTimer> fired_timer(std::string_view key) {
  if (!key.starts_with(kTimerKey)) return std::nullopt;
  key.remove_prefix(kTimerKey.size());
  FiredTimer fired;
  const auto* const end = key.data() + key.size();
  const auto id = std::from_chars(key.data(), end, fired.id.value);
  if (id.ec != std::errc{} || id.ptr == end || *id.ptr != ':') return std::nullopt;
  const std::string_view due(id.ptr + 1, static_cast<std::size_t>(end - id.ptr - 1));
  std::int64_t millis = 0;
  const auto number = std::from_chars(due.data(), end, millis);
  fired.due = number.ec == std::errc{} && number.ptr == end ? Time(Millis(millis)) : parse_utc(due);
  return fired;
}

template <class Row>
std::int64_t version_of(const Row* row) {
  return row->version;
}
std::int64_t version_of(const EncodedUnit* unit) { return unit->unit.conversation->version; }

template <class Row>
auto id_of(const Row* row) {
  return row->id;
}
ConversationId id_of(const EncodedUnit* unit) { return unit->unit.conversation->id; }

}  // namespace

void GroupWriter::send(Statement& statement, Expected expected) {
  session_->send(statement);
  expected.statements = 1;
  expected_.push_back(expected);
}

/// Nothing but a delivery and its conversation is on its way, the one not without the other: most messages.
bool GroupWriter::may_commit_behind() const { return expected_.size() == 2 && expected_.back().chained; }

/// Reads what the statements counted that are on their way, and compares.
void GroupWriter::receive() {
  const auto counts = session_->receive();
  auto at = counts.begin();
  for (const auto& expected : std::exchange(expected_, {})) {
    const auto end = at + static_cast<std::ptrdiff_t>(expected.statements);
    const auto counted = std::accumulate(at, end, std::int64_t{0});
    at = end;
    if (expected.otherwise == Expected::Else::nothing || counted == expected.count) continue;
    if (expected.otherwise == Expected::Else::repeats) throw RepeatsFound();
    if (expected.otherwise == Expected::Else::row_taken) throw RowTaken(expected.table);
    throw VersionsMoved(expected.table);
  }
}

/// Sends `rows` in few statements.
template <class Row, class Bind>
void GroupWriter::put(Verb verb, const Table& table, const std::vector<Row>& rows, Bind bind, Expected expected) {
  if (rows.empty()) return;
  expected.table = table.name;
  expected.statements = 0;
  for (std::size_t from = 0; from < rows.size();) {
    const auto left = rows.size() - from;
    const auto count = RowStatements::chunk(table, left);
    auto& statement = statements_.find(verb, table, count);
    for (std::size_t i = 0; i < count; ++i) bind(statement, rows[from + std::min(i, left - 1)]);
    session_->send(statement);
    ++expected.statements;
    from += std::min(count, left);
  }
  expected_.push_back(expected);
}

/// Writes rows over those that are there.
template <class Row, class Bind>
void GroupWriter::put_over(const Table& table, const std::vector<Row>& rows, Bind bind) {
  put(Verb::upsert, table, rows, bind, {});
}

/// Inserts rows none of which may be there.
template <class Row, class Bind>
void GroupWriter::put_new(const Table& table, const std::vector<Row>& rows, Bind bind) {
  put(Verb::insert_new, table, rows, bind,
      {.otherwise = Expected::Else::row_taken, .count = static_cast<std::int64_t>(rows.size())});
}

/// Writes rows that carry a version, ids ascending. Where they were not `compared` before, the statement does it.
template <class Rows, class Bind>
void GroupWriter::put_versioned(const Table& table, Rows& rows, bool compared, Bind bind) {
  if (rows.empty()) return;
  std::sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) { return id_of(a) < id_of(b); });
  const auto is_new = [](const auto* row) { return version_of(row) == 0; };
  if (!compared) {
    const auto fresh = std::count_if(rows.begin(), rows.end(), is_new);
    const auto changed = static_cast<std::ptrdiff_t>(rows.size()) - fresh;
    put(Verb::advance, table, rows, bind, {.otherwise = Expected::Else::versions_moved, .count = fresh + 2 * changed});
    return;
  }
  const auto split = std::stable_partition(rows.begin(), rows.end(), is_new);
  put_new(table, Rows(rows.begin(), split), bind);
  put_over(table, Rows(split, rows.end()), bind);
}

void GroupWriter::write_inbox(Members& members) {
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return a.unit->unit.inbox.key < b.unit->unit.inbox.key; });
  put(Verb::insert_new, kInbox, members,
      [](Statement& statement, const Member& member) { bind_inbox(statement, *member.unit); },
      {.otherwise = Expected::Else::repeats, .count = static_cast<std::int64_t>(members.size())});
}

void GroupWriter::write_rows(const Members& members, bool compared) {
  for (const auto& member : members) {
    if (member.unit->unit.moves_reply_of.empty()) continue;
    send(session_->prepare("UPDATE inbox SET reply_moved=1 WHERE delivery_key=?")
             .bind(member.unit->unit.moves_reply_of));
  }
  write_conversations(members, compared);
  write_people(members, compared);
  write_tickets(members, compared);
  write_surveys(members, compared);
  write_attachments(members);
  write_outbox(members);
  write_timers(members);
  write_staff(members, compared);
}

void GroupWriter::write_conversations(const Members& members, bool compared) {
  const auto& first = members.front().unit->unit.conversation;
  if (members.size() == 1 && first && first->version != 0) {
    if (compared) return;  // it was written by that
    const bool chained = expected_.size() == 1 && !session_->dialect().counted_one().empty();
    send(update_alone(members.front(), chained),
         {.otherwise = Expected::Else::versions_moved, .count = 1, .table = kConversations.name, .chained = chained});
    return;
  }
  std::vector<const EncodedUnit*> conversations;
  for (const auto& member : members) {
    if (member.unit->unit.conversation) conversations.push_back(member.unit);
  }
  put_versioned(kConversations, conversations, compared,
                [](Statement& statement, const EncodedUnit* unit) { bind_conversation(statement, *unit); });
}

void GroupWriter::write_people(const Members& members, bool compared) {
  std::vector<const Contact*> contacts;
  std::vector<const VerifiedPeer*> peers;
  std::vector<const SentCode*> codes;
  for (const auto& member : members) {
    for (const auto& contact : member.unit->unit.contacts) contacts.push_back(&contact);
    for (const auto& peer : member.unit->unit.verified_peers) peers.push_back(&peer);
    for (const auto& code : member.unit->unit.codes) codes.push_back(&code);
  }
  std::sort(peers.begin(), peers.end(), [](const auto* a, const auto* b) { return a->peer < b->peer; });
  put_versioned(kContacts, contacts, compared,
                [](Statement& statement, const Contact* contact) { bind_contact(statement, *contact); });
  put_over(kContactPeers, peers,
           [](Statement& statement, const VerifiedPeer* peer) { bind_verified_peer(statement, *peer); });
  put_new(kPhoneCodes, codes, [](Statement& statement, const SentCode* code) { bind_sent_code(statement, *code); });
}

void GroupWriter::write_tickets(const Members& members, bool compared) {
  std::vector<const Ticket*> tickets;
  std::vector<const HistoryRow*> history;
  for (const auto& member : members) {
    for (const auto& ticket : member.unit->unit.tickets) tickets.push_back(&ticket);
    for (const auto& row : member.unit->unit.history) history.push_back(&row);
  }
  put_versioned(kTickets, tickets, compared,
                [](Statement& statement, const Ticket* ticket) { bind_ticket(statement, *ticket); });
  std::sort(history.begin(), history.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  put_new(kHistory, history, [](Statement& statement, const HistoryRow* row) { bind_history(statement, *row); });
}

void GroupWriter::write_surveys(const Members& members, bool compared) {
  std::vector<const Survey*> surveys;
  for (const auto& member : members) {
    for (const auto& survey : member.unit->unit.surveys) surveys.push_back(&survey);
  }
  put_versioned(kSurveys, surveys, compared,
                [](Statement& statement, const Survey* survey) { bind_survey(statement, *survey); });
}

void GroupWriter::write_attachments(const Members& members) {
  std::vector<const Attachment*> attachments;
  std::vector<const MediaJob*> jobs;
  for (const auto& member : members) {
    for (const auto& attachment : member.unit->unit.attachments) attachments.push_back(&attachment);
    for (const auto& job : member.unit->unit.media_jobs) jobs.push_back(&job);
  }
  std::stable_sort(attachments.begin(), attachments.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  put_over(kAttachments, attachments,
           [](Statement& statement, const Attachment* row) { bind_attachment(statement, *row); });
  put_new(kMediaJobs, jobs, [](Statement& statement, const MediaJob* job) { bind_media_job(statement, *job); });
  end_media_jobs(members);
}

void GroupWriter::end_media_jobs(const Members& members) {
  std::vector<const FetchedMedia*> ended;
  for (const auto& member : members)
    for (const auto& one : member.unit->unit.fetched) ended.push_back(&one);
  std::sort(ended.begin(), ended.end(), [](const auto* a, const auto* b) { return a->attachment < b->attachment; });
  for (const auto* one : ended) {
    if (one->refused.empty()) {
      send(session_->prepare("UPDATE attachments SET sha256=?,mime_type=?,size_bytes=? WHERE id=?")
               .bind(one->sha256)
               .bind(one->mime_type)
               .bind(one->bytes)
               .bind(one->attachment.value));
      send(session_->prepare("DELETE FROM media_jobs WHERE id=?").bind(one->job.value));
    } else {
      send(session_->prepare("UPDATE media_jobs SET due=?,last_error=?,attempts=attempts+1 WHERE id=?")
               .bind(kNeverDue)
               .bind(first_characters(one->refused, kMostMediaErrorCharacters))
               .bind(one->job.value));
    }
  }
}

void GroupWriter::write_outbox(const Members& members) {
  struct Message {
    const OutboxRow* row;
    const EncodedUnit* unit;
    const std::string* json;
  };
  std::vector<Message> messages;
  std::vector<OutboxId> cancelled;
  for (const auto& member : members) {
    const auto& unit = member.unit->unit;
    for (std::size_t i = 0; i < unit.outbox.size(); ++i)
      messages.push_back({&unit.outbox[i], member.unit, &member.unit->messages[i]});
    cancelled.insert(cancelled.end(), unit.outbox_cancelled.begin(), unit.outbox_cancelled.end());
  }
  std::sort(cancelled.begin(), cancelled.end());
  for (const auto id : cancelled) {
    send(session_->prepare("UPDATE outbox SET state='cancelled' WHERE id=? AND state='waiting'").bind(id.value));
  }
  const auto again = apply_receipts(members);
  put_new(kOutbox, messages, [](Statement& statement, const Message& message) {
    bind_outbox(statement, *message.row, *message.json, message.unit->unit.inbox.request_id);
  });
  queue_destinations(members, again);
}

// Last of the outbox, so that the row of a staff group, which many units queue for, is locked only briefly.
void GroupWriter::queue_destinations(const Members& members, const std::vector<OutboxRow>& again) {
  std::vector<const OutboxRow*> rows;
  for (const auto& row : again) rows.push_back(&row);
  for (const auto& member : members) {
    for (const auto& row : member.unit->unit.outbox) {
      if (row.state == OutboxState::waiting) rows.push_back(&row);
    }
  }
  const auto order = [](const OutboxRow* a, const OutboxRow* b) {
    return std::tie(a->message.to.channel, a->message.to.address, a->due) <
           std::tie(b->message.to.channel, b->message.to.address, b->due);
  };
  std::sort(rows.begin(), rows.end(), order);
  rows.erase(std::unique(rows.begin(), rows.end(),
                         [](const auto* a, const auto* b) { return a->message.to == b->message.to; }),
             rows.end());
  put_over(kOutboxQueue, rows, [](Statement& statement, const OutboxRow* row) {
    statement.bind(row->message.to.channel).bind(row->message.to.address).bind(row->id.value).bind(row->due);
  });
}

// What is to be sent again is returned, to be queued.
std::vector<OutboxRow> GroupWriter::apply_receipts(const Members& members) {
  std::vector<HeardReceipt> heard;
  for (const auto& member : members) {
    const auto& inbox = member.unit->unit.inbox;
    for (const auto& receipt : member.unit->unit.receipts) heard.push_back({inbox.channel, receipt, inbox.received});
  }
  return take_receipts(*session_, heard);
}

void GroupWriter::write_timers(const Members& members) {
  std::vector<const Timer*> timers;
  std::vector<TimerId> cancelled;
  for (const auto& member : members) {
    const auto& unit = member.unit->unit;
    if (const auto fired = fired_timer(unit.inbox.key)) {
      // A timer that has been set anew meanwhile stays.
      if (fired->due) {
        send(session_->prepare("DELETE FROM timers WHERE id=? AND due=?").bind(fired->id.value).bind(*fired->due));
      } else {
        send(session_->prepare("DELETE FROM timers WHERE id=?").bind(fired->id.value));
      }
    }
    cancelled.insert(cancelled.end(), unit.timers_cancelled.begin(), unit.timers_cancelled.end());
    for (const auto& timer : unit.timers) timers.push_back(&timer);
  }
  cancel_timers(std::move(cancelled));
  std::stable_sort(timers.begin(), timers.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  put_over(kTimers, timers, [](Statement& statement, const Timer* timer) { bind_timer(statement, *timer); });
}

void GroupWriter::cancel_timers(std::vector<TimerId> cancelled) {
  std::sort(cancelled.begin(), cancelled.end());
  for (std::size_t from = 0; from < cancelled.size(); from += RowStatements::kMostRows) {
    const auto count = std::min(RowStatements::kMostRows, cancelled.size() - from);
    const auto rows = std::bit_ceil(count);  // filled up with the last id, which costs nothing
    auto& statement = session_->prepare("DELETE FROM timers WHERE id IN (" + placeholder_list(rows) + ")");
    for (std::size_t i = 0; i < rows; ++i) statement.bind(cancelled[from + std::min(i, count - 1)].value);
    send(statement);
  }
}

void GroupWriter::write_staff(const Members& members, bool compared) {
  std::vector<const Staff*> staff;
  std::vector<const Duty*> duties;
  for (const auto& member : members) {
    for (const auto& one : member.unit->unit.staff) staff.push_back(&one);
    for (const auto& duty : member.unit->unit.duties) duties.push_back(&duty);
  }
  put_versioned(kStaff, staff, compared, [](Statement& statement, const Staff* one) { bind_staff(statement, *one); });
  for (const auto* one : staff) write_staff_peers(*one);
  put_over(kDuties, duties, [](Statement& statement, const Duty* duty) { bind_duty(statement, *duty); });
}

void GroupWriter::write_staff_peers(const Staff& staff) {
  send(session_->prepare("DELETE FROM staff_peers WHERE staff_id=?").bind(staff.id.value));
  std::vector<const Peer*> peers;
  for (const auto& peer : staff.peers) peers.push_back(&peer);
  put_over(kStaffPeers, peers, [&](Statement& statement, const Peer* peer) {
    statement.bind(peer->channel).bind(peer->address).bind(staff.id.value);
  });
}

}  // namespace huiyin::db
