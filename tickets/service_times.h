#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ticket.h"
#include "core/time.h"
#include "tickets/calendar.h"
#include "tickets/departments.h"

namespace huiyin::tickets {

/// How soon a kind of ticket is taken and done. The first rule that fits decides.
struct ServiceRule {
  KindOfTicket kind{};
  std::optional<Priority> priority{};  ///< none: any
  Millis respond{};
  Millis resolve{};
  bool round_the_clock = false;  ///< the times run at night and on holidays too
};

struct ServiceTimes {
  std::vector<ServiceRule> rules{};
  ServiceRule otherwise{.respond = std::chrono::minutes(30), .resolve = std::chrono::hours(24)};
};

/// What stands without configuration: urgent 10 minutes and 4 hours round the clock; the rest by category.
[[nodiscard]] ServiceTimes default_service_times();

[[nodiscard]] const ServiceRule& rule_for(const ServiceTimes& times, const Ticket& ticket, Priority priority);

/// The times of one ticket, all of them computed from its history.
struct Deadlines {
  Time started{};                    ///< of this round: opened, or reopened
  Time waiting_since{};              ///< since when nobody has it: started, sent back or handed on
  std::optional<Time> respond_by{};  ///< nothing where it is not to be answered (it has ended)
  std::optional<Time> responded{};   ///< when somebody took it, of this round
  std::optional<Time> resolve_by{};  ///< nothing while it is suspended, and where it has ended without being done
  std::optional<Time> resolved{};    ///< when it was done, of this round
  bool is_paused = false;            ///< suspended: the time to resolve stands still
  [[nodiscard]] bool is_respond_met() const { return responded && respond_by && *responded <= *respond_by; }
  [[nodiscard]] bool is_resolve_met() const { return resolved && resolve_by && *resolved <= *resolve_by; }
};

/// `history`: the ticket's rows, oldest first, all of them. The clock starts when it was opened, and anew when it was
/// reopened; it stands still while the ticket is suspended. When the priority rose, the earlier counts of what it was
/// and of the new time from that moment; when it fell, the new time from the start.
[[nodiscard]] Deadlines deadlines(const Ticket& ticket, const std::vector<HistoryRow>& history,
                                  const ServiceTimes& times, const Calendar& calendar);

/// Which of the two times.
enum class Limit { respond, resolve };

/// When so many percent of the time have passed; nothing where that time does not run.
[[nodiscard]] std::optional<Time> moment_at(Limit limit, int percent, const Ticket& ticket,
                                            const std::vector<HistoryRow>& history, const ServiceTimes& times,
                                            const Calendar& calendar);

/// `ticket` with respond_by and resolve_by as they are now: after each change, before it is stored.
[[nodiscard]] Ticket with_deadlines(Ticket ticket, const std::vector<HistoryRow>& history, const ServiceTimes& times,
                                    const Calendar& calendar);

/// The priority with which a ticket was opened, as far as its history tells.
[[nodiscard]] Priority first_priority(const Ticket& ticket, const std::vector<HistoryRow>& history);

}  // namespace huiyin::tickets
