#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/survey.h"
#include "core/ticket.h"
#include "core/time.h"

namespace huiyin::tickets {

struct SurveyRules {
  bool enabled = true;
  Millis remind_after = std::chrono::hours(20);  ///< within WeChat's 48 hours; 0: never
  Millis expire_after = std::chrono::hours(72);
  Millis close_after = std::chrono::hours(72);      ///< a ticket that is done and whose owner says nothing
  Millis at_most_every = std::chrono::days(14);     ///< one owner is not asked more often …
  int low_score = 2;                                ///< … unless his last score was this or lower
  Millis call_back_within = std::chrono::hours(8);  ///< of open time
};

/// Whether the owner is asked, and why not.
enum class SurveyChoice {
  ask,
  disabled,
  not_done,       ///< it was not completed by anybody's work: withdrawn, merged, out of scope, closed without repair
  internal,       ///< an employee's suggestion is answered, not surveyed
  asked_already,  ///< for this closing
  too_soon,       ///< he was asked within a fortnight, and was content or has not answered
};
[[nodiscard]] std::string_view to_string(SurveyChoice choice);

/// `ticket` and `history` as they are with the completion; `last`: the newest survey of this owner, whatever its
/// ticket.
[[nodiscard]] SurveyChoice choose_survey(const Ticket& ticket, const std::vector<HistoryRow>& history,
                                         const std::optional<Survey>& last, Time now, const SurveyRules& rules);

/// The survey that is asked now; the id is the caller's.
[[nodiscard]] Survey make_survey(SurveyId id, const Ticket& ticket, const std::vector<HistoryRow>& history, Time now,
                                 const SurveyRules& rules);

/// How often the ticket was completed: which closing a survey is about.
[[nodiscard]] int closings(const std::vector<HistoryRow>& history);

/// Waits for an answer still?
[[nodiscard]] bool is_waiting(const Survey& survey, Time now);

/// The text of a history row of action `survey`: `asked 1`.
[[nodiscard]] std::string survey_note(std::string_view what, const Survey& survey);

inline constexpr std::string_view kFixed = "fixed";
inline constexpr std::string_view kPartly = "partly";
inline constexpr std::string_view kNotFixed = "not_fixed";

/// An owner's words while a survey of his waits.
struct SurveyReading {
  enum class Kind {
    answer,
    thanks,        ///< 谢谢, 好的, 👍: says nothing of the result, changes nothing
    out_of_range,  ///< a number that is no score: ask once more
    other,         ///< about something else
  };
  Kind kind = Kind::other;
  std::optional<int> score{};  ///< 1 to 5
  std::string outcome{};       ///< kFixed, kPartly, kNotFixed; empty: not said
  std::string words{};         ///< the rest, as he wrote it
};
/// `5`, `５分`, `五`, `⑤`, `5星`, `很满意`, `4 师傅很好但来晚了`, `没修好，还在漏`, `good`. Bounded by the text; never
/// fails.
[[nodiscard]] SurveyReading read_survey_answer(std::string_view text);

/// What an answer leads to.
struct SurveyOutcome {
  Survey survey{};         ///< with the answer in it
  bool close = false;      ///< the ticket is well: close it
  bool reopen = false;     ///< not repaired: to other hands
  bool call_back = false;  ///< somebody has to call him, within SurveyRules::call_back_within
  bool ask_why = false;    ///< low, and he gave no reason: his next words are it
};
/// `reading` must be an answer. An answer to a survey that was answered adds its words (the reason that was asked for).
[[nodiscard]] SurveyOutcome take_answer(const Survey& survey, const SurveyReading& reading, Time now,
                                        const SurveyRules& rules);

}  // namespace huiyin::tickets
