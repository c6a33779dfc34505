// Changing an answer: at any turn, acknowledged old → new, and on from where it was.
#include <algorithm>

#include "core/text.h"
#include "dialogs/stepper.h"
#include "dialogs/understanding/extract.h"

namespace huiyin::dialogs {

const Field* Stepper::field_of_value(const Correction& correction, std::string_view value) const {
  if (find_phone(value)) return flow_.find(FieldKind::phone);
  if (find_address(value)) return flow_.find(FieldKind::address);
  const auto& origin = said_.plain.origin;
  if (said_.name && said_.name->begin >= origin[correction.begin] && said_.name->end <= origin[correction.end])
    return flow_.find(FieldKind::name);
  return nullptr;
}

std::optional<SlotValue> Stepper::read_value(const Field& field, std::string_view plain, std::string_view given) const {
  const auto whole = std::string(trim(given));
  switch (field.kind) {
    case FieldKind::phone:
      if (const auto found = find_phone(plain))
        return SlotValue{.value = found->value, .shown = shown_phone(found->value)};
      return std::nullopt;
    case FieldKind::address: {
      const auto found = find_address(plain);
      if (found && found->end - found->begin + 6 >= plain.size()) return SlotValue{.value = found->value};
      if (found || looks_like_place(plain, {})) return SlotValue{.value = whole};
      return std::nullopt;
    }
    case FieldKind::name:
      if (said_.name && whole.find(said_.name->value) != std::string::npos)
        return SlotValue{.value = said_.name->value};
      if (looks_like_name(plain, {})) return SlotValue{.value = whole};
      return std::nullopt;
    case FieldKind::text:
      if (count_letters(whole) >= field.min_characters) return SlotValue{.value = whole};
      return std::nullopt;
    case FieldKind::choice: {
      if (const auto id = match_choice(flow_, field, "", plain, std::nullopt)) return SlotValue{.value = *id};
      const auto category = std::string(to_string(said_.category));
      if (said_.category == Category::none || find_choice(field, category) == nullptr) return std::nullopt;
      return SlotValue{.value = said_.subcategory.empty() ? category : category + "/" + said_.subcategory};
    }
    case FieldKind::attachments:
    case FieldKind::confirm:
      break;
  }
  return std::nullopt;
}

bool Stepper::correct() {
  const auto correction = find_correction(flow_, said_.plain.text);
  if (!correction) return false;
  const auto plain = std::string_view(said_.plain.text).substr(correction->begin, correction->end - correction->begin);
  const auto* field = correction->field != nullptr ? correction->field : field_of_value(*correction, plain);
  if (field == nullptr) return false;
  if (!correction->has_value || field->kind == FieldKind::attachments) {
    change(*field);
    return true;
  }
  const auto& origin = said_.plain.origin;
  const auto given = text_.substr(origin[correction->begin], origin[correction->end] - origin[correction->begin]);
  auto value = read_value(*field, plain, given);
  if (!value) {
    const auto old = state_.slots.find(field->name);
    if (state_.asking == field->name) {
      miss(*field);
      return true;
    }
    say(field->name + "_invalid", {{"hotline", flow_.site.hotline}});
    if (old != state_.slots.end())
      say("value_kept",
          {{"field", label_of(flow_, field->label, locale(), field->name)}, {"old", shown(*field, old->second)}});
    change(*field);
    state_.misses = 1;
    return true;
  }
  const auto asking = state_.asking;
  set(*field, *std::move(value));
  const auto* open = flow_.find(asking);
  if (open != nullptr && open != field && open->kind != FieldKind::confirm)
    ask(*open, true);
  else
    next();
  return true;
}

void Stepper::change(const Field& field) {
  if (field.kind == FieldKind::attachments) state_.slots.erase(field.name);
  ask(field, false);
}

void Stepper::answer_change() {
  const auto* confirm = flow_.find(FieldKind::confirm);
  if (is("keep") || is("yes")) return next();
  auto shown_choices = choices_of(flow_, *confirm, "", locale());
  std::erase_if(shown_choices, [](const Choice& choice) { return !choice.id.starts_with("change:"); });
  std::string id = tapped_.value_or("");
  if (const auto number = parse_ordinal(said_.plain.text);
      number && *number >= 1 && static_cast<std::size_t>(*number) <= shown_choices.size())
    id = shown_choices[static_cast<std::size_t>(*number) - 1].id;
  const auto& key = spoken_.key;
  for (const auto& field : flow_.fields)
    if (id == "change:" + field.name || std::find(field.names.begin(), field.names.end(), key) != field.names.end())
      return change(field);
  if (++state_.misses > 2) return next();
  say(state_.misses == 1 ? "not_understood" : "not_understood.2");
  ask_engine("change", true, {}, std::move(shown_choices));
}

}  // namespace huiyin::dialogs
