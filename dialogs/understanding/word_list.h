#pragma once

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dialogs/understanding/characters.h"

namespace huiyin::dialogs {

/// Characters of the Basic Multilingual Plane, asked for in no time.
class CharacterSet {
 public:
  void add(std::string_view characters) {
    for (std::size_t at = 0; at < characters.size();)
      if (const auto c = take_character(characters, at); c < kSize) set_.set(c);
  }
  [[nodiscard]] bool has(char32_t c) const { return c < kSize && set_.test(c); }
  /// Is the first character of `text` one of them?
  [[nodiscard]] bool begins(std::string_view text) const {
    std::size_t at = 0;
    return !text.empty() && has(take_character(text, at));
  }

 private:
  static constexpr std::size_t kSize = 0x10000;
  std::bitset<kSize> set_{};
};

/// Words that a text may begin or end with. Most texts do with none, which their first or last character tells.
class WordList {
 public:
  void add(std::string word) {
    std::size_t at = 0;
    while (at < word.size()) {
      const auto begin = at;
      (void)take_character(word, at);
      if (begin == 0) first_.add(std::string_view(word).substr(0, at));
      if (at >= word.size()) last_.add(std::string_view(word).substr(begin));
    }
    const auto behind = std::upper_bound(words_.begin(), words_.end(), word);
    words_.insert(behind, std::move(word));
  }
  /// The length of the longest word that `text` begins with; 0: none.
  [[nodiscard]] std::size_t at_begin(std::string_view text) const {
    std::size_t longest = 0;
    std::size_t end = 0;
    if (text.empty() || !first_.has(take_character(text, end))) return longest;
    const auto first = text.substr(0, end);
    for (auto word = std::lower_bound(words_.begin(), words_.end(), first);
         word != words_.end() && begins_with(*word, first); ++word)
      if (word->size() > longest && begins_with(text, *word)) longest = word->size();
    return longest;
  }
  [[nodiscard]] bool at_end(std::string_view text) const {
    if (text.empty()) return false;
    auto begin = text.size() - 1;
    while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) --begin;
    if (!last_.begins(text.substr(begin))) return false;
    return std::any_of(words_.begin(), words_.end(), [&](const auto& word) { return closes_with(text, word); });
  }
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

 private:
  std::vector<std::string> words_{};  ///< sorted, so that those of one first character stand together
  CharacterSet first_{}, last_{};
};

}  // namespace huiyin::dialogs
