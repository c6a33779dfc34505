#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "dialogs/understanding/characters.h"

namespace huiyin::dialogs {

/// Words that stand in the code, because a rule hangs on each of them: what rules ask of them. Longer lists, and those
/// of the lexicon, are a WordList.
using Words = std::span<const std::string_view>;

[[nodiscard]] inline bool ends_with_any(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return closes_with(text, word); });
}
[[nodiscard]] inline bool starts_with_any(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return begins_with(text, word); });
}
[[nodiscard]] inline bool has_any(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return text.find(word) != text.npos; });
}

/// 「听说是」: who or what comes behind is known by hearsay.
[[nodiscard]] inline bool ends_in_hearsay(std::string_view text) {
  constexpr std::array<std::string_view, 10> kHearsay{"听说是", "据说是", "好像是", "貌似是", "估计是",
                                                      "怀疑是", "肯定是", "八成是", "应该是", "可能是"};
  return ends_with_any(text, kHearsay);
}

}  // namespace huiyin::dialogs
