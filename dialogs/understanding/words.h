#pragma once

#include <algorithm>
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

}  // namespace huiyin::dialogs
