#include "gateway/planner.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adapters/channel.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

// A window that closes before the provider has our request is closed.
constexpr auto kOnItsWay = 5s;
// A push that is gone in a moment cannot be kept for a result that comes in hours.
constexpr auto kTooShortToKeep = 10min;
// He is still looking at the conversation: an answer may go in quiet hours.
constexpr auto kStillThere = 30min;
constexpr std::string_view kBetweenMerged = "\n\n";

template <class List, class Value>
bool contains(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// When the quiet hours end that it is in now; nothing where it is not.
std::optional<Time> end_of_quiet(const SendingRules& rules, Time now) {
  const auto from = rules.quiet_from, until = rules.quiet_until;
  if (from == until) return std::nullopt;
  const auto* zone = date::locate_zone(rules.time_zone);
  const auto local = date::make_zoned(zone, now).get_local_time();
  const auto day = date::floor<date::days>(local);
  const auto minute = local - day;
  const bool over_midnight = from > until;
  const bool quiet = over_midnight ? minute >= from || minute < until : minute >= from && minute < until;
  if (!quiet) return std::nullopt;
  const auto last_day = minute < until ? day : day + date::days(1);
  return std::chrono::time_point_cast<Millis>(
      date::make_zoned(zone, last_day + until, date::choose::earliest).get_sys_time());
}

/// The push ledger while a plan spends of it.
class Ledger {
 public:
  Ledger(std::vector<PushWindow> windows, Time now) : windows_(std::move(windows)), now_(now) {
    std::erase_if(windows_,
                  [now](const PushWindow& open) { return open.expires <= now + kOnItsWay || open.remaining <= 0; });
    std::stable_sort(windows_.begin(), windows_.end(),
                     [](const PushWindow& a, const PushWindow& b) { return a.expires < b.expires; });
  }

  /// Takes one push, of the window that closes first. The last one that can be kept only if `takes_last` says so.
  bool spend(bool takes_last) {
    const auto open =
        std::find_if(windows_.begin(), windows_.end(), [](const PushWindow& window) { return window.remaining > 0; });
    if (open == windows_.end()) return false;
    if (!takes_last && keeps(*open) && left() <= 1) return false;
    --open->remaining;
    spent_ = true;
    return true;
  }

  /// Of all windows.
  [[nodiscard]] int left() const {
    int sum = 0;
    for (const auto& window : windows_) sum += window.remaining;
    return sum;
  }
  [[nodiscard]] bool spent() const { return spent_; }
  [[nodiscard]] std::vector<PushWindow> windows() const {
    auto out = windows_;
    std::erase_if(out, [](const PushWindow& window) { return window.remaining <= 0; });
    return out;
  }

 private:
  [[nodiscard]] bool keeps(const PushWindow& window) const { return window.expires > now_ + kTooShortToKeep; }

  std::vector<PushWindow> windows_;
  Time now_;
  bool spent_ = false;
};

/// May its text be joined with another's?
bool is_plain(const OutboxRow& row) {
  const auto& message = row.message;
  return row.attempts == 0 && !message.text.empty() && message.articles.empty() && message.media.empty() &&
         !message.hand_to_desk;
}

bool can_send(const Carried& carried, const OutboxRow& row) {
  return !carried || is_carried(*carried, row.message.template_name);
}

class Planner {
 public:
  Planner(const SendingRules& rules, const Situation& situation)
      : rules_(rules),
        now_(situation.now),
        conversation_(situation.conversation ? &*situation.conversation : nullptr),
        rows_(situation.rows),
        consents_(conversation_ != nullptr ? conversation_->consents : std::vector<std::string>{}),
        ledger_(conversation_ != nullptr ? conversation_->windows : std::vector<PushWindow>{}, situation.now),
        quiet_until_(end_of_quiet(rules, situation.now)),
        others_(situation.others),
        stand_in_(situation.stand_in) {}

  Plan run();

 private:
  /// Rows that could leave in one push.
  using Group = std::vector<const OutboxRow*>;

  [[nodiscard]] const OtherPeer* elsewhere(const OutboxRow& row) const;
  [[nodiscard]] bool is_result(const OutboxRow& row) const {
    return contains(rules_.result_templates, row.message.template_name);
  }
  [[nodiscard]] bool answers_at_once(const OutboxRow& row) const {
    return row.message.answer && conversation_ != nullptr && conversation_->last_inbound &&
           now_ - *conversation_->last_inbound <= kStillThere;
  }
  [[nodiscard]] bool pulled_by_urgent(std::size_t at) const;
  [[nodiscard]] std::optional<PlanStep> hindrance(std::size_t at) const;
  [[nodiscard]] std::optional<PlanStep> unreachable(const OutboxRow& row) const;
  [[nodiscard]] bool is_worth(const OutboxRow& row, const OtherPeer& other) const;
  [[nodiscard]] PlanStep later(const OutboxRow& row, Time until, std::string why) const;
  [[nodiscard]] bool joins(const Group& group, const OutboxRow& row) const;
  void put(const OutboxRow& row, PlanStep step);
  void wait_behind(const OutboxRow& row);
  void send(const Group& group);
  bool push(const Group& group);
  void other_way(const OutboxRow& row);
  [[nodiscard]] std::optional<SendNow> notice(const OutboxRow& row);

  const SendingRules& rules_;
  const Time now_;
  const Conversation* conversation_;
  const std::vector<OutboxRow>& rows_;
  std::vector<std::string> consents_;
  Ledger ledger_;
  std::optional<Time> quiet_until_;
  const std::vector<OtherPeer>& others_;
  const std::optional<StandIn>& stand_in_;
  std::optional<Time> blocked_until_{};  // by a row that waits and that nothing may overtake
  Plan plan_{};
};

/// The cheapest other peer that the row's text can reach; nullptr where there is none.
const OtherPeer* Planner::elsewhere(const OutboxRow& row) const {
  const OtherPeer* best = nullptr;
  for (const auto& other : others_)
    if (!other.opted_out && can_send(other.carried, row) && (best == nullptr || other.cost < best->cost)) best = &other;
  return best;
}

/// Quiet hours must not keep an urgent message because an ordered one stands before it.
bool Planner::pulled_by_urgent(std::size_t at) const {
  if (!rows_[at].ordered) return false;
  return std::any_of(rows_.begin() + static_cast<std::ptrdiff_t>(at) + 1, rows_.end(),
                     [this](const OutboxRow& row) { return row.urgent && row.due <= now_; });
}

/// It waits; or is given up, where its time will have passed by then.
PlanStep Planner::later(const OutboxRow& row, Time until, std::string why) const {
  if (row.expires && *row.expires <= until)
    return GiveUp{row.id, why + ", and its time has passed by then (" + format_utc(*row.expires) + " UTC)"};
  return SendLater{row.id, std::min(until, row.created + rules_.give_up_after + Millis(1)), std::move(why)};
}

std::optional<PlanStep> Planner::unreachable(const OutboxRow& row) const {
  if (conversation_ == nullptr) return std::nullopt;
  const bool gone = conversation_->gone;
  if (!gone && (!conversation_->opted_out || row.message.answer)) return std::nullopt;
  const std::string why = gone ? "he unfollowed or his address is gone" : "he opted out on this channel";
  if (row.message.answer && !row.urgent) return GiveUp{row.id, why + ", and an answer is not carried elsewhere"};
  const auto* other = elsewhere(row);
  if (other == nullptr) return GiveUp{row.id, why + ", and no other way to him is known"};
  if (!is_worth(row, *other)) return GiveUp{row.id, why + ", and it is not worth another way"};
  return SendElsewhere{row.id, other->peer, why};
}

bool Planner::is_worth(const OutboxRow& row, const OtherPeer& other) const {
  return row.urgent || is_result(row) || (row.ticket && other.cost <= rules_.most_for_ordinary);
}

/// What settles a row before any way is looked for.
std::optional<PlanStep> Planner::hindrance(std::size_t at) const {
  const auto& row = rows_[at];
  if (row.expires && *row.expires <= now_)
    return GiveUp{row.id, "its time has passed (" + format_utc(*row.expires) + " UTC)"};
  if (now_ - row.created > rules_.give_up_after)
    return GiveUp{row.id, fmt::format("not sent within {} hours", rules_.give_up_after.count())};
  const bool shifts = stand_in_ && can_send(stand_in_->carried, row) &&
                      (conversation_ == nullptr || !conversation_->opted_out || row.message.answer);
  if (shifts && (row.due <= now_ || row.attempts > 0))
    return SendElsewhere{row.id, stand_in_->peer, "the provider fails: another channel stands in"};
  if (row.due > now_) return later(row, row.due, "not due yet");
  if (auto step = unreachable(row)) return step;
  if (row.urgent || pulled_by_urgent(at)) return std::nullopt;
  if (conversation_ != nullptr && conversation_->with_human && !is_result(row))
    return later(row, now_ + rules_.look_again, "a person at the provider's desk has the conversation");
  if (quiet_until_ && !answers_at_once(row)) return later(row, *quiet_until_, "quiet hours");
  return std::nullopt;
}

bool Planner::joins(const Group& group, const OutboxRow& row) const {
  if (rules_.max_merged_bytes == 0 || group.empty() || !is_plain(row)) return false;
  std::size_t bytes = row.message.text.size();
  for (const auto* member : group) {
    if (!is_plain(*member) || member->urgent != row.urgent || !member->message.choices.empty()) return false;
    bytes += member->message.text.size() + kBetweenMerged.size();
  }
  return bytes <= rules_.max_merged_bytes;
}

/// The step of one row; what waits may hold up those behind it.
void Planner::put(const OutboxRow& row, PlanStep step) {
  if (const auto* waits = std::get_if<SendLater>(&step); waits != nullptr && !blocked_until_) {
    const bool retrying = row.attempts > 0 && row.due > now_ && now_ - row.created < kOutboxPassAfter;
    if (row.ordered) blocked_until_ = waits->until;
    if (!row.ordered && retrying) blocked_until_ = std::min(waits->until, row.created + kOutboxPassAfter);
  }
  plan_.steps.push_back(std::move(step));
}

bool Planner::push(const Group& group) {
  SendNow step{.message = group.front()->message};
  bool result = false, urgent = false;
  std::string text;
  for (const auto* row : group) {
    step.rows.push_back(row->id);
    result |= is_result(*row);
    urgent |= row->urgent;
    text.append(text.empty() ? "" : kBetweenMerged).append(row->message.text);
  }
  const bool windows = rules_.push_windows && conversation_ != nullptr;
  if (windows && !ledger_.spend(result || urgent)) return false;
  if (group.size() > 1) {
    // The last one's template and choices: what it asks is what he answers.
    auto last = group.back()->message;
    last.key = step.message.key;
    last.text = std::move(text);
    last.answer = step.message.answer;
    step.message = std::move(last);
  }
  step.why =
      windows ? fmt::format("push: {} left of what he allowed{}", ledger_.left(), result ? ", this is the result" : "")
              : "push";
  if (group.size() > 1) step.why += fmt::format("; {} messages merged into one", group.size());
  plan_.steps.emplace_back(std::move(step));
  return true;
}

std::optional<SendNow> Planner::notice(const OutboxRow& row) {
  for (const auto& known : rules_.notices) {
    if (known.template_name != row.message.template_name || row.message.template_name.empty()) continue;
    SendNow step{.rows = {row.id}, .message = row.message, .way = known.way, .template_id = known.template_id};
    if (known.way == Way::template_notice) {
      step.why = "template message: no push is allowed";
      return step;
    }
    const auto consent = std::find(consents_.begin(), consents_.end(), known.template_id);
    if (known.way != Way::subscription || consent == consents_.end()) continue;
    consents_.erase(consent);
    step.why = "subscription notice: no push is allowed, but he agreed to this";
    return step;
  }
  return std::nullopt;
}

/// No push is to be had for this row.
void Planner::other_way(const OutboxRow& row) {
  if (auto step = notice(row)) return put(row, *std::move(step));
  const std::string closed = ledger_.left() > 0 ? "the push that is left is kept for the result" : "no push is allowed";
  const auto* other = elsewhere(row);
  if (other != nullptr && is_worth(row, *other)) return put(row, SendElsewhere{row.id, other->peer, closed});
  put(row, later(row, now_ + rules_.look_again, closed + "; it waits for his next message"));
}

void Planner::wait_behind(const OutboxRow& row) {
  put(row, later(row, std::max(row.due, *blocked_until_), "a message that comes first waits"));
}

void Planner::send(const Group& group) {
  if (group.empty() || push(group)) return;
  for (const auto* row : group) blocked_until_ ? wait_behind(*row) : other_way(*row);
}

Plan Planner::run() {
  Group group;
  const auto flush = [&] { send(std::exchange(group, {})); };
  for (std::size_t at = 0; at < rows_.size(); ++at) {
    const auto& row = rows_[at];
    auto step = hindrance(at);
    if (step && std::holds_alternative<GiveUp>(*step)) {
      put(row, *std::move(step));
      continue;
    }
    if (step || !joins(group, row)) flush();
    if (blocked_until_) {
      wait_behind(row);
    } else if (step) {
      put(row, *std::move(step));
    } else {
      group.push_back(&row);
    }
  }
  flush();
  if (conversation_ != nullptr && (ledger_.spent() || consents_.size() < conversation_->consents.size())) {
    plan_.conversation = *conversation_;
    plan_.conversation->windows = ledger_.windows();
    plan_.conversation->consents = consents_;
  }
  return std::move(plan_);
}

}  // namespace

Plan plan(const SendingRules& rules, const Situation& situation) { return Planner(rules, situation).run(); }

}  // namespace huiyin::gateway
