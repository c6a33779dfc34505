#include "gateway/office.h"

#include <algorithm>

#include "tickets/number.h"

namespace huiyin::gateway {

const Site& Office::site_of(EstateId estate) const {
  const auto found = sites.find(estate);
  return found == sites.end() ? elsewhere : found->second;
}

EstateId Office::estate_of(const std::string& channel) const {
  const auto found = channel_estates.find(channel);
  if (found != channel_estates.end() && found->second) return found->second;
  return sites.size() == 1 ? sites.begin()->first : EstateId{};
}

std::string Office::number(const Ticket& ticket) const { return tickets::format_number(ticket.number, prefix); }

std::string Office::clock_time(const Ticket& ticket, Time time) const {
  return format_utc(time + site_of(ticket.estate).utc_offset).substr(5, 11);
}

Crew crew_of(const Office& office, const Ticket& ticket, const Snapshot& snapshot, Time now) {
  Crew crew;
  const auto& calendar = office.site_of(ticket.estate).life.calendar;
  crew.department = tickets::find_department(office.departments, ticket.department);
  for (const auto& one : snapshot.roster) {
    crew.staff.push_back(one.staff);
    crew.duties.insert(crew.duties.end(), one.duties.begin(), one.duties.end());
    const bool could = one.staff.role == StaffRole::agent && one.staff.department == ticket.department;
    if (could) crew.agents.push_back(one.staff);
    if (!tickets::is_on_duty(one.staff, one.duties, calendar, now)) continue;
    crew.on_duty.push_back(one.staff.id);
    if (!could) continue;
    auto& candidate = crew.candidates.emplace_back();
    candidate.staff = one.staff.id;
    candidate.open_tickets = one.load;
    if (one.newest) candidate.last_assigned = time_of_id(one.newest.value);
  }
  crew.duty = tickets::next_duty(crew.agents, crew.duties, calendar, now);
  return crew;
}

const Staff* find_staff(const Snapshot& snapshot, StaffId id) {
  if (!id) return nullptr;
  for (const auto& one : snapshot.roster)
    if (one.staff.id == id) return &one.staff;
  for (const auto& one : snapshot.persons)
    if (one.id == id) return &one;
  return nullptr;
}

bool may_see(const Staff& who, const Ticket& ticket) {
  if (who.estate && ticket.estate != who.estate) return false;
  if (who.role != StaffRole::agent) return true;
  return ticket.assignee == who.id || ticket.department == who.department;
}

void want_case(const Office& office, Time now, Wants& wants) {
  wants.details = true;
  if (!wants.roster && office.sites.size() == 1)
    wants.roster = RosterWants{.estate = office.sites.begin()->first, .at = now};
}

std::optional<Wants> lacks_for_case(const Ticket& ticket, const Snapshot& snapshot, Time now) {
  auto wants = snapshot.read;
  bool lacks = false;
  const auto named = [&] {
    return std::find(wants.ticket_ids.begin(), wants.ticket_ids.end(), ticket.id) != wants.ticket_ids.end() ||
           std::find(wants.numbers.begin(), wants.numbers.end(), ticket.number) != wants.numbers.end();
  };
  if (!named()) {
    wants.ticket_ids.push_back(ticket.id);
    lacks = true;
  }
  if (!wants.details) lacks = wants.details = true;
  if (!wants.roster || wants.roster->estate != ticket.estate) {
    wants.roster = RosterWants{.estate = ticket.estate, .at = now};
    lacks = true;
  }
  return lacks ? std::optional(std::move(wants)) : std::nullopt;
}

}  // namespace huiyin::gateway
