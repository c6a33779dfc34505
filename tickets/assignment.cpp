#include "tickets/assignment.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "tickets/state_machine.h"

namespace huiyin::tickets {
namespace {

constexpr std::array<std::string_view, 4> kModes = {"grab", "round_robin", "least_loaded", "dispatcher"};
constexpr auto kLookAhead = std::chrono::days(14);

bool covers(const Duty& duty, Time at) { return duty.from <= at && at < duty.until; }

/// One member's rows of the roster.
struct Roster {
  std::vector<Duty> duty{}, leave{};
};

Roster roster_of(const Staff& member, const std::vector<Duty>& duties) {
  Roster out;
  for (const auto& row : duties)
    if (row.staff == member.id) (row.leave ? out.leave : out.duty).push_back(row);
  return out;
}

bool any_covers(const std::vector<Duty>& rows, Time at) {
  return std::any_of(rows.begin(), rows.end(), [at](const Duty& row) { return covers(row, at); });
}

bool is_working(const Roster& roster, const Calendar& calendar, Time at) {
  if (any_covers(roster.leave, at)) return false;
  return roster.duty.empty() ? calendar.is_open(at) : any_covers(roster.duty, at);
}

/// When he next may begin: only at these moments does the answer of is_working() turn to yes.
std::vector<Time> possible_begins(const Roster& roster, const Calendar& calendar, Time now) {
  std::vector<Time> out = {now};
  for (const auto& row : roster.duty) out.push_back(row.from);
  for (const auto& row : roster.leave) out.push_back(row.until);
  if (roster.duty.empty()) {
    const auto moments = out;
    for (const auto at : moments) out.push_back(calendar.next_open(std::max(at, now)));
  }
  return out;
}

std::optional<Time> next_of(const Staff& member, const std::vector<Duty>& duties, const Calendar& calendar, Time now) {
  if (member.disabled) return std::nullopt;
  const auto roster = roster_of(member, duties);
  std::optional<Time> next;
  for (const auto at : possible_begins(roster, calendar, now))
    if (at >= now && at <= now + kLookAhead && (!next || at < *next) && is_working(roster, calendar, at)) next = at;
  return next;
}

bool contains(const std::vector<StaffId>& list, StaffId id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

/// Who could get it: below his limit, and not of those to avoid where there is somebody else.
std::vector<Candidate> eligible(const Department& department, std::vector<Candidate> candidates,
                                const std::vector<StaffId>& avoid) {
  std::erase_if(candidates, [&](const Candidate& each) {
    return department.most_open > 0 && each.open_tickets >= department.most_open;
  });
  auto others = candidates;
  std::erase_if(others, [&](const Candidate& each) { return contains(avoid, each.staff); });
  return others.empty() ? candidates : others;
}

StaffId longest_waiting(const std::vector<Candidate>& candidates) {
  const auto key = [](const Candidate& each) {
    return std::tuple(each.last_assigned.value_or(Time::min()), each.staff);
  };
  return std::min_element(candidates.begin(), candidates.end(),
                          [&](const auto& a, const auto& b) { return key(a) < key(b); })
      ->staff;
}

StaffId least_loaded(const std::vector<Candidate>& candidates) {
  const auto key = [](const Candidate& each) {
    return std::tuple(each.open_tickets, each.last_assigned.value_or(Time::min()), each.staff);
  };
  return std::min_element(candidates.begin(), candidates.end(),
                          [&](const auto& a, const auto& b) { return key(a) < key(b); })
      ->staff;
}

}  // namespace

std::string_view to_string(AssignmentMode mode) { return kModes.at(static_cast<std::size_t>(mode)); }

std::optional<AssignmentMode> parse_assignment_mode(std::string_view text) {
  const auto* const found = std::find(kModes.begin(), kModes.end(), text);
  if (found == kModes.end()) return std::nullopt;
  return static_cast<AssignmentMode>(found - kModes.begin());
}

const Department* find_department(const std::vector<Department>& departments, DepartmentId id) {
  const auto found =
      std::find_if(departments.begin(), departments.end(), [id](const Department& each) { return each.id == id; });
  return found == departments.end() ? nullptr : &*found;
}

bool is_on_duty(const Staff& member, const std::vector<Duty>& duties, const Calendar& calendar, Time now) {
  return !member.disabled && is_working(roster_of(member, duties), calendar, now);
}

std::vector<StaffId> on_duty(const std::vector<Staff>& staff, const std::vector<Duty>& duties, const Calendar& calendar,
                             Time now) {
  std::vector<StaffId> out;
  for (const auto& member : staff)
    if (is_on_duty(member, duties, calendar, now)) out.push_back(member.id);
  return out;
}

std::optional<Time> next_duty(const std::vector<Staff>& staff, const std::vector<Duty>& duties,
                              const Calendar& calendar, Time now) {
  std::optional<Time> next;
  for (const auto& member : staff)
    if (const auto at = next_of(member, duties, calendar, now); at && (!next || *at < *next)) next = at;
  return next;
}

Assignment choose_hands(const Department& department, std::vector<Candidate> candidates,
                        const std::vector<StaffId>& avoid) {
  using Kind = Assignment::Kind;
  if (department.mode == AssignmentMode::dispatcher) return {.kind = Kind::dispatcher};
  const auto able = eligible(department, std::move(candidates), avoid);
  if (able.empty()) return {.kind = Kind::queue};
  switch (department.mode) {
    case AssignmentMode::grab:
      return {.kind = Kind::offer};
    case AssignmentMode::round_robin:
      return {.kind = Kind::person, .staff = longest_waiting(able)};
    case AssignmentMode::least_loaded:
      return {.kind = Kind::person, .staff = least_loaded(able)};
    case AssignmentMode::dispatcher:
      break;
  }
  return {.kind = Kind::dispatcher};
}

std::vector<StaffId> former_hands(const std::vector<HistoryRow>& history) {
  std::vector<StaffId> seen, former;
  for (const auto& row : history) {
    const bool is_his = row.actor.kind == ActorKind::staff && row.actor.id != 0;
    const bool had_it = row.action == to_string(ActionKind::accept) || row.action == to_string(ActionKind::complete) ||
                        row.action == to_string(ActionKind::send_back);
    if (is_his && had_it && !contains(seen, StaffId{row.actor.id})) seen.push_back(StaffId{row.actor.id});
    const bool ends_round =
        row.action == to_string(ActionKind::reopen) || row.action == to_string(ActionKind::send_back);
    if (ends_round) former = seen;
  }
  return former;
}

const Ticket* first_in_queue(const std::vector<Ticket>& waiting) {
  const auto key = [](const Ticket& ticket) {
    return std::tuple(ticket.priority != Priority::urgent, ticket.opened, ticket.id);
  };
  const auto first =
      std::min_element(waiting.begin(), waiting.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  return first == waiting.end() ? nullptr : &*first;
}

}  // namespace huiyin::tickets
