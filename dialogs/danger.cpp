// Danger to life: what to do now and an urgent ticket come first, before any question.
#include "core/text.h"
#include "dialogs/stepper.h"

namespace huiyin::dialogs {
namespace {

constexpr auto kSameDanger = std::chrono::hours{1};  // told again within it, it is the same one: no second ticket

}  // namespace

bool Stepper::danger() {
  const auto* rule = said_.danger.empty() ? nullptr : flow_.find_danger(said_.danger);
  if (rule == nullptr) return false;
  const auto number = flow_.site.emergency_numbers.find(rule->kind);
  const auto ring = number == flow_.site.emergency_numbers.end() ? rule->ring : number->second;
  const bool known = !state_.danger.empty() && state_.touched && now_ - *state_.touched < kSameDanger;
  if (known) {
    Ticket details = ticket();
    details.danger = rule->kind;
    details.priority = Priority::urgent;
    effects_.push_back(ActOnTicket{state_.ticket, "add_details", std::string(trim(text_)), std::move(details)});
    say(rule->say, {{"ring", ring}, {"hotline", flow_.site.hotline}, {"number", state_.ticket_number}});
    say("danger_again", {{"number", state_.ticket_number}});
    reask();
    return true;
  }
  if (!form_active()) begin("");
  state_.draft = false;
  const auto asking = state_.asking;
  const bool had_category = state_.slots.contains("category");
  if (state_.slots.contains("description"))
    extend_description(text_);
  else
    (void)absorb(nullptr);
  if (!state_.slots.contains("description")) extend_description(text_);
  if (!had_category) state_.slots["category"] = {.value = rule->category};
  state_.danger = rule->kind;
  Ticket urgent = ticket();
  add_known(urgent);
  const auto slash = rule->category.find('/');
  urgent.category = parse_category(rule->category.substr(0, slash)).value_or(urgent.category);
  if (slash != std::string::npos) urgent.subcategory = rule->category.substr(slash + 1);
  effects_.insert(effects_.begin(), OpenTicket{std::move(urgent), state_.attachments});
  effects_.insert(effects_.begin() + 1,
                  Say{rule->say, {{"ring", ring}, {"hotline", flow_.site.hotline}, {"number", ""}}});
  opened_ = true;
  notice_at_ = effects_.size();
  state_.ticket = {};
  state_.ticket_number.clear();
  state_.resume.clear();
  if (with_human()) {
    state_.asking = asking;
    return true;
  }
  next();
  return true;
}

void Stepper::flush_details() {
  if (details_due_ && !opened_ && !state_.danger.empty())
    effects_.push_back(ActOnTicket{state_.ticket, "add_details", "", ticket()});
  details_due_ = false;
}

}  // namespace huiyin::dialogs
