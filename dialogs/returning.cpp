// The owner comes back: what he gave last time is offered, a form that he left is resumed by choice.
#include <algorithm>

#include "core/text.h"
#include "dialogs/stepper.h"

namespace huiyin::dialogs {
namespace {

constexpr int kMisses = 2;
constexpr std::size_t kTelling = 6;  // letters from which what he wrote on coming back may be a report

}  // namespace

bool Stepper::offer() {
  const bool offered = std::find(state_.asked.begin(), state_.asked.end(), "offer") != state_.asked.end();
  if (offered || !snapshot_.conversation || !snapshot_.conversation->contact) return false;
  if (!snapshot_.contact) {
    if (!snapshot_.read.contact) needs_ = Needs{.contact = true};
    return needs_.has_value();
  }
  const auto& contact = *snapshot_.contact;
  Data data;
  const auto put = [&](FieldKind kind, const std::string& value) {
    const auto* field = flow_.find(kind);
    if (field != nullptr && !state_.slots.contains(field->name) && !value.empty())
      data.emplace_back(field->name, kind == FieldKind::phone ? shown_phone(value) : value);
  };
  put(FieldKind::name, contact.name);
  put(FieldKind::phone, contact.phone);
  put(FieldKind::address, contact.addresses.empty() ? "" : contact.addresses.front().text);
  if (data.empty()) return false;
  show_notice();
  state_.asked.push_back("offer");
  ask_engine("offer", false, std::move(data));
  return true;
}

void Stepper::answer_offer() {
  const auto fill = [&] {
    const auto& contact = *snapshot_.contact;
    const auto take = [&](FieldKind kind, const std::string& value) {
      const auto* field = flow_.find(kind);
      if (field != nullptr && !state_.slots.contains(field->name) && !value.empty()) set(*field, slot_of(kind, value));
    };
    take(FieldKind::name, contact.name);
    take(FieldKind::phone, contact.phone);
    take(FieldKind::address, contact.addresses.empty() ? "" : contact.addresses.front().text);
  };
  if (small_talk()) return;
  if (!snapshot_.contact) {
    if (!snapshot_.read.contact) {
      needs_ = Needs{.contact = true};
      return;
    }
    return next();
  }
  const auto ordinal = parse_ordinal(said_.plain.text);
  if (ordinal == 1 || (!ordinal && is("yes"))) {
    fill();
    return next();
  }
  if (ordinal == 2 || (!ordinal && is("no"))) return next();
  if (const auto correction = find_correction(flow_, said_.plain.text);
      correction && (correction->field || correction->has_value)) {
    fill();
    if (correct()) return;
    return next();
  }
  if (absorb(nullptr)) return reask();
  if (++state_.misses > kMisses) return next();
  const int misses = state_.misses;
  say(misses == 1 ? "not_understood" : "not_understood.2");
  reask();
  state_.misses = misses;
}

void Stepper::ask_resume(const std::string& proposal) {
  if (state_.asking != "resume") {
    state_.resume = state_.asking;
    state_.proposal = proposal;
  }
  state_.draft = true;
  ask_engine("resume", false, summary());
}

void Stepper::answer_resume() {
  const auto ordinal = parse_ordinal(said_.plain.text);
  const auto kept = state_.proposal;
  const auto asking = state_.resume;
  state_.draft = false;
  state_.resume.clear();
  state_.proposal.clear();
  if (ordinal == 2 || (!ordinal && (is("restart") || is("no")))) {
    begin(kept.starts_with("hint:") ? kept.substr(5) : "");
    if (!kept.starts_with("hint:") && count_word_letters(kept) >= kTelling)
      set(*flow_.find("description"), {.value = kept});
    return next();
  }
  state_.asking = asking;
  if (ordinal == 1 || (!ordinal && (is("resume") || is("yes")))) {
    if (const auto* field = flow_.find(asking)) return ask(*field, false);
    return next();
  }
  if (command()) return;
  on_form_text();  // he simply went on: that is a choice too
}

}  // namespace huiyin::dialogs
