#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/survey.h"
#include "core/ticket.h"
#include "core/time.h"
#include "tickets/calendar.h"
#include "tickets/receivers.h"
#include "tickets/service_times.h"
#include "tickets/state_machine.h"
#include "tickets/survey.h"

namespace huiyin::tickets {

/// One rung: when so much of a time has passed, these are told.
struct Rung {
  Limit limit = Limit::respond;
  int percent = 100;  ///< below 100 a reminder, from 100 on an escalation
  std::vector<Receiver> tell{};
};

struct EscalationRules {
  std::vector<Rung> ladder{};
  Millis urgent_every = std::chrono::minutes(5);   ///< an urgent ticket that nobody takes is told again
  Millis urgent_later = std::chrono::minutes(30);  ///< and so often once it has reached the top
  Millis overdue_every = std::chrono::hours(24);   ///< past the ladder's end, in open hours, until it is done
  std::vector<Receiver> overdue_tell{};
  std::vector<std::vector<Receiver>> urgent_tell{};  ///< the first time, the second …; the last for all that follow
  std::vector<Receiver> unattended_tell{};           ///< nobody is on duty who could have it
  Millis suspended_every = std::chrono::hours(72);   ///< a suspended ticket is brought to mind
  std::vector<Receiver> suspended_tell{};
  std::vector<Receiver> call_back_tell{};  ///< the owner was not called back in time
};
[[nodiscard]] EscalationRules default_escalation();

/// All by which a ticket's time goes.
struct LifeRules {
  ServiceTimes times = default_service_times();
  EscalationRules escalation = default_escalation();
  SurveyRules survey{};
  Calendar calendar{};
};

/// What is looked at. The references must outlive it.
struct LifeFacts {
  const Ticket& ticket;
  const std::vector<HistoryRow>& history;  ///< of the ticket, oldest first, all of it
  std::optional<Survey> survey{};          ///< the ticket's newest
  /// For a ticket that nobody has: when somebody who could have it is on duty (next_duty), nothing where that is not
  /// known. Other tickets need it not.
  std::optional<Time> duty{};
  bool by_hand = false;  ///< its department's mode is `dispatcher`, or it has no department: it is not handed out
};

enum class StepKind {
  hand_out,          ///< choose_hands() decides: somebody is on duty
  alarm_unattended,  ///< nobody is on duty: told to the dispatcher
  remind,            ///< a time draws near, or it has been suspended for long
  escalate,          ///< a time has passed
  repeat_urgent,     ///< urgent, and nobody has taken it
  remind_survey,
  expire_survey,
  close,           ///< done, and the owner said nothing
  urge_call_back,  ///< the owner has not been called back in time
};
[[nodiscard]] std::string_view to_string(StepKind kind);

/// Something that falls due in a ticket's life.
struct Step {
  StepKind kind = StepKind::remind;
  Time due{};
  std::string key{};  ///< `respond 75`: the text of the history row by which it is known as done
  std::vector<Receiver> tell{};
  int count = 0;  ///< percent, or how often it was said
};

/// What is still to come, soonest first, as if nothing were late. What was done is read from the history: a step is
/// never due twice. Of what should have been said of one time while nobody looked, the gravest is left and stands for
/// the others.
[[nodiscard]] std::vector<Step> pending_steps(const LifeFacts& facts, const LifeRules& rules);
/// Those of them that are due.
[[nodiscard]] std::vector<Step> due_now(const LifeFacts& facts, const LifeRules& rules, Time now);
/// When the ticket's timer is to fire next, once what was due has been taken; nothing: it needs none. What is due still
/// (it could not be handed out: all have their hands full) is looked at again in five minutes, so that no timer spins.
[[nodiscard]] std::optional<Time> next_wake(const LifeFacts& facts, const LifeRules& rules, Time now);

/// What is done to the ticket, as Role::system, when a step is taken: that writes the row by which it is done. Nothing
/// for `hand_out`: choose_hands() says what; where it says `queue`, take the step alarm_unattended.
[[nodiscard]] std::optional<Action> action_of(const Step& step);

}  // namespace huiyin::tickets
