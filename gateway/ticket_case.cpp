#include "gateway/ticket_case.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "gateway/owner_notices.h"
#include "tickets/audit.h"

namespace huiyin::gateway {
namespace {

using tickets::ActionKind;
using tickets::Receiver;
using tickets::Role;

constexpr int kMomentsApart = 64;

bool is_result_untold(const Ticket& ticket, const std::vector<HistoryRow>& history) {
  return ticket.status == TicketStatus::resolved && !is_result_told(history);
}

std::vector<Receiver> receivers(std::initializer_list<Receiver::Kind> kinds) {
  std::vector<Receiver> out;
  for (const auto kind : kinds) out.push_back({.kind = kind, .destination = {}});
  return out;
}

}  // namespace

bool is_result_told(const std::vector<HistoryRow>& history) {
  for (auto row = history.rbegin(); row != history.rend(); ++row) {
    if (row->action == to_string(ActionKind::complete)) return false;
    if (row->action == to_string(ActionKind::survey) &&
        (row->text.starts_with(kNoteAsked) || row->text.starts_with(kNoteTold)))
      return true;
  }
  return true;
}

Timer ticket_timer(TicketId ticket, Time due) {
  return {.id = TimerId{ticket.value}, .due = due, .kind = kTicketTimer, .subject = std::to_string(ticket.value)};
}

Time soon(Time now, UnitId unit) { return now + Millis(1 + unit.value % kMomentsApart); }

void put_ticket(const Office& office, Ticket ticket, UnitOfWork& unit) {
  // What is over is nobody's duplicate: however many there were, a search meets the open ones alone.
  ticket.matter = tickets::is_active(ticket.status) ? tickets::matter_of(ticket, office.duplicates) : 0;
  const auto at = std::find_if(unit.tickets.begin(), unit.tickets.end(),
                               [&](const Ticket& known) { return known.id == ticket.id; });
  if (at == unit.tickets.end())
    unit.tickets.push_back(std::move(ticket));
  else
    *at = std::move(ticket);
}

TicketCase::TicketCase(const Office& office, Ticket ticket, const Snapshot& snapshot, const Supplies& supplies,
                       UnitOfWork& unit)
    : office_(office),
      snapshot_(snapshot),
      supplies_(supplies),
      unit_(unit),
      site_(office.site_of(ticket.estate)),
      ticket_(std::move(ticket)),
      crew_(crew_of(office, ticket_, snapshot, supplies.now)) {
  const auto add = [&](const std::vector<HistoryRow>& rows) {
    for (const auto& row : rows)
      if (row.ticket == ticket_.id) history_.push_back(row);
  };
  add(snapshot.history);
  add(unit.history);
  if (ticket_.version == 0) set_deadlines();
}

TicketCase::TicketCase(const Office& office, tickets::Change opened, const Snapshot& snapshot, const Supplies& supplies,
                       UnitOfWork& unit)
    : TicketCase(office, std::move(opened.ticket), snapshot, supplies, unit) {
  history_.push_back(opened.history);
  unit_.history.push_back(std::move(opened.history));
  set_deadlines();
}

void TicketCase::set_deadlines() {
  ticket_ = tickets::with_deadlines(std::move(ticket_), history_, site_.life.times, site_.life.calendar);
}

tickets::LifeFacts TicketCase::facts() const {
  const bool by_hand = crew_.department == nullptr || crew_.department->mode == tickets::AssignmentMode::dispatcher;
  // Who is there now was not late for it: that we look a moment after it began to wait alarms nobody.
  auto duty = crew_.duty;
  if (!crew_.candidates.empty())
    duty = tickets::deadlines(ticket_, history_, site_.life.times, site_.life.calendar).waiting_since;
  return {.ticket = ticket_, .history = history_, .survey = survey(), .duty = duty, .by_hand = by_hand};
}

std::optional<Survey> TicketCase::survey() const {
  std::optional<Survey> newest;
  const auto look = [&](const std::vector<Survey>& surveys) {
    for (const auto& one : surveys)
      if (one.ticket == ticket_.id && (!newest || one.closing >= newest->closing)) newest = one;
  };
  look(snapshot_.surveys);
  look(unit_.surveys);
  return newest;
}

std::optional<Survey> TicketCase::newest_survey() const {
  std::optional<Survey> newest;
  for (const auto& one : snapshot_.surveys)
    if (one.peer == ticket_.peer && (!newest || one.asked > newest->asked)) newest = one;
  return newest;
}

tl::expected<void, tickets::Refusal> TicketCase::act(const tickets::Action& action, const tickets::Doer& doer) {
  // Taps that follow each other closely are one urging: nobody is told, no row is written.
  if (action.kind == ActionKind::urge && !tickets::weigh_urging(history_, supplies_.now, office_.urging).counts)
    return {};
  const auto before = ticket_;
  auto change = tickets::apply(ticket_, action, supplies_.ids->next<HistoryId>(), doer, supplies_.now, office_.rules);
  if (!change) return tl::unexpected(std::move(change.error()));
  ticket_ = std::move(change->ticket);
  history_.push_back(change->history);
  unit_.history.push_back(std::move(change->history));
  if (action.kind == ActionKind::merge) take_merged_along(doer);
  if (ticket_.department != before.department) crew_ = crew_of(office_, ticket_, snapshot_, supplies_.now);
  set_deadlines();
  tell_owner(office_, ticket_, history_, snapshot_, supplies_, unit_);
  tell_others(action, doer, before);
  return {};
}

/// What was merged into this one before goes where it goes: its owner waits for the same.
void TicketCase::take_merged_along(const tickets::Doer& doer) {
  for (const auto& other : snapshot_.merged) {
    if (other.merged_into != ticket_.id || other.id == ticket_.merged_into) continue;
    auto change = tickets::apply(
        other, {.kind = ActionKind::merge, .text = office_.number(ticket_), .target = ticket_.merged_into},
        supplies_.ids->next<HistoryId>(), {.role = Role::system, .delivery_key = doer.delivery_key}, supplies_.now,
        office_.rules);
    if (!change) continue;
    unit_.history.push_back(std::move(change->history));
    unit_.tickets.push_back(std::move(change->ticket));
  }
}

void TicketCase::act_as_system(const tickets::Action& action) {
  const auto done = act(action, {.role = Role::system, .delivery_key = unit_.inbox.key});
  if (!done)
    spdlog::warn("system_action_refused ticket={} action={} why=\"{}\"", office_.number(ticket_),
                 to_string(action.kind), describe(done.error()));
}

bool TicketCase::tell(const tickets::Addressees& to, const StaffNotice& notice) {
  return tell_staff(office_, ticket_, snapshot_, to, notice, supplies_, unit_);
}

bool TicketCase::tell(const std::vector<Receiver>& to, const StaffNotice& notice) {
  return tell(tickets::resolve(to, ticket_, crew_.department, crew_.staff, crew_.on_duty), notice);
}

void TicketCase::put(const Survey& survey) { unit_.surveys.push_back(survey); }

void TicketCase::flag(std::string_view flag) { ticket_.audit = tickets::with_flag(ticket_.audit, flag); }

/// Whom an action concerns beside the owner and the one who acted.
void TicketCase::tell_others(const tickets::Action& action, const tickets::Doer& doer, const Ticket& before) {
  if (doer.role == Role::owner) return tell_of_owner(action, before);
  const bool urgent = ticket_.priority == Priority::urgent;
  const auto* actor = find_staff(snapshot_, StaffId{doer.id});
  const auto who = actor != nullptr ? actor->name : std::string();
  const auto at = office_.clock_time(ticket_, supplies_.now);
  switch (action.kind) {
    case ActionKind::assign:
      if (ticket_.assignee && ticket_.assignee.value != doer.id)
        tell(tickets::Addressees{.staff = {ticket_.assignee}, .destinations = {}},
             {.name = "staff.assigned",
              .data = {{"who", who}, {"text", action.text}},
              .with_card = true,
              .urgent = urgent});
      if (before.assignee && before.assignee != ticket_.assignee && before.assignee.value != doer.id)
        tell(tickets::Addressees{.staff = {before.assignee}, .destinations = {}},
             {.name = "staff.taken_away", .data = {{"who", who}}});
      return;
    case ActionKind::accept: {
      // Those whom it was offered to see who has it; where it was his already, nobody else heard of it.
      if (before.assignee) return;
      auto others = tickets::resolve(receivers({Receiver::Kind::duty, Receiver::Kind::group}), before, crew_.department,
                                     crew_.staff, crew_.on_duty);
      std::erase(others.staff, ticket_.assignee);
      if (!others.is_empty())
        tell(others, {.name = "staff.accepted_by", .data = {{"who", who}, {"at", at}}, .in_place = true});
      return;
    }
    case ActionKind::send_back:
      tell(receivers({Receiver::Kind::dispatcher}), {.name = "staff.sent_back",
                                                     .data = {{"who", who}, {"text", action.text}},
                                                     .with_card = true,
                                                     .urgent = urgent});
      return;
    case ActionKind::ask_call_back:
      tell(site_.life.escalation.call_back_tell,
           {.name = "staff.call_back", .data = {{"text", action.text}}, .with_card = true});
      return;
    default:
      return;
  }
}

void TicketCase::tell_of_owner(const tickets::Action& action, const Ticket& before) {
  const auto tell_holder = [&](const char* name, std::string words) {
    if (!before.assignee) return;  // who gets it reads it all
    tell(tickets::Addressees{.staff = {before.assignee}, .destinations = {}},
         {.name = name, .data = {{"text", std::move(words)}}, .urgent = ticket_.priority == Priority::urgent});
  };
  switch (action.kind) {
    case ActionKind::urge:
      return tell_of_urging();
    case ActionKind::tell:
      return tell_holder("staff.owner_says", action.text);
    case ActionKind::add_details:
      return tell_holder("staff.details_added", action.text.empty() ? action.details.description : action.text);
    case ActionKind::add_photo:
      return tell_holder("staff.photo_from_owner", "");
    case ActionKind::withdraw:
      forget_waiting(ticket_, snapshot_, unit_);
      return tell_holder("staff.withdrawn", action.text);
    case ActionKind::reopen:
      return tell_holder("staff.reopened", action.text);
    case ActionKind::request_human:
      tell(receivers({Receiver::Kind::dispatcher}), {.name = "staff.wants_human", .data = {}, .with_card = true});
      return;
    default:
      return;
  }
}

void TicketCase::tell_of_urging() {
  auto earlier = history_;
  earlier.pop_back();
  const auto urging = tickets::weigh_urging(earlier, supplies_.now, office_.urging);
  tell(urging.tell, {.name = "staff.urged",
                     .data = {{"count", std::to_string(urging.count)}},
                     .with_card = true,
                     .urgent = ticket_.priority == Priority::urgent});
}

void TicketCase::finish(bool at_once) {
  put_ticket(office_, ticket_, unit_);
  if (at_once || is_result_untold(ticket_, history_)) {
    unit_.timers.push_back(ticket_timer(ticket_.id, soon(supplies_.now, unit_.id)));
    return;
  }
  const auto wake = tickets::next_wake(facts(), site_.life, supplies_.now);
  if (wake)
    unit_.timers.push_back(ticket_timer(ticket_.id, std::max(*wake, soon(supplies_.now, unit_.id))));
  else
    unit_.timers_cancelled.push_back(TimerId{ticket_.id.value});
}

}  // namespace huiyin::gateway
