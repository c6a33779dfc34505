#include "dialogs/understanding/evidence.h"

#include <algorithm>
#include <array>
#include <limits>

#include "core/text.h"
#include "core/ticket.h"

namespace huiyin::dialogs {
namespace {

// How much a rule's word counts, in the measure of the weights, and what a danger must come to. Found by scoring
// batches of messages that neither rules nor weights had seen (docs/understanding.md).
constexpr float kDangerRule = 1.0F;   // for a danger that the rules found; as much against one that they did not
constexpr float kDangerWord = 0.25F;  // and so much for each word beyond the first that tells of it
constexpr float kDangerFrom = -0.5F;
constexpr float kTakenBack = 2.0F;
constexpr float kOfPart = 0.6F;
constexpr float kOfWord = 4.0F;  // 「里面」 answers a question and stands in dangers: the lexicon says what it is
constexpr float kNoPartFrom = -6.0F;
constexpr float kKindRule = 2.0F;
constexpr float kCategoryRule = 1.0F;
constexpr float kSubcategoryRule = 1.0F;
constexpr float kIntentRule = 1.0F;

constexpr float kNothing = std::numeric_limits<float>::lowest();
constexpr std::size_t kBrief = 6;  // characters
constexpr std::size_t kWord = 3;
constexpr std::string_view kOther = "other";

/// The dialog's own intents, by what they are to everybody else.
std::string_view plain_intent(std::string_view intent) {
  if (intent == "addition") return "report";
  return intent == "wait" ? kOther : intent;
}

}  // namespace

std::vector<std::string_view> slot_markers(std::string_view text, const Understood& understood) {
  std::vector<std::string_view> markers;
  if (understood.phone) markers.emplace_back("<phone>");
  if (understood.address) markers.emplace_back("<address>");
  if (understood.name) markers.emplace_back("<name>");
  if (first_characters(text, kBrief).size() == text.size()) markers.emplace_back("<brief>");
  return markers;
}

bool stand_together(Category category, std::string_view intent) {
  static constexpr std::array<std::string_view, 3> kOfTrouble{"urge", "not_fixed", "correction"};
  if (intent == "report") return category != Category::none;
  if (intent == "suggestion" || intent == "praise")
    return category == Category::service || category == Category::internal;
  return category == Category::none || std::find(kOfTrouble.begin(), kOfTrouble.end(), intent) != kOfTrouble.end();
}

void sort_classes(Lexicon::Impl& lexicon) {
  const auto contains = [](const auto& list, const auto& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
  };
  auto& into = lexicon.classes;
  const auto& classes = lexicon.weights.classes();
  for (int i = 0; i < static_cast<int>(classes.size()); ++i) {
    const auto& name = classes[static_cast<std::size_t>(i)];
    const auto slash = name.find('/');
    const auto first = name.substr(0, slash);
    const auto rest = slash == std::string::npos ? "" : name.substr(slash + 1);
    const auto category = parse_category(first);
    if (name == "danger")
      into.danger = i;
    else if (first == "danger" && contains(lexicon.danger_order, rest))
      into.dangers.push_back({rest, i, Category::none});
    else if (first == "intent")
      into.intents.push_back({rest, i, Category::none});
    else if (category && rest.empty() && (category == Category::none || contains(lexicon.category_order, first)))
      into.categories.push_back({first, i, *category});
    else if (category && contains(lexicon.subcategories, name))
      into.subcategories.push_back({rest, i, *category});
  }
}

void find_rows(Lexicon::Impl& lexicon) {
  std::vector<std::string> sets;
  for (std::size_t tag = 0; tag < lexicon.meanings.size(); ++tag) {
    const auto marker = marker_of(lexicon.meanings[tag]);
    lexicon.row_of_tag.push_back(lexicon.weights.row_of(marker));
    const int set = lexicon.set_of[tag];
    if (set < 0) continue;
    sets.resize(std::max(sets.size(), static_cast<std::size_t>(set) + 1));
    sets[static_cast<std::size_t>(set)] = marker;
  }
  lexicon.set_count = sets.size();
  for (const auto& one : sets)
    for (const auto& other : sets) lexicon.row_of_pair.push_back(lexicon.weights.row_of(pair_of(one, other)));
}

std::string pair_of(const std::string& marker, const std::string& other) {
  return marker < other ? marker + other : other + marker;
}

std::vector<int> sets_in(const Lexicon::Impl& lexicon, const std::vector<PhraseHit>& hits) {
  constexpr std::size_t kMostSets = 30;
  std::vector<int> sets;
  for (const auto& hit : hits) {
    const int set = lexicon.set_of[static_cast<std::size_t>(hit.tag)];
    if (set >= 0 && sets.size() < kMostSets && std::find(sets.begin(), sets.end(), set) == sets.end())
      sets.push_back(set);
  }
  return sets;
}

Evidence::Evidence(const Lexicon::Impl& lexicon, std::string_view text, const std::vector<PhraseHit>& hits,
                   const Understood& understood)
    : lexicon_(lexicon), is_word_(first_characters(text, kWord).size() == text.size()) {
  if (lexicon.weights.empty()) return;
  for (const auto& hit : hits)
    if (const int row = lexicon.row_of_tag[static_cast<std::size_t>(hit.tag)]; row >= 0) rows_.push_back(row);
  for (const auto marker : slot_markers(text, understood))
    if (const int row = lexicon.weights.row_of(marker); row >= 0) rows_.push_back(row);
  lexicon.weights.add_rows(text, rows_);
  const auto tally = lexicon.weights.tally(rows_);
  sums_ = lexicon.weights.sums(tally);
  weigh_danger(tally, sets_in(lexicon, hits));
}

void Evidence::weigh_danger(Weights::Tally tally, const std::vector<int>& sets) {
  const int danger = lexicon_.classes.danger;
  if (danger < 0) return;
  for (std::size_t i = 0; i < sets.size(); ++i)
    for (std::size_t k = i + 1; k < sets.size(); ++k) {
      const auto at = static_cast<std::size_t>(sets[i]) * lexicon_.set_count + static_cast<std::size_t>(sets[k]);
      if (const int row = lexicon_.row_of_pair[at]; row >= 0) lexicon_.weights.add_for(danger, row, tally);
    }
  sums_[static_cast<std::size_t>(danger)] = lexicon_.weights.sum_of(danger, tally);
}

std::string Evidence::danger(const DangerByRule& by_rule) const {
  const auto& classes = lexicon_.classes;
  if (classes.danger < 0) return by_rule.kind;
  const bool none = by_rule.kind.empty();
  const float needed = kDangerFrom +
                       (none ? kDangerRule : -kDangerRule - kDangerWord * static_cast<float>(by_rule.weight - 1)) +
                       (by_rule.taken_back ? kTakenBack : 0) + (none && by_rule.of_part ? kOfPart : 0) +
                       (is_word_ ? (none ? kOfWord : -kOfWord) : 0);
  if (speaks_for(classes.danger) <= needed) return {};
  const WeighedClasses::Named* best = nullptr;
  float most = 0;
  for (const auto& kind : classes.dangers) {
    const float speaks = speaks_for(kind.of_class) + (kind.name == by_rule.kind ? kKindRule : 0);
    if (best == nullptr || speaks > most) best = &kind, most = speaks;
  }
  return best == nullptr ? by_rule.kind : best->name;
}

bool Evidence::may_tell_danger() const {
  return lexicon_.classes.danger >= 0 && speaks_for(lexicon_.classes.danger) > kNoPartFrom;
}

Evidence::Verdict Evidence::settle(const Verdict& by_rule) const {
  const auto& classes = lexicon_.classes;
  if (classes.categories.empty() || classes.intents.empty()) return by_rule;
  auto verdict = together(by_rule);
  if (verdict.category != by_rule.category) verdict.subcategory.clear();
  if (auto best = subcategory(verdict.category, verdict.subcategory)) verdict.subcategory = *std::move(best);
  return verdict;
}

Evidence::Verdict Evidence::together(const Verdict& by_rule) const {
  const auto of_rule = plain_intent(by_rule.intent);
  const auto& intents = lexicon_.classes.intents;
  // A word alone, as 报修, says what the lexicon says that it does.
  const float told = is_word_ && (by_rule.category != Category::none || of_rule != kOther) ? kOfWord : 0;
  std::vector<float> of_intent(intents.size());
  std::transform(intents.begin(), intents.end(), of_intent.begin(), [&](const auto& one) {
    return speaks_for(one.of_class) + (one.name == of_rule ? kIntentRule + told : 0);
  });
  auto verdict = by_rule;
  const std::string* intent = nullptr;
  float most = kNothing;
  for (const auto& category : lexicon_.classes.categories) {
    const float of_category =
        speaks_for(category.of_class) + (category.category == by_rule.category ? kCategoryRule : 0);
    for (std::size_t i = 0; i < intents.size(); ++i) {
      const float speaks = of_category + of_intent[i];
      if (speaks <= most || !stand_together(category.category, intents[i].name)) continue;
      most = speaks;
      verdict.category = category.category;
      intent = &intents[i].name;
    }
  }
  if (intent != nullptr && *intent != of_rule) verdict.intent = *intent;
  return verdict;
}

std::optional<std::string> Evidence::subcategory(Category category, const std::string& by_rule) const {
  const WeighedClasses::Named* best = nullptr;
  float most = kNothing;
  for (const auto& sub : lexicon_.classes.subcategories) {
    if (sub.category != category) continue;
    const float speaks = speaks_for(sub.of_class) + (sub.name == by_rule ? kSubcategoryRule : 0);
    if (speaks > most) best = &sub, most = speaks;
  }
  return best == nullptr ? std::nullopt : std::optional(best->name);
}

std::string Evidence::reason(std::string_view of_class) const {
  return lexicon_.weights.reason(rows_, lexicon_.weights.class_of(of_class));
}

}  // namespace huiyin::dialogs
