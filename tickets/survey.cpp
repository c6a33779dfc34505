#include "tickets/survey.h"

#include <algorithm>
#include <array>

#include "tickets/state_machine.h"

namespace huiyin::tickets {
namespace {

constexpr std::array<std::string_view, 6> kChoices = {"ask",      "disabled",      "not_done",
                                                      "internal", "asked_already", "too_soon"};

bool was_content(const Survey& survey, const SurveyRules& rules) {
  const bool is_low = survey.score && *survey.score <= rules.low_score;
  return !is_low && (survey.outcome.empty() || survey.outcome == kFixed);
}

}  // namespace

std::string_view to_string(SurveyChoice choice) { return kChoices.at(static_cast<std::size_t>(choice)); }

int closings(const std::vector<HistoryRow>& history) {
  return static_cast<int>(std::count_if(history.begin(), history.end(), [](const HistoryRow& row) {
    return row.action == to_string(ActionKind::complete);
  }));
}

SurveyChoice choose_survey(const Ticket& ticket, const std::vector<HistoryRow>& history,
                           const std::optional<Survey>& last, Time now, const SurveyRules& rules) {
  if (!rules.enabled) return SurveyChoice::disabled;
  if (ticket.category == Category::internal) return SurveyChoice::internal;
  const int closing = closings(history);
  if (ticket.status != TicketStatus::resolved || closing == 0) return SurveyChoice::not_done;
  if (!last) return SurveyChoice::ask;
  if (last->ticket == ticket.id && last->closing >= closing) return SurveyChoice::asked_already;
  const bool is_recent = now - last->asked < rules.at_most_every;
  return is_recent && was_content(*last, rules) ? SurveyChoice::too_soon : SurveyChoice::ask;
}

Survey make_survey(SurveyId id, const Ticket& ticket, const std::vector<HistoryRow>& history, Time now,
                   const SurveyRules& rules) {
  return {.id = id,
          .ticket = ticket.id,
          .peer = ticket.peer,
          .closing = closings(history),
          .asked = now,
          .expires = now + rules.expire_after};
}

bool is_waiting(const Survey& survey, Time now) { return !survey.answered && now < survey.expires; }

std::string survey_note(std::string_view what, const Survey& survey) {
  return std::string(what) + " " + std::to_string(survey.closing);
}

SurveyOutcome take_answer(const Survey& survey, const SurveyReading& reading, Time now, const SurveyRules& rules) {
  SurveyOutcome out{.survey = survey};
  auto& kept = out.survey;
  if (!reading.words.empty()) kept.suggestion += (kept.suggestion.empty() ? "" : "\n") + reading.words;
  if (survey.answered) return out;  // the reason that was asked for
  kept.answered = now;
  kept.score = reading.score;
  kept.outcome = reading.outcome;
  const bool is_low = kept.score && *kept.score <= rules.low_score;
  out.reopen = kept.outcome == kNotFixed;
  out.call_back = out.reopen || is_low || kept.outcome == kPartly;
  out.close = !out.reopen && kept.outcome != kPartly;
  out.ask_why = out.call_back && kept.suggestion.empty();
  return out;
}

}  // namespace huiyin::tickets
