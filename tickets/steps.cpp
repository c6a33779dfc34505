#include "tickets/steps.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>

#include "tickets/audit.h"

namespace huiyin::tickets {
namespace {

using Kind = Receiver::Kind;

constexpr std::array<std::string_view, 9> kNames = {"hand_out",      "alarm_unattended", "remind",        "escalate",
                                                    "repeat_urgent", "remind_survey",    "expire_survey", "close",
                                                    "urge_call_back"};
constexpr std::string_view kUrgent = "urgent", kUnattended = "unattended", kSuspended = "suspended",
                           kOverdue = "overdue", kCallBack = "call_back", kReminded = "reminded", kExpired = "expired";
constexpr auto kRetry = std::chrono::minutes(5);
constexpr std::array<std::string_view, 2> kLimits = {"respond", "resolve"};

std::vector<Receiver> receivers(std::initializer_list<Kind> kinds) {
  std::vector<Receiver> out;
  for (const auto kind : kinds) out.push_back({.kind = kind});
  return out;
}

std::string key_of(std::string_view word, int count) { return std::string(word) + " " + std::to_string(count); }

/// The number of a key `respond 75`; 0 for another word's.
int count_in(std::string_view text, std::string_view word) {
  if (!text.starts_with(word) || text.size() <= word.size() || text[word.size()] != ' ') return 0;
  int count = 0;
  const auto digits = text.substr(word.size() + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  return count;
}

bool is_of(const HistoryRow& row, ActionKind kind) { return row.action == to_string(kind); }
bool tells(const HistoryRow& row) { return is_of(row, ActionKind::remind) || is_of(row, ActionKind::escalate); }
bool is_free(TicketStatus status) { return status == TicketStatus::opened || status == TicketStatus::assigned; }

/// One ticket's steps, gathered.
class Planner {
 public:
  Planner(const LifeFacts& facts, const LifeRules& rules)
      : facts_(facts),
        rules_(rules),
        ticket_(facts.ticket),
        history_(facts.history),
        deadlines_(deadlines(ticket_, history_, rules.times, rules.calendar)) {}

  std::vector<Step> run(std::optional<Time> now) {
    now_ = now;
    if (is_active(ticket_.status)) {
      add_handing_out();
      add_ladder(Limit::respond);
      add_ladder(Limit::resolve);
      add_overdue();
      add_urgent();
      add_suspended();
    }
    add_survey();
    add_closing();
    add_call_back();
    std::stable_sort(steps_.begin(), steps_.end(), [](const Step& a, const Step& b) { return a.due < b.due; });
    return std::move(steps_);
  }

 private:
  /// The highest count of `word` that was said since; and when something was said of it last.
  struct Said {
    int count = 0;
    std::optional<Time> last{};
  };
  [[nodiscard]] Said said_since(Time since, std::string_view word) const {
    Said said;
    for (const auto& row : history_)
      if (row.at >= since && tells(row))
        if (const int count = count_in(row.text, word); count > 0) {
          said.count = std::max(said.count, count);
          said.last = row.at;
        }
    return said;
  }
  [[nodiscard]] bool was_noted(const Survey& survey, std::string_view what) const {
    const auto note = survey_note(what, survey);
    return std::any_of(history_.begin(), history_.end(),
                       [&](const HistoryRow& row) { return is_of(row, ActionKind::survey) && row.text == note; });
  }
  [[nodiscard]] std::optional<Time> last_row(ActionKind kind) const {
    const auto found =
        std::find_if(history_.rbegin(), history_.rend(), [kind](const HistoryRow& row) { return is_of(row, kind); });
    return found == history_.rend() ? std::nullopt : std::optional(found->at);
  }
  void add(StepKind kind, Time due, std::string_view word, int count, std::vector<Receiver> tell = {}) {
    steps_.push_back({kind, due, key_of(word, count), std::move(tell), count});
  }

  void add_handing_out();
  void add_ladder(Limit limit);
  void add_overdue();
  void add_urgent();
  void add_suspended();
  void add_survey();
  void add_closing();
  void add_call_back();
  [[nodiscard]] bool was_handed_out() const;

  const LifeFacts& facts_;
  const LifeRules& rules_;
  const Ticket& ticket_;
  const std::vector<HistoryRow>& history_;
  Deadlines deadlines_;
  std::optional<Time> now_{};
  std::vector<Step> steps_{};
};

/// Given to a department or a person in this round, or sent back by one: from then on it is a dispatcher's.
bool Planner::was_handed_out() const {
  return std::any_of(history_.begin(), history_.end(), [&](const HistoryRow& row) {
    return row.at >= deadlines_.started && (is_of(row, ActionKind::assign) || is_of(row, ActionKind::send_back));
  });
}

void Planner::add_handing_out() {
  const bool waits = is_free(ticket_.status) && !ticket_.assignee && !facts_.by_hand && !was_handed_out();
  if (!waits) return;
  if (facts_.duty) add(StepKind::hand_out, std::max(*facts_.duty, deadlines_.waiting_since), "hand_out", 1);
  const bool is_attended = facts_.duty && *facts_.duty <= deadlines_.waiting_since;
  if (!is_attended && said_since(deadlines_.started, kUnattended).count == 0)
    add(StepKind::alarm_unattended, deadlines_.waiting_since, kUnattended, 1, rules_.escalation.unattended_tell);
}

void Planner::add_ladder(Limit limit) {
  const bool runs = limit == Limit::respond ? !deadlines_.responded : !deadlines_.resolved;
  if (!runs) return;
  const auto word = kLimits.at(static_cast<std::size_t>(limit));
  const auto since = limit == Limit::respond ? deadlines_.waiting_since : deadlines_.started;
  const int done = said_since(since, word).count;
  std::optional<Step> overdue;  // the gravest of those that are due together
  for (const auto& rung : rules_.escalation.ladder) {
    if (rung.limit != limit || rung.percent <= done) continue;
    const auto due = moment_at(limit, rung.percent, ticket_, history_, rules_.times, rules_.calendar);
    if (!due) continue;
    const auto kind = rung.percent < 100 ? StepKind::remind : StepKind::escalate;
    if (now_ && *due <= *now_) {
      if (!overdue || rung.percent > overdue->count)
        overdue = Step{kind, *due, key_of(word, rung.percent), rung.tell, rung.percent};
    } else {
      add(kind, *due, word, rung.percent, rung.tell);
    }
  }
  if (overdue) steps_.push_back(*std::move(overdue));
}

/// Past its ladder a ticket is not forgotten either.
void Planner::add_overdue() {
  const auto word = kLimits.at(static_cast<std::size_t>(Limit::resolve));
  if (!deadlines_.resolve_by || deadlines_.is_paused) return;
  const auto last_rung = said_since(deadlines_.started, word);
  const bool has_more =
      std::any_of(rules_.escalation.ladder.begin(), rules_.escalation.ladder.end(),
                  [&](const Rung& rung) { return rung.limit == Limit::resolve && rung.percent > last_rung.count; });
  if (has_more) return;
  const auto said = said_since(deadlines_.started, kOverdue);
  const auto since = std::max({*deadlines_.resolve_by, last_rung.last.value_or(*deadlines_.resolve_by),
                               said.last.value_or(*deadlines_.resolve_by)});
  add(StepKind::escalate, rules_.calendar.next_open(since + rules_.escalation.overdue_every), kOverdue, said.count + 1,
      rules_.escalation.overdue_tell);
}

void Planner::add_urgent() {
  if (ticket_.priority != Priority::urgent || !is_free(ticket_.status)) return;
  const auto& how = rules_.escalation;
  if (how.urgent_tell.empty()) return;
  const auto said = said_since(deadlines_.waiting_since, kUrgent);
  const bool is_at_top = static_cast<std::size_t>(said.count) + 1 >= how.urgent_tell.size();
  const auto since = std::max(said.last.value_or(deadlines_.waiting_since), deadlines_.waiting_since);
  // The first were told when it was handed out.
  const auto level = std::min(static_cast<std::size_t>(said.count) + 1, how.urgent_tell.size() - 1);
  add(StepKind::repeat_urgent, since + (is_at_top ? how.urgent_later : how.urgent_every), kUrgent, said.count + 1,
      how.urgent_tell.at(level));
}

void Planner::add_suspended() {
  if (ticket_.status != TicketStatus::suspended) return;
  const auto since = last_row(ActionKind::suspend).value_or(deadlines_.started);
  const auto said = said_since(since, kSuspended);
  add(StepKind::remind, said.last.value_or(since) + rules_.escalation.suspended_every, kSuspended, said.count + 1,
      rules_.escalation.suspended_tell);
}

void Planner::add_survey() {
  if (!facts_.survey || facts_.survey->answered || was_noted(*facts_.survey, kExpired)) return;
  const auto& survey = *facts_.survey;
  // Work goes on: what was asked about is no longer so.
  const bool is_void = is_active(ticket_.status) ||
                       !(ticket_.status == TicketStatus::resolved || ticket_.status == TicketStatus::closed);
  const auto remind = survey.asked + rules_.survey.remind_after;
  const bool is_reminded = rules_.survey.remind_after == Millis(0) || was_noted(survey, kReminded);
  const bool is_late = now_ && survey.expires <= *now_;
  if (!is_void && !is_reminded && remind < survey.expires && !is_late)
    add(StepKind::remind_survey, remind, kReminded, survey.closing);
  add(StepKind::expire_survey, is_void ? std::max(survey.asked, deadlines_.started) : survey.expires, kExpired,
      survey.closing);
}

void Planner::add_closing() {
  if (ticket_.status != TicketStatus::resolved) return;
  const auto done = deadlines_.resolved.value_or(deadlines_.started);
  add(StepKind::close, done + rules_.survey.close_after, "close", 1);
}

void Planner::add_call_back() {
  if (!has_flag(ticket_.audit, kFlagCallBack)) return;
  const auto asked = last_row(ActionKind::ask_call_back);
  if (!asked) return;
  const auto said = said_since(*asked, kCallBack);
  const auto since = said.last.value_or(*asked);
  add(StepKind::urge_call_back, rules_.calendar.add(since, rules_.survey.call_back_within), kCallBack, said.count + 1,
      rules_.escalation.call_back_tell);
}

}  // namespace

EscalationRules default_escalation() {
  EscalationRules rules;
  rules.ladder = {
      {Limit::respond, 75, receivers({Kind::assignee, Kind::group})},
      {Limit::respond, 100, receivers({Kind::assignee, Kind::lead, Kind::dispatcher})},
      {Limit::respond, 200, receivers({Kind::lead, Kind::manager})},
      {Limit::resolve, 75, receivers({Kind::assignee})},
      {Limit::resolve, 100, receivers({Kind::assignee, Kind::lead})},
      {Limit::resolve, 150, receivers({Kind::lead, Kind::manager})},
  };
  rules.urgent_tell = {receivers({Kind::assignee, Kind::duty, Kind::group}),
                       receivers({Kind::duty, Kind::group, Kind::lead, Kind::dispatcher}),
                       receivers({Kind::duty, Kind::group, Kind::lead, Kind::dispatcher, Kind::manager})};
  rules.overdue_tell = receivers({Kind::assignee, Kind::lead});
  rules.unattended_tell = receivers({Kind::dispatcher});
  rules.suspended_tell = receivers({Kind::assignee, Kind::lead});
  rules.call_back_tell = receivers({Kind::lead, Kind::manager});
  return rules;
}

std::string_view to_string(StepKind kind) { return kNames.at(static_cast<std::size_t>(kind)); }

std::vector<Step> pending_steps(const LifeFacts& facts, const LifeRules& rules) {
  return Planner(facts, rules).run(std::nullopt);
}

std::vector<Step> due_now(const LifeFacts& facts, const LifeRules& rules, Time now) {
  auto steps = Planner(facts, rules).run(now);
  std::erase_if(steps, [now](const Step& step) { return step.due > now; });
  return steps;
}

std::optional<Time> next_wake(const LifeFacts& facts, const LifeRules& rules, Time now) {
  std::optional<Time> next;
  for (const auto& step : Planner(facts, rules).run(now)) {
    const auto due = step.due > now ? step.due : now + kRetry;
    if (!next || due < *next) next = due;
  }
  return next;
}

std::optional<Action> action_of(const Step& step) {
  switch (step.kind) {
    case StepKind::hand_out:
      return std::nullopt;
    case StepKind::remind:
      return Action{.kind = ActionKind::remind, .text = step.key};
    case StepKind::alarm_unattended:
    case StepKind::escalate:
    case StepKind::repeat_urgent:
    case StepKind::urge_call_back:
      return Action{.kind = ActionKind::escalate, .text = step.key};
    case StepKind::remind_survey:
    case StepKind::expire_survey:
      return Action{.kind = ActionKind::survey, .text = step.key};
    case StepKind::close:
      return Action{.kind = ActionKind::close};
  }
  return std::nullopt;
}

}  // namespace huiyin::tickets
