#include "gateway/timers.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace huiyin::gateway {
namespace {

constexpr auto kDraft = "draft";
constexpr auto kReminder = "gateway.draft_reminder";
// A reminder that comes days after what it reminds of only disturbs.
constexpr auto kReminderLife = std::chrono::hours(24);

bool is_draft_timer(const Event& event) {
  const auto* fired = std::get_if<TimerFired>(&event.body);
  return fired != nullptr && fired->kind == kDraft;
}

bool is_being_filled(const DialogState& state) { return !state.flow.empty() && !state.draft; }

}  // namespace

Timer conversation_timer(ConversationId conversation, std::string kind, Time due) {
  return {.id = TimerId{conversation.value},
          .due = due,
          .kind = std::move(kind),
          .subject = std::to_string(conversation.value)};
}

std::optional<ConversationId> conversation_of_timer(const Timer& timer) {
  std::int64_t id = 0;
  const auto* end = timer.subject.data() + timer.subject.size();
  const auto [rest, error] = std::from_chars(timer.subject.data(), end, id);
  if (error != std::errc{} || rest != end || id <= 0) return std::nullopt;
  return ConversationId{id};
}

std::string key_of(const Timer& timer) {
  return "timer:" + std::to_string(timer.id.value) + ":" + std::to_string(timer.due.time_since_epoch().count());
}

void arm_draft_timer(const Desk& desk, const Event& event, const DialogState& before, const Conversation& after,
                     UnitOfWork& unit) {
  const auto& dialog = after.dialog;
  const auto is_its = [&](TimerId id) { return id.value == after.id.value; };
  const bool set_by_dialog =
      std::any_of(unit.timers.begin(), unit.timers.end(), [&](const Timer& timer) { return is_its(timer.id); }) ||
      std::any_of(unit.timers_cancelled.begin(), unit.timers_cancelled.end(), is_its);
  if (set_by_dialog) return;
  const bool begun = is_being_filled(dialog) && !is_being_filled(before);
  const bool went_on = is_being_filled(dialog) && is_draft_timer(event);
  if ((begun || went_on) && dialog.touched)
    unit.timers.push_back(conversation_timer(after.id, kDraft, *dialog.touched + desk.flow.draft_after));
  else if (is_being_filled(before) && dialog.flow.empty())
    unit.timers_cancelled.push_back(TimerId{after.id.value});
}

std::optional<OutboxRow> remind_of_draft(const Desk& desk, const Event& event, const DialogState& before,
                                         const Conversation& after, const Supplies& supplies) {
  const auto& dialog = after.dialog;
  if (!is_draft_timer(event) || before.draft || !dialog.draft) return std::nullopt;
  if (desk.capabilities.segment > 0) return std::nullopt;  // a reminder that costs; his next message begins anew
  const bool holds_something = !dialog.slots.empty() || !dialog.attachments.empty();
  if (!holds_something || dialog.ticket || after.gone || after.opted_out || after.with_human) return std::nullopt;
  const auto id = supplies.ids->next<OutboxId>();
  OutboxRow row{.id = id, .created = supplies.now, .due = supplies.now, .expires = supplies.now + kReminderLife};
  row.message = {.key = "o" + std::to_string(id.value),
                 .to = after.peer,
                 .template_name = kReminder,
                 .text = desk.renderer->render(kReminder, after.locale, desk.kind, {}),
                 .locale = after.locale};
  return row;
}

}  // namespace huiyin::gateway
