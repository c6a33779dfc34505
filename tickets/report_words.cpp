#include "tickets/report_words.h"

#include <algorithm>

#include "core/text.h"

namespace huiyin::tickets {
namespace {

constexpr std::size_t kLeastPhoneDigits = 7;
constexpr std::string_view kFullWidthZero = "０";

/// The digit that `text` begins with, and how many bytes it takes; none: 0.
struct Digit {
  char value = '0';
  std::size_t bytes = 0;
};
Digit digit_at(std::string_view text) {
  if (text.empty()) return {};
  if (text[0] >= '0' && text[0] <= '9') return {text[0], 1};
  if (text.size() < kFullWidthZero.size() || !text.starts_with(kFullWidthZero.substr(0, 2))) return {};
  const auto value = static_cast<unsigned char>(text[2]) - static_cast<unsigned char>(kFullWidthZero[2]);
  return value < 0 || value > 9 ? Digit{} : Digit{static_cast<char>('0' + value), kFullWidthZero.size()};
}

/// Digits from the beginning of `text` on, with single spaces and dashes between them.
struct Number {
  std::string digits{};
  std::size_t bytes = 0;
};
Number number_at(std::string_view text) {
  Number out;
  for (std::size_t at = 0;;) {
    if (const auto digit = digit_at(text.substr(at)); digit.bytes != 0) {
      out.digits += digit.value;
      out.bytes = at += digit.bytes;
    } else if (at != out.bytes || out.bytes == 0 || at >= text.size() || (text[at] != ' ' && text[at] != '-')) {
      return out;
    } else {
      ++at;
    }
  }
}

std::string with_masked_phones(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto number = number_at(text);
    const auto taken = std::max<std::size_t>(1, number.bytes);
    out += number.digits.size() >= kLeastPhoneDigits ? mask_phone(number.digits) : std::string(text.substr(0, taken));
    text.remove_prefix(taken);
  }
  return out;
}

}  // namespace

std::string masked_words(std::string_view words, const std::vector<std::string>& names) {
  auto out = with_masked_phones(words);
  for (const auto& name : names) {
    if (count_characters(name) < 2) continue;  // one character stands in many a word
    const auto masked = mask_name(name);
    for (auto at = out.find(name); at != std::string::npos; at = out.find(name, at + masked.size()))
      out.replace(at, name.size(), masked);
  }
  return out;
}

}  // namespace huiyin::tickets
