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

std::vector<StaffId> holders_of(const std::vector<Ticket>& tickets, const std::vector<TicketId>& named) {
  std::vector<StaffId> out;
  for (const auto& ticket : tickets)
    if (ticket.assignee && std::find(named.begin(), named.end(), ticket.id) != named.end() &&
        std::find(out.begin(), out.end(), ticket.assignee) == out.end())
      out.push_back(ticket.assignee);
  return out;
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
  out.persons = staff_by_id(session, holders_of(out.tickets, tickets));
  for (const auto& ticket : out.merged) add_owner(ticket.peer);
  out.owners = conversations_of(session, owners);
}

/// What each agent has in hand.
void add_loads(Session& session, std::vector<Colleague>& roster) {
  static const auto loads = "SELECT s.id,(SELECT COUNT(*) FROM tickets t WHERE t.assignee_id=s.id AND t.status IN " +
                            std::string(kHeld) +
                            "),(SELECT MAX(t.id) FROM tickets t WHERE t.assignee_id=s.id) FROM staff s WHERE s.id ";
  std::unordered_map<std::int64_t, Colleague*> by_id;
  std::vector<StaffId> agents;
  for (auto& one : roster)
    if (one.staff.role == StaffRole::agent) {
      by_id[one.staff.id.value] = &one;
      agents.push_back(one.staff.id);
    }
  for_each_part(agents, [&](const auto& part) {
    Statement& statement = session.prepare(loads + in_list(part.size()));
    bind_list(statement, part, [](StaffId id) { return id.value; });
    statement.query();
    while (statement.next()) {
      auto& colleague = *by_id.at(statement.integer());
      colleague.load = statement.small();
      colleague.newest = statement.id<TicketId>();
    }
  });
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
  static const auto everywhere = select_from(kStaff, "WHERE estate_id IS NULL AND disabled=0");
  static const auto here = select_from(kStaff, "WHERE (estate_id=? OR estate_id IS NULL) AND disabled=0");
  auto& statement = session.prepare(wants.estate ? here : everywhere);
  if (wants.estate) statement.bind(wants.estate.value);
  auto out = read_all(statement, [](Statement& row) {
    Colleague one;
    one.staff = read_staff(row);
    return one;
  });
  if (out.empty()) return out;
  std::sort(out.begin(), out.end(), [](const Colleague& a, const Colleague& b) { return a.staff.id < b.staff.id; });
  if (wants.loads) add_loads(session, out);
  add_peers(session, out, [](Colleague& one) -> Staff& { return one.staff; });
  add_duties(session, out, wants.at);
  return out;
}

/// What an opening looks for is mostly not there: which of it is, is told by the ends of indexes, in one statement.
struct Glance {
  bool staff = false, of_matter = false, of_place = false, of_owner = false;
};

Glance glance(Session& session, const RosterWants* roster, const NearWants& near) {
  std::string sql;
  std::vector<bool*> seen;
  Glance out;
  const auto ask = [&](bool asked, bool& there, std::string_view from) {
    if (!asked) return;
    sql.append(sql.empty() ? "SELECT (SELECT MAX(id) FROM " : ",(SELECT MAX(id) FROM ").append(from).append(")");
    seen.push_back(&there);
  };
  const bool has_owner = !near.owner.address.empty(), in_estate = roster != nullptr && roster->estate;
  ask(near.matter != 0, out.of_matter, "tickets WHERE matter=?");
  ask(bool{near.place}, out.of_place, "tickets WHERE place_id=?");
  ask(has_owner, out.of_owner, "tickets WHERE channel=? AND address=?");
  ask(in_estate, out.staff, "staff WHERE estate_id=?");
  ask(roster != nullptr, out.staff, "staff WHERE estate_id IS NULL");
  if (sql.empty()) return out;
  auto& statement = session.prepare(sql);
  if (near.matter != 0) statement.bind(near.matter);
  if (near.place) statement.bind(near.place.value);
  if (has_owner) statement.bind(near.owner.channel).bind(near.owner.address);
  if (in_estate) statement.bind(roster->estate.value);
  statement.query();
  while (statement.next())
    for (bool* const there : seen) *there |= statement.integer() != 0;
  return out;
}

/// Each by an index of its own.
std::vector<TicketId> ids_near(Session& session, const NearWants& wants, const Glance& there) {
  constexpr auto kNewest = " ORDER BY id DESC LIMIT 200";
  static const auto of_matter = std::string("SELECT id FROM tickets WHERE matter=?") + kNewest;
  static const auto of_place = std::string("SELECT id FROM tickets WHERE place_id=?") + kNewest;
  static const auto of_owner = std::string("SELECT id FROM tickets WHERE channel=? AND address=?") + kNewest;
  std::vector<TicketId> out;
  const auto take = [&](Statement& statement) {
    for (const auto id : read_all(statement, [](Statement& row) { return row.id<TicketId>(); })) out.push_back(id);
  };
  if (there.of_matter) take(session.prepare(of_matter).bind(wants.matter));
  if (there.of_place) take(session.prepare(of_place).bind(wants.place.value));
  if (there.of_owner) take(session.prepare(of_owner).bind(wants.owner.channel).bind(wants.owner.address));
  std::sort(out.begin(), out.end(), std::greater<>());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

constexpr std::size_t kMostNear = std::size_t{3} * Wants::kMaxNear;

std::vector<Ticket> open_tickets(Session& session, const std::vector<TicketId>& ids, Time since) {
  static const std::string open =
      " AND status IN ('opened','assigned','accepted','in_progress','suspended') AND opened>=? ORDER BY id DESC";
  std::vector<Ticket> out;
  for_each_part(ids, [&](const auto& part) {
    auto& statement = session.prepare(select_from(kTickets, "WHERE id " + in_list(part.size()) + open));
    bind_list(statement, part, [](TicketId id) { return id.value; });
    for (auto& ticket : read_all(statement.bind(since), read_ticket))
      if (out.size() < kMostNear) out.push_back(std::move(ticket));
  });
  return out;
}

/// What the first look at a ticket takes: its duplicates, and who could do it.
void read_opening(Session& session, const Wants& wants, Snapshot& out) {
  const auto& near = *wants.near;
  const auto there = glance(session, wants.roster ? &*wants.roster : nullptr, near);
  if (there.staff) out.roster = roster_of(session, *wants.roster);
  out.near = open_tickets(session, ids_near(session, near, there), near.since);
}

}  // namespace

void read_staff_part(Session& session, const Wants& wants, Snapshot& out) {
  if (wants.speaker) out.speaker = staff_of_peer(session, wants.peer);
  if (wants.work && out.speaker) {
    out.work = work_of(session, out.speaker->id);
    if (out.speaker->department) out.queue = queue_of(session, out.speaker->department);
    if (out.speaker->role != StaffRole::agent) add_each_once(desk_of(session, out.speaker->estate), out.queue);
    if (!out.work.empty())
      for (auto& row : last_changes(session, out.work)) out.last_changes.push_back(std::move(row));
  }
  if (wants.details) read_details(session, wants, out);
  if (wants.near)
    read_opening(session, wants, out);
  else if (wants.roster)
    out.roster = roster_of(session, *wants.roster);
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
