#include "dialogs/understanding/understand.h"

#include <re2/re2.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "dialogs/understanding/extract.h"
#include "dialogs/understanding/lexicon_impl.h"

namespace huiyin::dialogs {
namespace {

using Kind = Meaning::Kind;

constexpr int kWordWeight = 2;  // 坏了, 漏水 tell a category; 电梯 alone, a sub-category's word, only leans to it
constexpr int kSubWeight = 1;

/// Sentences that speak of drills, talks and what-ifs are taken out; so is, per kind, what only looks like it.
std::string without_idle_talk(const Lexicon::Impl& lexicon, std::string_view text) {
  if (!lexicon.danger_unless) return std::string(text);
  static const re2::RE2 sentence("([^。！？!?\\n]+)");
  std::string kept;
  re2::StringPiece rest(text.data(), text.size());
  for (re2::StringPiece one; re2::RE2::FindAndConsume(&rest, sentence, &one);)
    if (!re2::RE2::PartialMatch(one, *lexicon.danger_unless)) kept += std::string(one) + "\n";
  return kept;
}

std::string find_danger(const Lexicon::Impl& lexicon, std::string_view text, const std::set<std::string>& suspected) {
  if (suspected.empty()) return {};
  const auto kept = without_idle_talk(lexicon, text);
  for (const auto& kind : lexicon.danger_order) {
    if (!suspected.contains(kind)) continue;
    const auto& danger = lexicon.dangers.at(kind);
    auto rest = kept;
    if (danger.except) re2::RE2::GlobalReplace(&rest, *danger.except, "\n");
    if (!danger.phrases.find(rest).empty()) return kind;
  }
  return {};
}

struct Weighed {
  std::map<std::string, int> categories{};
  std::map<std::string, int> subcategories{};
};

void choose_category(const Lexicon::Impl& lexicon, const Weighed& weighed, Understood& understood) {
  std::string best;
  int most = 0;
  for (const auto& category : lexicon.category_order)
    if (const auto found = weighed.categories.find(category);
        found != weighed.categories.end() && found->second > most) {
      best = category;
      most = found->second;
    }
  if (best.empty()) return;
  understood.category = parse_category(best).value_or(Category::none);
  int heaviest = 0;
  for (const auto& name : lexicon.subcategories) {
    const auto found = weighed.subcategories.find(name);
    if (found == weighed.subcategories.end() || found->second <= heaviest || !name.starts_with(best + "/")) continue;
    heaviest = found->second;
    understood.subcategory = name.substr(best.size() + 1);
  }
}

void read_phrases(const Lexicon::Impl& lexicon, std::string_view text, Understood& understood) {
  Weighed weighed;
  std::set<std::string> dangers;
  for (const int tag : lexicon.phrases.find(text)) {
    const auto& meaning = lexicon.meanings[static_cast<std::size_t>(tag)];
    switch (meaning.kind) {
      case Kind::danger:
        dangers.insert(meaning.name);
        break;
      case Kind::category:
        understood.report = true;
        weighed.categories[meaning.name] += kWordWeight;
        break;
      case Kind::subcategory:
        weighed.categories[meaning.name.substr(0, meaning.name.find('/'))] += kSubWeight;
        ++weighed.subcategories[meaning.name];
        break;
      case Kind::urgent:
        understood.urgent = true;
        break;
      case Kind::intent:
        if (understood.intent.empty()) understood.intent = meaning.name;
        break;
    }
  }
  choose_category(lexicon, weighed, understood);
  understood.danger = find_danger(lexicon, text, dangers);
  if (!understood.danger.empty()) understood.urgent = true;
  if (understood.intent.empty())
    understood.intent = understood.category == Category::none && understood.danger.empty() ? "other" : "report";
}

void to_given(const PlainText& plain, Found& found) {
  found.begin = plain.origin[std::min(found.begin, plain.text.size())];
  found.end = plain.origin[std::min(found.end, plain.text.size())];
}

/// What was found already is blanked out, so that no text is read twice: a phone's digits are no room number.
void blank(std::string& text, const std::optional<Found>& found) {
  if (found)
    std::fill(text.begin() + static_cast<std::ptrdiff_t>(found->begin),
              text.begin() + static_cast<std::ptrdiff_t>(found->end), '\n');
}

}  // namespace

Understood understand(const Lexicon& lexicon, std::string_view text) {
  const auto& impl = lexicon.impl();
  Understood understood;
  understood.plain = plain_text(lexicon, text);
  auto rest = understood.plain.text;
  read_phrases(impl, rest, understood);
  understood.numbers = find_numbers(rest);
  understood.phone = find_phone(rest);
  blank(rest, understood.phone);
  understood.address = find_address(rest);
  blank(rest, understood.address);
  understood.name = find_name(impl, rest, understood.phone || understood.address);
  for (auto* found : {&understood.phone, &understood.address, &understood.name})
    if (*found) to_given(understood.plain, **found);
  for (auto& number : understood.numbers) to_given(understood.plain, number);
  return understood;
}

}  // namespace huiyin::dialogs
