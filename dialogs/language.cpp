#include "dialogs/language.h"

#include <cctype>

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kTellingLetters = 4;  // "ok", "A座", "HY" tell no language

/// U+3400 to U+9FFF: the lead bytes E3 90.. to E9 of three.
bool begins_han(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (at + 1 >= text.size()) return false;
  const auto second = static_cast<unsigned char>(text[at + 1]);
  return (lead >= 0xE4 && lead <= 0xE9) || (lead == 0xE3 && second >= 0x90);
}

}  // namespace

std::string guess_locale(std::string_view text, const std::string& current) {
  constexpr std::size_t kMostBytes = 4000;
  text = text.substr(0, kMostBytes);
  std::size_t word = 0;
  std::size_t longest = 0;
  std::size_t letters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (begins_han(text, at)) return "zh-CN";
    const bool letter = std::isalpha(static_cast<unsigned char>(text[at])) != 0;
    word = letter ? word + 1 : 0;
    letters += letter ? 1 : 0;
    longest = word > longest ? word : longest;
  }
  return longest >= kTellingLetters && letters > kTellingLetters ? "en" : current;
}

}  // namespace huiyin::dialogs
