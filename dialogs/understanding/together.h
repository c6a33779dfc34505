#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <vector>

#include "dialogs/understanding/phrases.h"

namespace huiyin::dialogs {

/// Words of several sets of the lexicon that tell together what none of them tells alone, in any order: 「电梯」,
/// 「停了」 and 「里面有人」.
struct Together {
  static constexpr std::size_t kMostSets = 512;  ///< of a lexicon
  std::bitset<kMostSets> needs{};                ///< `sets` again
  int tag = 0;                                   ///< index into Lexicon::Impl::meanings
  std::vector<int> sets{};                       ///< one word of each stands near the others
  std::vector<int> without{};                    ///< and none of these
  std::string written{};                         ///< as the lexicon has it: `lift halted inside -nobody`
};

/// All of a lexicon's; immutable once it is parsed.
struct TogetherRules {
  std::vector<Together> rules{};
  std::vector<std::vector<std::uint16_t>> of_set{};  ///< by set: the rules that need a word of it
};

/// Adds to the phrases found in a text what stands together in it, each as a hit whose parts are the words; its
/// `phrase` is `first_phrase` and the rule's place. `set_of`: by tag, the set that a phrase's words belong to, or -1.
/// Pure; the time grows with the words of sets that were found, and is bounded.
void add_together(const TogetherRules& rules, const std::vector<int>& set_of, int first_phrase,
                  std::vector<PhraseHit>& hits);

}  // namespace huiyin::dialogs
