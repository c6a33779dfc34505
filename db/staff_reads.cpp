#include "db/staff_reads.h"

#include <unordered_map>

#include "db/outbox.h"
#include "db/reading.h"
#include "db/reads.h"

namespace huiyin::db {
namespace {

constexpr auto kRosterBehind = std::chrono::days(1);
constexpr auto kRosterAhead = std::chrono::days(15);
constexpr int kMostMessages = 50;
constexpr int kMostMerged = 200;  // owners who wait for one repair
constexpr auto kHeld = "('assigned','accepted','in_progress','suspended')";

std::vector<TicketId> named_tickets(const Wants& wants, const Snapshot& snapshot) {
  std::vector<TicketId> out;
  for (const auto& ticket : snapshot.tickets) {
    const auto& ids = wants.ticket_ids;
    const auto& numbers = wants.numbers;
    if (std::find(ids.begin(), ids.end(), ticket.id) != ids.end() ||
        std::find(numbers.begin(), numbers.end(), ticket.number) != numbers.end())
      out.push_back(ticket.id);
  }
  return out;
}

/// Adds their peers to `staff`, each a Staff or something that has one.
template <class Row, class Get>
void add_peers(Session& session, std::vector<Row>& rows, Get staff_of) {
  std::unordered_map<std::int64_t, Staff*> by_id;
  std::vector<StaffId> ids;
  for (auto& row : rows) {
    by_id[staff_of(row).id.value] = &staff_of(row);
    ids.push_back(staff_of(row).id);
  }
  for_each_part(ids, [&](const auto& part) {
    auto& peers = session.prepare("SELECT staff_id,channel,address FROM staff_peers WHERE staff_id " +
                                  in_list(part.size()) + " ORDER BY channel,address");
    bind_list(peers, part, [](StaffId id) { return id.value; });
    peers.query();
    while (peers.next()) {
      auto& staff = *by_id.at(peers.integer());
      Peer peer;
      peer.channel = peers.text();
      peer.address = peers.text();
      staff.peers.push_back(std::move(peer));
    }
  });
}

void add_peers(Session& session, std::vector<Staff>& staff) {
  add_peers(session, staff, [](Staff& one) -> Staff& { return one; });
}

std::optional<Staff> staff_of_peer(Session& session, const Peer& peer) {
  auto& statement = session.prepare("SELECT " + column_list(kStaff, "s.") +
                                    " FROM staff_peers p JOIN staff s ON s.id=p.staff_id"
                                    " WHERE p.channel=? AND p.address=?");
  auto found = read_all(statement.bind(peer.channel).bind(peer.address), read_staff);
  add_peers(session, found);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<Staff> staff_by_id(Session& session, const std::vector<StaffId>& ids) {
  std::vector<Staff> out;
  for_each_part(ids, [&](const auto& part) {
    auto& statement = session.prepare(select_from(kStaff, "WHERE id " + in_list(part.size())));
    bind_list(statement, part, [](StaffId id) { return id.value; });
    for (auto& one : read_all(statement, read_staff)) out.push_back(std::move(one));
  });
  add_peers(session, out);
  return out;
}

std::vector<Ticket> work_of(Session& session, StaffId staff) {
  static const auto sql = select_from(kTickets, "WHERE assignee_id=? AND status IN " + std::string(kHeld) +
                                                    " ORDER BY id LIMIT " + std::to_string(Wants::kMaxWork));
  return read_all(session.prepare(sql).bind(staff.value), read_ticket);
}

std::vector<Ticket> queue_of(Session& session, DepartmentId department) {
  static const auto sql =
      select_from(kTickets,
                  "WHERE department_id=? AND status IN ('opened','assigned') AND assignee_id IS NULL"
                  " ORDER BY id LIMIT " +
                      std::to_string(Wants::kMaxWork));
  return read_all(session.prepare(sql).bind(department.value), read_ticket);
}

/// What waits for a dispatcher, oldest first, and the newest of what was taken for others' business: he may overrule
/// it.
std::vector<Ticket> desk_of(Session& session, EstateId estate) {
  constexpr int kMostOutOfScope = 10;
  const auto read = [&](std::string_view rest) {
    auto& statement = session.prepare(select_from(
        kTickets, std::string(estate ? "WHERE estate_id=? AND " : "WHERE ").append("status=").append(rest)));
    if (estate) statement.bind(estate.value);
    return read_all(statement, read_ticket);
  };
  auto out = read("'opened' AND assignee_id IS NULL ORDER BY id LIMIT " + std::to_string(Wants::kMaxWork));
  for (auto& one : read("'out_of_scope' ORDER BY id DESC LIMIT " + std::to_string(kMostOutOfScope)))
    out.push_back(std::move(one));
  return out;
}

template <class Read>
auto of_tickets(Session& session, const std::vector<TicketId>& tickets, const Table& table, Read read) {
  auto& statement = session.prepare(select_from(table, "WHERE ticket_id " + in_list(tickets.size()) + " ORDER BY id"));
  bind_list(statement, tickets, [](TicketId id) { return id.value; });
  return read_all(statement, read);
}

/// Of the tickets, and the newest that each owner was asked, whichever ticket it is about.
std::vector<Survey> surveys_of(Session& session, const std::vector<TicketId>& tickets, const std::vector<Peer>& peers) {
  auto out = of_tickets(session, tickets, kSurveys, read_survey);
  static const auto newest = select_from(kSurveys, "WHERE channel=? AND address=? ORDER BY id DESC LIMIT 1");
  for (const auto& peer : peers)
    for (auto& one : read_all(session.prepare(newest).bind(peer.channel).bind(peer.address), read_survey))
      if (std::none_of(out.begin(), out.end(), [&](const Survey& known) { return known.id == one.id; }))
        out.push_back(std::move(one));
  return out;
}

std::vector<Ticket> merged_into(Session& session, const std::vector<TicketId>& tickets) {
  auto& statement = session.prepare(select_from(
      kTickets, "WHERE merged_into " + in_list(tickets.size()) + " ORDER BY id LIMIT " + std::to_string(kMostMerged)));
  bind_list(statement, tickets, [](TicketId id) { return id.value; });
  return read_all(statement, read_ticket);
}

/// What still waits, and what was sent and can be changed where it is: the newest first.
std::vector<OutboxRow> messages_of(Session& session, const std::vector<TicketId>& tickets) {
  auto& statement =
      session.prepare(select_from(kOutbox, "WHERE ticket_id " + in_list(tickets.size()) +
                                               " AND (state='waiting' OR"
                                               " (state IN ('sent','delivered') AND provider_id IS NOT NULL))"
                                               " ORDER BY id DESC LIMIT " +
                                               std::to_string(kMostMessages)));
  bind_list(statement, tickets, [](TicketId id) { return id.value; });
  return read_all(statement, read_outbox);
}

void read_details(Session& session, const Wants& wants, Snapshot& out) {
  const auto tickets = named_tickets(wants, out);
  if (tickets.empty()) return;
  out.history = of_tickets(session, tickets, kHistory, read_history);
  out.files = of_tickets(session, tickets, kAttachments, read_attachment);
  out.merged = merged_into(session, tickets);
  out.messages = messages_of(session, tickets);
  std::vector<Peer> owners;
  const auto add_owner = [&](const Peer& peer) {
    if (!peer.address.empty() && std::find(owners.begin(), owners.end(), peer) == owners.end()) owners.push_back(peer);
  };
  for (const auto& ticket : out.tickets)
    if (std::find(tickets.begin(), tickets.end(), ticket.id) != tickets.end()) add_owner(ticket.peer);
  out.surveys = surveys_of(session, tickets, owners);
  for (const auto& ticket : out.merged) add_owner(ticket.peer);
  out.owners = conversations_of(session, owners);
}

/// `where`: which staff.
std::string roster_sql(std::string_view where) {
  return "SELECT " + column_list(kStaff, "s.") +
         ",(SELECT COUNT(*) FROM tickets t WHERE t.assignee_id=s.id AND t.status IN " + kHeld + ")" +
         ",(SELECT MAX(t.id) FROM tickets t WHERE t.assignee_id=s.id) FROM staff s WHERE " + std::string(where) +
         " AND s.disabled=0";
}

Colleague read_colleague(Statement& row) {
  Colleague out;
  out.staff = read_staff(row);
  out.load = row.small();
  out.newest = row.id<TicketId>();
  return out;
}

Duty read_duty(Statement& row) {
  Duty out;
  out.staff = row.id<StaffId>();
  out.from = row.time();
  out.until = row.time();
  out.leave = row.flag();
  return out;
}

void add_duties(Session& session, std::vector<Colleague>& roster, Time at) {
  std::unordered_map<std::int64_t, Colleague*> by_id;
  std::vector<StaffId> ids;
  for (auto& one : roster) {
    by_id[one.staff.id.value] = &one;
    ids.push_back(one.staff.id);
  }
  for_each_part(ids, [&](const auto& part) {
    auto& statement = session.prepare(select_from(
        kDuties, "WHERE staff_id " + in_list(part.size()) + " AND from_at<? AND until_at>? ORDER BY from_at"));
    bind_list(statement, part, [](StaffId id) { return id.value; });
    statement.bind(at + kRosterAhead).bind(at - kRosterBehind);
    for (const auto& duty : read_all(statement, read_duty)) by_id.at(duty.staff.value)->duties.push_back(duty);
  });
}

std::vector<Colleague> roster_of(Session& session, const RosterWants& wants) {
  static const auto everywhere = roster_sql("s.estate_id IS NULL");
  static const auto here = everywhere + " UNION ALL " + roster_sql("s.estate_id=?");
  auto& statement = session.prepare(wants.estate ? here : everywhere);
  if (wants.estate) statement.bind(wants.estate.value);
  auto out = read_all(statement, read_colleague);
  if (out.empty()) return out;
  std::sort(out.begin(), out.end(), [](const Colleague& a, const Colleague& b) { return a.staff.id < b.staff.id; });
  add_peers(session, out, [](Colleague& one) -> Staff& { return one.staff; });
  add_duties(session, out, wants.at);
  return out;
}

/// Each by an index of its own; what two of them find is taken once.
std::vector<Ticket> tickets_near(Session& session, const NearWants& wants) {
  static const std::string rest =
      " AND status IN ('opened','assigned','accepted','in_progress','suspended') AND opened>=?"
      " ORDER BY id DESC LIMIT " +
      std::to_string(Wants::kMaxNear);
  static const auto of_matter = select_from(kTickets, "WHERE matter=?" + rest);
  static const auto of_place = select_from(kTickets, "WHERE place_id=?" + rest);
  static const auto of_owner = select_from(kTickets, "WHERE channel=? AND address=?" + rest);
  std::vector<Ticket> out;
  const auto take = [&](Statement& statement) {
    for (auto& ticket : read_all(statement.bind(wants.since), read_ticket))
      if (std::none_of(out.begin(), out.end(), [&](const Ticket& known) { return known.id == ticket.id; }))
        out.push_back(std::move(ticket));
  };
  if (wants.matter != 0) take(session.prepare(of_matter).bind(wants.matter));
  if (wants.place) take(session.prepare(of_place).bind(wants.place.value));
  if (!wants.owner.address.empty()) take(session.prepare(of_owner).bind(wants.owner.channel).bind(wants.owner.address));
  return out;
}

}  // namespace

void read_staff_part(Session& session, const Wants& wants, Snapshot& out) {
  if (wants.speaker) out.speaker = staff_of_peer(session, wants.peer);
  if (wants.work && out.speaker) {
    out.work = work_of(session, out.speaker->id);
    if (out.speaker->department) out.queue = queue_of(session, out.speaker->department);
    if (out.speaker->role != StaffRole::agent)
      for (auto& one : desk_of(session, out.speaker->estate))
        if (std::find(out.queue.begin(), out.queue.end(), one) == out.queue.end()) out.queue.push_back(std::move(one));
    if (!out.work.empty())
      for (auto& row : last_changes(session, out.work)) out.last_changes.push_back(std::move(row));
  }
  if (wants.details) read_details(session, wants, out);
  if (!wants.persons.empty()) out.persons = staff_by_id(session, wants.persons);
  if (wants.roster) out.roster = roster_of(session, *wants.roster);
  if (wants.near) out.near = tickets_near(session, *wants.near);
}

std::vector<Staff> list_staff(Session& session) {
  static const auto sql = select_from(kStaff, "ORDER BY name,id");
  auto out = read_all(session.prepare(sql), read_staff);
  add_peers(session, out);
  return out;
}

std::vector<Duty> duties_of(Session& session, StaffId staff, Time from) {
  static const auto sql = select_from(kDuties, "WHERE staff_id=? AND until_at>? ORDER BY from_at");
  return read_all(session.prepare(sql).bind(staff.value).bind(from), read_duty);
}

void put_directory(Session& session, const Directory& directory, Time now) {
  Transaction transaction(session);
  for (const auto& one : directory.estates)
    session.prepare(session.dialect().upsert(kEstates, 1))
        .bind(one.id.value)
        .bind(now)
        .bind(one.name)
        .bind(one.title)
        .bind(one.hotline)
        .bind(one.time_zone)
        .run();
  for (const auto& one : directory.departments)
    session.prepare(session.dialect().upsert(kDepartments, 1))
        .bind(one.id.value)
        .bind_null()
        .bind(one.name)
        .bind(one.categories)
        .run();
  transaction.commit();
}

}  // namespace huiyin::db
