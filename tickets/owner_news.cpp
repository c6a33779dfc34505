#include "tickets/owner_news.h"

#include <algorithm>
#include <array>

#include "tickets/state_machine.h"

namespace huiyin::tickets {
namespace {

constexpr std::array<std::string_view, 13> kNames = {"assigned",     "accepted", "visit",    "progress",  "waiting",
                                                     "result",       "not_done", "reopened", "withdrawn", "in_scope",
                                                     "out_of_scope", "merged",   "message"};

/// What a row would tell, whatever was told before; nothing for what is not the owner's, or his own doing.
std::optional<NewsKind> kind_of(const HistoryRow& row) {
  if (!row.owner_visible || row.actor.kind == ActorKind::owner) return std::nullopt;
  const auto action = parse_action(row.action);
  if (!action) return std::nullopt;
  switch (*action) {
    case ActionKind::assign:
      return NewsKind::assigned;
    case ActionKind::accept:
      return NewsKind::accepted;
    case ActionKind::arrange_visit:
      return NewsKind::visit;
    case ActionKind::progress:
      return NewsKind::progress;
    case ActionKind::suspend:
      return NewsKind::waiting;
    case ActionKind::complete:
      return NewsKind::result;
    case ActionKind::close:  // of what was done he heard when it was
      return row.from == TicketStatus::resolved ? std::nullopt : std::optional(NewsKind::not_done);
    case ActionKind::reopen:
      return row.from == TicketStatus::out_of_scope ? NewsKind::in_scope : NewsKind::reopened;
    case ActionKind::withdraw:
      return NewsKind::withdrawn;
    case ActionKind::mark_out_of_scope:
      return NewsKind::out_of_scope;
    case ActionKind::merge:
      return NewsKind::merged;
    case ActionKind::tell:
      return NewsKind::message;
    case ActionKind::resume:       // that it goes on, he sees by what comes next
    case ActionKind::add_details:  // written down by staff for him
    case ActionKind::add_photo:
    case ActionKind::urge:
    case ActionKind::request_human:
    case ActionKind::inspect:
    case ActionKind::plan:
    case ActionKind::send_back:
    case ActionKind::set_category:
    case ActionKind::set_priority:
    case ActionKind::audit:
    case ActionKind::note:
    case ActionKind::remind:
    case ActionKind::escalate:
    case ActionKind::survey:
    case ActionKind::ask_call_back:
    case ActionKind::call_back:
      return std::nullopt;
  }
  return std::nullopt;
}

bool is_lesser(NewsKind kind) { return kind == NewsKind::assigned || kind == NewsKind::progress; }
/// Ends and answers: whatever was told before.
bool is_always_told(NewsKind kind) {
  return kind != NewsKind::assigned && kind != NewsKind::accepted && kind != NewsKind::visit &&
         kind != NewsKind::progress && kind != NewsKind::waiting;
}

/// What was told in the ticket's round so far.
class Told {
 public:
  explicit Told(const NewsRules& rules) : rules_(&rules) {}

  bool take(NewsKind kind) {
    if (is_always_told(kind)) return true;
    // Who has it is told once; that it moves on to other hands is no news to the owner.
    const bool is_known =
        (kind == NewsKind::assigned && (assigned_ || accepted_)) || (kind == NewsKind::accepted && accepted_);
    assigned_ |= kind == NewsKind::assigned;
    accepted_ |= kind == NewsKind::accepted;
    const int most =
        is_lesser(kind) ? std::min(rules_->most_of_the_lesser, rules_->most_before_result) : rules_->most_before_result;
    if (is_known || pushes_ >= most) return false;
    ++pushes_;
    return true;
  }

 private:
  const NewsRules* rules_;
  bool assigned_ = false, accepted_ = false;
  int pushes_ = 0;
};

bool begins_round(const HistoryRow& row) { return row.action == kOpen || row.action == to_string(ActionKind::reopen); }

bool waits(NewsKind kind) { return is_lesser(kind) || kind == NewsKind::accepted; }

}  // namespace

std::string_view to_string(NewsKind kind) { return kNames.at(static_cast<std::size_t>(kind)); }

std::optional<News> news_of(const Ticket& ticket, const std::vector<HistoryRow>& history, const NewsRules& rules) {
  if (history.empty() || ticket.peer.address.empty()) return std::nullopt;
  auto kind = NewsKind::message;
  bool is_told = false;
  Told told(rules);
  for (const auto& row : history) {
    if (begins_round(row)) told = Told(rules);
    const auto told_by_row = kind_of(row);
    kind = told_by_row.value_or(kind);
    is_told = told_by_row && told.take(*told_by_row);
  }
  if (!is_told) return std::nullopt;
  const bool is_urgent = ticket.priority == Priority::urgent;
  return News{.kind = kind,
              .urgent = is_urgent,
              .is_result = kind == NewsKind::result || kind == NewsKind::not_done,
              .wait = waits(kind) && !is_urgent ? rules.merge_within : Millis(0)};
}

}  // namespace huiyin::tickets
