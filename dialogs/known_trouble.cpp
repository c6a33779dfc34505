#include "dialogs/known_trouble.h"

#include <algorithm>
#include <iterator>

#include "core/text.h"
#include "dialogs/stepper.h"

namespace huiyin::dialogs {
namespace {

constexpr auto kSlot = "duplicate";  // of the audit's flag; its value: asked, yes, no, unsaid
constexpr auto kQuestion = "known";

}  // namespace

std::optional<Ticket> draft_of(const Flow& flow, const DialogState& state, const Peer& peer) {
  const auto has = [&](const std::string& field) { return state.slots.contains(field); };
  if (state.flow.empty() || state.ticket || !state.danger.empty() || has(kSlot)) return std::nullopt;
  if (!has("category") || !has(flow.find(FieldKind::address)->name) || !has("description")) return std::nullopt;
  return ticket_of(flow, state, peer);
}

void ask_known(const std::string& number, const std::string& status, Turn& turn) {
  const auto last = std::find_if(turn.effects.rbegin(), turn.effects.rend(),
                                 [](const Effect& effect) { return std::holds_alternative<Ask>(effect); });
  if (last == turn.effects.rend()) return;
  *last = Ask{kQuestion, "ask_known", {{"number", number}, {"status", status}}, {}};
  turn.state.slots[kSlot] = {.value = "asked", .shown = number};
  turn.state.asking = kQuestion;
  turn.state.misses = 0;
}

void Stepper::answer_known() {
  const auto ordinal = parse_ordinal(said_.plain.text);
  auto& slot = state_.slots[kSlot];
  if (ordinal == 1 || (!ordinal && is("yes"))) {
    slot.value = "yes";
    return submit();
  }
  if (ordinal == 2 || (!ordinal && is("no"))) {
    slot = {.value = "no", .to_audit = true};
    return go_on_from_known();
  }
  if (command()) return;
  const bool goes_on = absorb(nullptr);
  if (!goes_on && ++state_.misses <= 1) return ask_engine(kQuestion, true);
  if (!goes_on) extend_description(text_);
  state_.slots[kSlot].value = "unsaid";
  go_on_from_known();
}

void Stepper::go_on_from_known() {
  state_.asking.clear();
  next();
}

std::optional<std::string> Stepper::joined_ticket() const {
  const auto slot = state_.slots.find(kSlot);
  return slot != state_.slots.end() && slot->second.value == "yes" ? std::optional(slot->second.shown) : std::nullopt;
}

}  // namespace huiyin::dialogs
