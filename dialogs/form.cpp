// The form: which question comes next, what an answer fills.
#include <algorithm>

#include "core/text.h"
#include "dialogs/stepper.h"

namespace huiyin::dialogs {
namespace {

constexpr double kUnasked = 0.6;     // confidence from which a value is taken that was not asked for
constexpr int kMisses = 2;           // wrong answers; the next one is taken as it is
constexpr std::size_t kTelling = 6;  // letters from which a text that answers nothing may be the report itself
constexpr std::string_view kDone = "done";
constexpr std::string_view kUrgency = "urgency";  // slots beside the fields

const std::optional<Found>* found_for(const Understood& said, FieldKind kind) {
  switch (kind) {
    case FieldKind::phone:
      return &said.phone;
    case FieldKind::name:
      return &said.name;
    case FieldKind::address:
      return &said.address;
    case FieldKind::text:
    case FieldKind::choice:
    case FieldKind::attachments:
    case FieldKind::confirm:
      break;
  }
  return nullptr;
}

struct Piece {
  std::size_t begin = 0;
  const Field* field = nullptr;
  SlotValue value{};
};

}  // namespace

bool Stepper::is_filled(const Field& field) const {
  if (field.kind == FieldKind::confirm) return false;
  const auto slot = state_.slots.find(field.name);
  if (field.kind == FieldKind::attachments) return slot != state_.slots.end() || !state_.attachments.empty();
  if (slot == state_.slots.end()) return false;
  if (field.kind != FieldKind::choice || slot->second.to_audit || slot->second.value.find('/') != std::string::npos)
    return true;
  const auto* choice = find_choice(field, slot->second.value);
  return choice == nullptr || choice->sub.empty();
}

void Stepper::begin(const std::string& hint) {
  if (state_.asking == "received") state_.attachments.clear();  // those are the last ticket's
  state_.flow = flow_.name;
  state_.asking.clear();
  state_.misses = 0;
  state_.slots.clear();
  state_.asked.clear();
  state_.proposal.clear();
  state_.resume.clear();
  state_.hint = hint;
  state_.danger.clear();
  state_.ticket = {};
  state_.ticket_number.clear();
  state_.draft = false;
}

void Stepper::next() {
  if (letter_) return ask_letter();
  if (brief()) return next_brief();
  if (ask_place()) return;
  for (const auto& field : flow_.fields) {
    if (field.kind == FieldKind::confirm && !state_.danger.empty()) {
      flush_details();
      say("danger_details_complete", {{"number", state_.ticket_number}});
      return finish();
    }
    if (is_filled(field)) continue;
    if (offer()) return;
    return ask(field, false);
  }
}

void Stepper::show_notice() {
  if (state_.consent != ConsentNotice::none) return;
  state_.consent = ConsentNotice::shown;
  if (brief()) return say("consent");
  effects_.insert(effects_.begin() + static_cast<std::ptrdiff_t>(notice_at_), Say{"consent", {}});
}

void Stepper::ask(const Field& field, bool again) {
  show_notice();
  const auto slot = state_.slots.find(field.name);
  if (field.kind == FieldKind::choice && !again) {
    const auto* chosen =
        slot == state_.slots.end() || is_filled(field) ? nullptr : find_choice(field, slot->second.value);
    state_.proposal = chosen == nullptr ? "" : chosen->id;
  } else if (!again) {
    state_.proposal.clear();
  }
  if (!again) state_.misses = 0;
  state_.asking = field.name;
  if (state_.asked.empty() || state_.asked.back() != field.name) state_.asked.push_back(field.name);
  Data data = field.kind == FieldKind::confirm ? summary() : Data{};
  if (field.kind == FieldKind::choice && !state_.proposal.empty())
    data.emplace_back("category", category_words(flow_, state_.proposal, locale()));
  const std::string prompt =
      field.kind == FieldKind::choice && !state_.proposal.empty() ? "ask_subcategory" : field.prompt;
  std::vector<Choice> choices;
  if (field.kind == FieldKind::choice || field.kind == FieldKind::confirm)
    choices = choices_of(flow_, field, state_.proposal, locale());
  effects_.push_back(Ask{field.name, prompt + (again ? ".again" : ""), std::move(data), std::move(choices)});
}

void Stepper::ask_engine(const std::string& question, bool again, Data data, std::vector<Choice> choices) {
  if (!again) state_.misses = 0;
  state_.asking = question;
  const auto name = question == "menu" ? question : "ask_" + question;
  effects_.push_back(Ask{question, name + (again ? ".again" : ""), std::move(data), std::move(choices)});
}

void Stepper::reask() {
  if (letter_) return;
  if (!form_active()) return;
  if (const auto* field = flow_.find(state_.asking)) return ask(*field, true);
  if (state_.asking == "known") return ask_engine("known", true);
  if (state_.asking == "offer") {
    std::erase(state_.asked, "offer");
    if (offer()) return;
  }
  if (state_.asking == "place" && ask_place(true)) return;
  next();
}

void Stepper::on_form_text() {
  if (state_.asking == "offer") return answer_offer();
  if (state_.asking == "details") return answer_details();
  if (correct()) return;
  if (state_.asking == "change") return answer_change();
  if (state_.asking == "place") return answer_place();
  if (small_talk() || answer_question()) return;
  const auto* field = flow_.find(state_.asking);
  if (field == nullptr) return next();
  if (ask_number(true)) return reask();
  const bool set_already = field->kind != FieldKind::attachments && is_filled(*field);
  if (set_already && (is("keep") || is("skip"))) return next();
  if (field->kind != FieldKind::choice && field->kind != FieldKind::confirm && spoken_.menu) return reask();
  if (!brief() && another_report(*field)) return;
  switch (field->kind) {
    case FieldKind::choice:
      return answer_choice(*field);
    case FieldKind::confirm:
      return answer_confirm(*field);
    case FieldKind::attachments:
      return answer_attachments(*field);
    case FieldKind::text:
    case FieldKind::name:
    case FieldKind::phone:
    case FieldKind::address:
      break;
  }
  const bool skips = is("skip");
  if (!field->required && skips) {
    state_.slots[field->name] = {};
    return next();
  }
  const bool bare = skips || is("yes") || is("no") || is("done");  // 「跳过」 is nobody's name
  if (!bare && absorb(field)) return next();
  miss(*field);
}

void Stepper::answer_choice(const Field& field) {
  const auto parent = state_.proposal;
  if (const auto id = match_choice(flow_, field, parent, said_.plain.text, tapped_)) {
    set(field, {.value = parent.empty() ? *id : parent + "/" + *id});
    return next();
  }
  if (!parent.empty() && (is("skip") || is("no"))) {
    set(field, {.value = parent + "/other"});
    return next();
  }
  const auto category = std::string(to_string(said_.category));
  if (parent.empty() && said_.category != Category::none && find_choice(field, category) != nullptr) {
    set(field, {.value = said_.subcategory.empty() ? category : category + "/" + said_.subcategory});
    if (said_.report) extend_description(text_);
    return next();
  }
  miss(field);
}

void Stepper::answer_confirm(const Field& field) {
  const auto id = match_choice(flow_, field, "", said_.plain.text, tapped_);
  if (id == "submit" || (!id && is("yes"))) return submit();
  if (id && id->starts_with("change:"))
    if (const auto* other = flow_.find(id->substr(7))) return change(*other);
  if (is("no") || is("change"))
    return ask_engine("change", false, {}, [&] {
      auto choices = choices_of(flow_, field, "", locale());
      std::erase_if(choices, [](const Choice& choice) { return !choice.id.starts_with("change:"); });
      return choices;
    }());
  if (said_.report || count_word_letters(said_.plain.text) >= kTelling) {
    if (!looks_like_question(said_.plain.text)) {
      extend_description(text_);
      say("noted");
      return ask(field, true);
    }
  }
  miss(field);
}

void Stepper::answer_attachments(const Field& field) {
  if (is("skip") || is("done") || is("no")) {
    state_.slots[field.name] = {.value = std::string(kDone)};
    return next();
  }
  if (absorb(nullptr)) return ask(field, true);
  if (!looks_like_question(said_.plain.text) && (said_.report || count_word_letters(said_.plain.text) >= kTelling)) {
    extend_description(text_);
    say("noted");
    return ask(field, true);
  }
  miss(field);
}

/// The asked field's answer where no rule found one: a name, a place or a description need not look like any pattern.
bool Stepper::take_whole(const Field& asked, SlotValue& value) const {
  const auto given = std::string(trim(text_));
  const auto letters = count_letters(given);
  if (letters < std::max<std::size_t>(asked.min_characters, 1)) return false;
  switch (asked.kind) {
    case FieldKind::name:
      if (!looks_like_name(said_.plain.text, said_)) return false;
      break;
    case FieldKind::address: {
      const bool may_be_report = said_.report && !state_.slots.contains("description");
      if (!looks_like_place(said_.plain.text, said_) && (may_be_report || !said_.report)) return false;
      if (said_.phone || letters < 2 || looks_like_question(given)) return false;
      break;
    }
    case FieldKind::text:
      break;
    case FieldKind::phone:
    case FieldKind::choice:
    case FieldKind::attachments:
    case FieldKind::confirm:
      return false;
  }
  value = {.value = given};
  return true;
}

bool Stepper::absorb(const Field* asked) {
  std::vector<Piece> pieces;
  Spans used;
  Spans cut;
  for (const auto& field : flow_.fields) {
    const auto* found = found_for(said_, field.kind);
    if (found == nullptr || !found->has_value()) continue;
    const bool wanted = &field == asked || (!state_.slots.contains(field.name) && (*found)->confidence >= kUnasked);
    if (!wanted) continue;
    pieces.push_back({(*found)->begin, &field, slot_of(field.kind, (*found)->value)});
    used.emplace_back((*found)->begin, (*found)->end);
    // 「The lift in Building 6 is broken」 does not bear being cut in the middle, as Chinese does.
    if ((*found)->rule != "english") cut.push_back(used.back());
  }
  const auto answers = [&](const Field* field) {
    return std::any_of(pieces.begin(), pieces.end(), [&](const Piece& piece) { return piece.field == field; });
  };
  const auto* description = flow_.find("description");
  auto rest = remainder(flow_, text_, used);
  // 「3栋2单元602门口」: the rest belongs to the place, unless it is the report.
  if (asked != nullptr && asked->kind == FieldKind::address && answers(asked) && pieces.size() == 1 && !said_.report &&
      !rest.empty() && count_letters(rest) < kTelling) {
    pieces.front().value = {.value = std::string(trim(text_))};
    rest.clear();
  }
  if (SlotValue whole; asked != nullptr && asked != description && pieces.empty() && take_whole(*asked, whole)) {
    pieces.push_back({0, asked, std::move(whole)});
    rest.clear();
  }
  const bool free = !state_.slots.contains("description");
  const bool telling = said_.report || said_.category != Category::none ||
                       (count_word_letters(rest) >= kTelling && !looks_like_question(rest) && said_.intent == "other");
  const std::size_t least = description->min_characters;
  if (count_letters(rest) >= least && (asked == description || (free && telling))) {
    const auto begin = text_.find(rest.substr(0, std::min<std::size_t>(rest.size(), 6)));
    pieces.push_back({begin, description, {.value = cut.size() == used.size() ? rest : remainder(flow_, text_, cut)}});
  }
  if (pieces.empty()) return false;
  std::stable_sort(pieces.begin(), pieces.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
  const auto* category = flow_.find("category");
  for (auto& piece : pieces) {
    const bool tells = piece.field == description;
    set(*piece.field, std::move(piece.value));
    if (!tells || state_.slots.contains("category")) continue;
    auto value = said_.category == Category::none ? state_.hint : std::string(to_string(said_.category));
    if (said_.category != Category::none && !said_.subcategory.empty()) value += "/" + said_.subcategory;
    // Words that only lean to a category do not outweigh what the owner chose himself.
    if (!said_.report && !state_.hint.empty()) value = state_.hint;
    if (find_choice(*category, value.substr(0, value.find('/'))) != nullptr) set(*category, {.value = value});
  }
  if (said_.urgent && state_.slots.contains("description")) state_.slots[std::string(kUrgency)] = {.value = "high"};
  return true;
}

void Stepper::set(const Field& field, SlotValue value) {
  if (state_.consent == ConsentNotice::shown) {
    state_.consent = ConsentNotice::accepted;
    effects_.push_back(RecordConsent{});
  }
  const bool cut = field.max_characters > 0 && count_characters(value.value) > field.max_characters;
  if (cut) value.value = std::string(first_characters(value.value, field.max_characters));
  const auto slot = state_.slots.find(field.name);
  const bool refined = field.kind == FieldKind::choice && slot != state_.slots.end() &&
                       value.value.starts_with(slot->second.value + "/");
  const auto old = slot == state_.slots.end() || refined ? std::string() : shown(field, slot->second);
  effects_.push_back(Set{field.name});
  if (!old.empty() && slot->second.value != value.value)
    say("changed", {{"field", label_of(flow_, field.label, locale(), field.name)},
                    {"old", std::string(first_characters(old, 60))},
                    {"new", std::string(first_characters(shown(field, value), 60))}});
  if (cut) say("text_cut", {{"limit", std::to_string(field.max_characters)}});
  state_.slots[field.name] = std::move(value);
  details_due_ = details_due_ || !state_.danger.empty();
}

void Stepper::extend_description(std::string_view text) {
  const auto* field = flow_.find("description");
  auto& slot = state_.slots[field->name];
  const auto more = trim(text);
  if (more.empty() || slot.value.find(more) != std::string::npos) return;
  effects_.push_back(Set{field->name});
  describe_as(*field, slot.value.empty() ? std::string(more) : slot.value + "\n" + std::string(more));
  details_due_ = details_due_ || !state_.danger.empty();
}

void Stepper::put_before_description(std::string_view text) {
  if (text.empty()) return;
  const auto* field = flow_.find("description");
  const auto slot = state_.slots.find(field->name);
  if (slot == state_.slots.end()) return extend_description(text);
  describe_as(*field, std::string(text) + "\n" + slot->second.value);
}

void Stepper::describe_as(const Field& field, std::string whole) {
  const bool cut = count_characters(whole) > field.max_characters;
  if (cut) whole = std::string(first_characters(whole, field.max_characters));
  state_.slots[field.name].value = std::move(whole);
  if (cut) say("text_cut", {{"limit", std::to_string(field.max_characters)}});
}

void Stepper::miss(const Field& field) {
  const int most = !brief() ? kMisses : state_.asked.size() > 1 ? 0 : 1;
  if (++state_.misses > most) return take_for_audit(field);
  if (brief()) return ask(field, true);
  if (field.required && is("skip") && field.kind != FieldKind::confirm)
    say("required", {{"field", label_of(flow_, field.label, locale(), field.name)}});
  else if (field.kind == FieldKind::confirm)
    say(state_.misses == 1 ? "not_understood" : "not_understood.2");
  else
    say(field.name + (state_.misses == 1 ? "_invalid" : "_invalid.2"), {{"hotline", flow_.site.hotline}});
  ask(field, true);
}

/// After two misses the owner's words are taken as they are: staff will look. A report is never lost over a form.
void Stepper::take_for_audit(const Field& field) {
  if (field.kind == FieldKind::confirm) {
    extend_description(text_);
    state_.slots[field.name] = {.value = std::string(kDone), .to_audit = true};
    return submit();
  }
  if (field.kind == FieldKind::attachments) {
    extend_description(text_);
    state_.slots[field.name] = {.value = std::string(kDone)};
    return next();
  }
  const auto slot = state_.slots.find(field.name);
  if (slot != state_.slots.end() && field.kind != FieldKind::choice) {  // a correction that failed: the old value holds
    say("value_kept",
        {{"field", label_of(flow_, field.label, locale(), field.name)}, {"old", shown(field, slot->second)}});
    slot->second.to_audit = true;
    extend_description(text_);
    return next();
  }
  auto words = std::string(trim(first_characters(text_, std::max<std::size_t>(field.max_characters, 200))));
  if (field.kind == FieldKind::choice) extend_description(words);
  const auto kept = slot == state_.slots.end() ? std::string("none") : slot->second.value;
  if (!brief()) say("taken_for_audit");
  if (field.kind == FieldKind::choice)
    set(field, {.value = kept, .shown = std::move(words), .to_audit = true});
  else
    set(field, {.value = words.empty() ? "-" : std::move(words), .to_audit = true});
  next();
}

}  // namespace huiyin::dialogs
