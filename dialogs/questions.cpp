// 常见问题: what many ask and needs no person, answered from the lexicon's `faq:`, by its number in a list or in words.
#include <algorithm>

#include "core/text.h"
#include "dialogs/stepper.h"

namespace huiyin::dialogs {
namespace {

constexpr std::string_view kChoice = "faq:";
constexpr std::size_t kMostListed = 9;              // each has a digit of its own
constexpr std::size_t kMostCharactersBriefly = 95;  // of all lines: with the words around them two parts of an SMS
constexpr std::size_t kNumbering = 4;               // characters of 「1. 」 and the line's end

}  // namespace

/// Asked in words: fees, opening hours; in the middle of a form too, which goes on. Where he was asked what the trouble
/// is, asking the same once more is telling it.
bool Stepper::answer_question() {
  if (said_.intent != "question" || said_.faq.empty() || said_.reply.empty() || said_.report) return false;
  const auto* asked = form_active() ? flow_.find(state_.asking) : nullptr;
  const bool may_tell = asked != nullptr && asked->kind == FieldKind::text;
  if (may_tell && state_.misses++ > 0) return false;
  answer_with(said_.reply);
  return true;
}

void Stepper::answer_with(const std::map<std::string, std::string>& answer) {
  say("faq", {{"answer", in_own_language(answer)}, {"hotline", flow_.site.hotline}});
  reask();
}

/// The list, to choose from. In a form it has no numbers: those belong to the form's question, which is asked again.
void Stepper::list_questions() {
  listed_ = true;
  const auto most = brief() ? kMostCharactersBriefly : std::string::npos;
  std::vector<Choice> choices;
  std::string topics;
  std::size_t characters = 0;
  for (const auto& entry : flow_.site.faq) {
    auto words = in_own_language(entry.question);
    characters += count_characters(words) + kNumbering;
    if (choices.size() == kMostListed || characters > most) break;
    topics += "\n· " + words;
    choices.push_back({std::string(kChoice) + entry.name, std::move(words)});
  }
  if (choices.empty()) return say("faq_none", {{"hotline", flow_.site.hotline}}), reask();
  if (!form_active()) return ask_engine("faq", false, {{"hotline", flow_.site.hotline}}, std::move(choices));
  say("faq_topics", {{"topics", std::move(topics)}});
  reask();
}

/// The question whose line he tapped, whenever that was, or whose number he wrote right below the list.
const FaqEntry* Stepper::chosen_question() const {
  const auto& all = flow_.site.faq;
  if (tapped_ && tapped_->starts_with(kChoice)) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const FaqEntry& entry) {
      return entry.name == std::string_view(*tapped_).substr(kChoice.size());
    });
    return found == all.end() ? nullptr : &*found;
  }
  const auto number = state_.asking == "faq" ? parse_ordinal(said_.plain.text) : std::nullopt;
  if (!number || *number < 1 || static_cast<std::size_t>(*number) > std::min(all.size(), kMostListed)) return nullptr;
  return &all[static_cast<std::size_t>(*number) - 1];
}

/// False: he says something else, and the list is over, so that no later number is taken for one of it.
bool Stepper::on_question_list() {
  if (const auto* chosen = chosen_question()) {
    listed_ = true;
    return answer_with(chosen->answer), true;
  }
  if (state_.asking != "faq") return false;
  if (parse_ordinal(said_.plain.text) && state_.misses++ == 0) {
    listed_ = true;
    return say("ask_faq.again"), true;
  }
  state_.asking = state_.ticket ? "received" : "";
  state_.misses = 0;
  return false;
}

}  // namespace huiyin::dialogs
