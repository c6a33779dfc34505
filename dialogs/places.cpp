// A place that the estate does not have, or that may be two of them, is asked about before the form goes on.
#include <algorithm>

#include "core/text.h"
#include "dialogs/stepper.h"

namespace huiyin::dialogs {
namespace {

constexpr int kMisses = 2;  // answers that do not help; then the place is taken as it was written, and staff look

}  // namespace

/// False where there is nothing to ask: no place yet, one of the estate's, or one that the owner holds to.
bool Stepper::ask_place(bool again) {
  const auto* field = flow_.find(FieldKind::address);
  const auto slot = field == nullptr ? state_.slots.end() : state_.slots.find(field->name);
  if (slot == state_.slots.end() || slot->second.to_audit) return false;
  const auto doubt = flow_.site.places.doubt(slot->second.value);
  if (!doubt) return false;
  if (again && state_.misses > kMisses) {
    slot->second.to_audit = true;
    return false;
  }
  std::vector<Choice> choices;
  for (const auto& place : doubt->nearest) choices.push_back({place, place});
  ask_engine("place", again, {{"address", slot->second.value}, {"several", doubt->several ? "1" : ""}},
             std::move(choices));
  return true;
}

void Stepper::answer_place() {
  const auto& field = *flow_.find(FieldKind::address);
  auto& slot = state_.slots[field.name];
  const auto doubt = flow_.site.places.doubt(slot.value);
  if (!doubt) return next();
  const auto& nearest = doubt->nearest;
  const auto take = [&](const std::string& place) {
    set(field, {.value = place});
    next();
  };
  if (tapped_ && std::find(nearest.begin(), nearest.end(), *tapped_) != nearest.end()) return take(*tapped_);
  if (const auto ordinal = parse_ordinal(said_.plain.text);
      ordinal && *ordinal >= 1 && static_cast<std::size_t>(*ordinal) <= nearest.size())
    return take(nearest[static_cast<std::size_t>(*ordinal) - 1]);
  if (is("yes") && nearest.size() == 1) return take(nearest.front());
  if (is("keep") || is("yes") || is("skip")) {
    slot.to_audit = true;
    return next();
  }
  const int misses = state_.misses + 1;
  if (said_.address) {
    set(field, slot_of(field.kind, said_.address->value));
    if (!flow_.site.places.doubt(said_.address->value)) return next();
  } else if (absorb(nullptr)) {
    return next();
  }
  state_.misses = misses;
  if (!ask_place(true)) next();
}

}  // namespace huiyin::dialogs
