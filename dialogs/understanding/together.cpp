#include "dialogs/understanding/together.h"

#include <algorithm>
#include <array>
#include <optional>

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kNear = 120;       // bytes from the first word to the last: forty Chinese characters
constexpr std::size_t kMostWords = 200;  // of sets, in one message
constexpr std::size_t kMostFound = 60;   // rules that hold, in one message
constexpr std::size_t kKept = 3;         // of a set the last words, since the very last may overlap another's

bool overlap(const PhraseHit& one, const PhraseHit& other) { return one.begin < other.end && other.begin < one.end; }

class Search {
 public:
  Search(const TogetherRules& rules, int first_phrase) : rules_(rules), first_phrase_(first_phrase) {}

  void run(const std::vector<int>& set_of, std::vector<PhraseHit>& hits) {
    words_.reserve(std::min(hits.size(), kMostWords));
    for (const auto& hit : hits)
      if (const int set = set_of[static_cast<std::size_t>(hit.tag)]; set >= 0 && words_.size() < kMostWords)
        words_.push_back({set, &hit});
    std::bitset<Together::kMostSets> seen;
    for (std::size_t i = 0; i < words_.size() && found_.size() < kMostFound; ++i) {
      const auto set = static_cast<std::size_t>(words_[i].set);
      seen.set(set);
      for (const auto rule : rules_.of_set[set])
        if ((rules_.rules[rule].needs & ~seen).none()) complete(i, rule);
    }
    hits.insert(hits.end(), found_.begin(), found_.end());
  }

 private:
  struct Word {
    int set = 0;
    const PhraseHit* hit = nullptr;
  };
  using Chosen = std::vector<const PhraseHit*>;

  /// Is word `last` the one that makes the rule hold? It ends behind the others.
  void complete(std::size_t last, std::uint16_t index) {
    const auto& rule = rules_.rules[index];
    chosen_.assign(1, words_[last].hit);
    for (const int set : rule.sets)
      if (set != words_[last].set && !choose(set, last)) return;
    std::sort(chosen_.begin(), chosen_.end(), [](const auto* a, const auto* b) { return a->begin < b->begin; });
    if (denied(rule)) return;
    const auto& first = *chosen_.front();
    const auto& final = *chosen_.back();
    PhraseHit hit{.tag = rule.tag,
                  .phrase = first_phrase_ + index,
                  .begin = first.begin,
                  .end = std::max(final.end, first.end),
                  .first_end = first.end,
                  .last_begin = final.begin};
    if (chosen_.size() > 2) hit.middle_begin = chosen_[1]->begin, hit.middle_end = chosen_[chosen_.size() - 2]->end;
    found_.push_back(hit);
  }

  /// The nearest word of `set` before word `last` that shares no character with those chosen.
  bool choose(int set, std::size_t last) {
    const auto end = words_[last].hit->end;
    std::size_t tried = 0;
    for (auto i = last; i-- > 0 && tried < kKept;) {
      const auto& word = words_[i];
      if (word.set != set) continue;
      ++tried;
      if (word.hit->begin + kNear < end) return false;
      const bool free =
          std::none_of(chosen_.begin(), chosen_.end(), [&](const auto* other) { return overlap(*word.hit, *other); });
      if (!free) continue;
      chosen_.push_back(word.hit);
      return true;
    }
    return false;
  }

  [[nodiscard]] bool denied(const Together& rule) const {
    if (rule.without.empty()) return false;
    const auto begin = chosen_.front()->begin;
    const auto end = chosen_.back()->end;
    return std::any_of(words_.begin(), words_.end(), [&](const Word& word) {
      return word.hit->begin < end + kNear && begin < word.hit->end + kNear &&
             std::find(rule.without.begin(), rule.without.end(), word.set) != rule.without.end();
    });
  }

  const TogetherRules& rules_;
  const int first_phrase_;
  std::vector<Word> words_{};
  std::vector<PhraseHit> found_{};
  Chosen chosen_{};
};

}  // namespace

void add_together(const TogetherRules& rules, const std::vector<int>& set_of, int first_phrase,
                  std::vector<PhraseHit>& hits) {
  if (!rules.rules.empty()) Search(rules, first_phrase).run(set_of, hits);
}

}  // namespace huiyin::dialogs
