#include "tickets/service_times.h"

#include <algorithm>
#include <utility>

#include "tickets/state_machine.h"

namespace huiyin::tickets {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

bool is_taken(TicketStatus status) {
  return status == TicketStatus::accepted || status == TicketStatus::in_progress || status == TicketStatus::suspended;
}
bool is_free(TicketStatus status) { return status == TicketStatus::opened || status == TicketStatus::assigned; }
bool is_of(const HistoryRow& row, ActionKind kind) { return row.action == to_string(kind); }
bool starts(const HistoryRow& row) { return row.action == kOpen || is_of(row, ActionKind::reopen); }

/// A time in which the clock stands still; open-ended while it lasts.
struct Pause {
  Time from{};
  std::optional<Time> until{};
};

/// The calendar without the pauses.
class WorkingTime {
 public:
  WorkingTime(const Calendar& calendar, std::vector<Pause> pauses) : calendar_(calendar), pauses_(std::move(pauses)) {}

  /// Nothing where it lies beyond a pause that has no end yet.
  [[nodiscard]] std::optional<Time> add(Time from, Millis duration) const {
    auto left = duration;
    for (const auto& pause : pauses_) {
      if (pause.until && *pause.until <= from) continue;
      const auto worked = calendar_.between(from, pause.from);
      if (pause.from > from && worked >= left) break;
      if (!pause.until) return std::nullopt;
      left -= worked;
      from = std::max(from, *pause.until);
    }
    return calendar_.add(from, left);
  }

  [[nodiscard]] Millis between(Time from, Time until) const {
    auto open = calendar_.between(from, until);
    for (const auto& pause : pauses_) {
      const auto begin = std::max(from, pause.from), end = std::min(until, pause.until.value_or(until));
      open -= calendar_.between(begin, end);
    }
    return open;
  }

 private:
  const Calendar& calendar_;
  std::vector<Pause> pauses_;
};

/// The history of the ticket's round, read once.
struct Round {
  Time started{};
  Time waiting_since{};
  std::optional<Time> responded{}, resolved{};
  std::vector<Pause> pauses{};
  std::vector<std::pair<Time, Priority>> priorities{};  ///< each with its beginning; the first holds from the start
};

Priority raised(Priority priority) {
  return std::max(priority, priority == Priority::low ? Priority::normal : Priority::high);
}

Priority after(const HistoryRow& row, Priority before) {
  if (is_of(row, ActionKind::urge)) return raised(before);
  if (!is_of(row, ActionKind::set_priority)) return before;
  return parse_priority(row.text.substr(0, row.text.find(':'))).value_or(before);
}

void begin(Round& round, Time at, Priority priority) {
  round = {.started = at, .waiting_since = at};
  round.priorities.emplace_back(at, priority);
}

void take(Round& round, const HistoryRow& row) {
  const auto was = round.priorities.back().second;
  if (const auto is = after(row, was); is != was) round.priorities.emplace_back(row.at, is);
  if (is_free(row.to) && !is_free(row.from)) {
    round.waiting_since = row.at;
    round.responded.reset();
  }
  if (!round.responded && !is_free(row.to) && (is_taken(row.to) || row.to == TicketStatus::resolved))
    round.responded = row.at;
  if (row.to == TicketStatus::suspended && row.from != TicketStatus::suspended) round.pauses.push_back({row.at, {}});
  if (row.from == TicketStatus::suspended && row.to != TicketStatus::suspended && !round.pauses.empty())
    round.pauses.back().until = row.at;
  if (row.to == TicketStatus::resolved && row.from != TicketStatus::resolved) round.resolved = row.at;
}

Round read_round(const Ticket& ticket, const std::vector<HistoryRow>& history) {
  Round round;
  begin(round, ticket.opened, first_priority(ticket, history));
  for (const auto& row : history) {
    if (starts(row))
      begin(round, row.at, round.priorities.back().second);
    else
      take(round, row);
  }
  if (round.priorities.back().second != ticket.priority)  // the row says otherwise: what the ticket says holds
    round.priorities.back().second = ticket.priority;
  return round;
}

/// The calendar by which a ticket's time goes: an urgent one's knows no night.
const Calendar& calendar_for(const ServiceRule& rule, const Calendar& calendar) {
  static const Calendar kAlways;
  return rule.round_the_clock ? kAlways : calendar;
}

Millis budget(const ServiceRule& rule, Limit limit) { return limit == Limit::respond ? rule.respond : rule.resolve; }

/// By when, of all the priorities that it had: a rise never gives more time, a fall begins anew.
std::optional<Time> due_by(Limit limit, Time start, const Ticket& ticket, const Round& round, const ServiceTimes& times,
                           const Calendar& calendar) {
  std::optional<Time> due;
  std::optional<Priority> before;
  for (const auto& [since, priority] : round.priorities) {
    const auto& rule = rule_for(times, ticket, priority);
    const WorkingTime working(calendar_for(rule, calendar), round.pauses);
    const bool is_rise = before && priority > *before && since > start;
    const auto by = working.add(is_rise ? since : start, budget(rule, limit));
    due = is_rise && due && by ? std::min(*due, *by) : by;
    before = priority;
  }
  return due;
}

bool has_ended_undone(const Ticket& ticket, const Round& round) { return !is_active(ticket.status) && !round.resolved; }

}  // namespace

ServiceTimes default_service_times() {
  ServiceTimes times;
  times.rules = {
      {.priority = Priority::urgent, .respond = minutes(10), .resolve = hours(4), .round_the_clock = true},
      {.kind = {Category::repair, "elevator"}, .respond = minutes(15), .resolve = hours(8)},
      {.priority = Priority::high, .respond = minutes(20), .resolve = hours(12)},
      {.kind = {Category::security, {}}, .respond = minutes(15), .resolve = hours(8)},
      {.kind = {Category::cleaning, {}}, .respond = minutes(30), .resolve = hours(8)},
      {.kind = {Category::repair, {}}, .respond = minutes(30), .resolve = hours(16)},
      {.kind = {Category::service, {}}, .respond = hours(1), .resolve = hours(24)},
      {.kind = {Category::internal, {}}, .respond = hours(8), .resolve = hours(40)},
  };
  return times;
}

const ServiceRule& rule_for(const ServiceTimes& times, const Ticket& ticket, Priority priority) {
  const auto found = std::find_if(times.rules.begin(), times.rules.end(), [&](const ServiceRule& rule) {
    return fits(rule.kind, ticket) && (!rule.priority || *rule.priority == priority);
  });
  return found == times.rules.end() ? times.otherwise : *found;
}

Priority first_priority(const Ticket& ticket, const std::vector<HistoryRow>& history) {
  const bool is_changed = std::any_of(history.begin(), history.end(), [](const HistoryRow& row) {
    return is_of(row, ActionKind::urge) || is_of(row, ActionKind::set_priority);
  });
  if (!is_changed) return ticket.priority;
  if (!history.empty() && history.front().action == kOpen)
    if (const auto opened = parse_priority(history.front().text)) return *opened;
  return ticket.danger.empty() ? Priority::normal : Priority::urgent;
}

Deadlines deadlines(const Ticket& ticket, const std::vector<HistoryRow>& history, const ServiceTimes& times,
                    const Calendar& calendar) {
  const auto round = read_round(ticket, history);
  Deadlines out{.started = round.started,
                .waiting_since = round.waiting_since,
                .responded = round.responded,
                .resolved = round.resolved,
                .is_paused = ticket.status == TicketStatus::suspended};
  if (has_ended_undone(ticket, round)) return out;
  out.respond_by = due_by(Limit::respond, round.waiting_since, ticket, round, times, calendar);
  out.resolve_by = due_by(Limit::resolve, round.started, ticket, round, times, calendar);
  return out;
}

std::optional<Time> moment_at(Limit limit, int percent, const Ticket& ticket, const std::vector<HistoryRow>& history,
                              const ServiceTimes& times, const Calendar& calendar) {
  const auto round = read_round(ticket, history);
  if (has_ended_undone(ticket, round)) return std::nullopt;
  const auto start = limit == Limit::respond ? round.waiting_since : round.started;
  const auto due = due_by(limit, start, ticket, round, times, calendar);
  if (!due) return std::nullopt;
  const auto& rule = rule_for(times, ticket, ticket.priority);
  const WorkingTime working(calendar_for(rule, calendar), round.pauses);
  const auto whole = working.between(start, *due);
  return working.add(start, whole * percent / 100);
}

Ticket with_deadlines(Ticket ticket, const std::vector<HistoryRow>& history, const ServiceTimes& times,
                      const Calendar& calendar) {
  const auto all = deadlines(ticket, history, times, calendar);
  ticket.respond_by = all.respond_by;
  ticket.resolve_by = all.resolve_by;
  return ticket;
}

}  // namespace huiyin::tickets
