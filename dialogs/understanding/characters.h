#pragma once

#include <cstddef>
#include <string_view>

namespace huiyin::dialogs {

/// Small questions about characters, inline because they are asked of each character of each message.

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
[[nodiscard]] constexpr bool is_word(char c) { return is_digit(c) || is_letter(c); }
[[nodiscard]] constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

/// The character at `at`, which is moved behind it. `text` is valid UTF-8; a stray byte stands for itself.
[[nodiscard]] constexpr char32_t take_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const auto tail = [&](std::size_t i) { return static_cast<char32_t>(byte(i) & 0x3FU); };
  const auto lead = byte(0);
  const std::size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (size == 1 || at + size > text.size()) return ++at, lead;
  char32_t value = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) value = (value << 6U) | tail(i);
  at += size;
  return value;
}

/// text.starts_with(word) and text.ends_with(word), for lists of words: most fail at the one byte that is asked of
/// first.
[[nodiscard]] constexpr bool begins_with(std::string_view text, std::string_view word) {
  if (word.empty()) return true;
  return word.size() <= text.size() && text[word.size() - 1] == word.back() && text.starts_with(word);
}
[[nodiscard]] constexpr bool closes_with(std::string_view text, std::string_view word) {
  if (word.empty()) return true;
  return !text.empty() && text.back() == word.back() && text.ends_with(word);
}

/// Signs between statements, and those between the clauses of one. (A full stop of Latin script needs a look behind
/// it.)
[[nodiscard]] constexpr bool parts_statements(char32_t c) {
  return c == U'。' || c == U'！' || c == U'？' || c == U'；' || c == '!' || c == '?' || c == ';' || c == '\n';
}
[[nodiscard]] constexpr bool parts_clauses(char32_t c) {
  return c == U'，' || c == U'、' || c == U'：' || c == ',' || c == ':';
}

/// The digit that a Chinese character names, plainly or for accounts; -1: none.
[[nodiscard]] constexpr int chinese_digit(char32_t c) {
  switch (c) {
    case U'零':
    case U'〇':
      return 0;
    case U'一':
    case U'壹':
    case U'幺':
      return 1;
    case U'二':
    case U'贰':
    case U'两':
      return 2;
    case U'三':
    case U'叁':
      return 3;
    case U'四':
    case U'肆':
      return 4;
    case U'五':
    case U'伍':
      return 5;
    case U'六':
    case U'陆':
      return 6;
    case U'七':
    case U'柒':
      return 7;
    case U'八':
    case U'捌':
      return 8;
    case U'九':
    case U'玖':
      return 9;
    default:
      return -1;
  }
}

constexpr std::size_t kHan = 3;  ///< bytes of a Chinese character in UTF-8 (those beyond the BMP are in no lexicon)

/// Does a Chinese character begin at `at`? 「，」 and the like are none.
[[nodiscard]] constexpr bool is_han(std::string_view text, std::size_t at) {
  if (at + kHan > text.size()) return false;
  const auto lead = static_cast<unsigned char>(text[at]);
  return lead >= 0xE4 && lead <= 0xE9;
}

/// How many bytes of Chinese characters stand from `at` on.
[[nodiscard]] constexpr std::size_t han_run(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (is_han(text, end)) end += kHan;
  return end - at;
}

/// The Chinese character that ends at `end`, empty if another ends there.
[[nodiscard]] constexpr std::string_view han_before(std::string_view text, std::size_t end) {
  return end >= kHan && is_han(text, end - kHan) ? text.substr(end - kHan, kHan) : std::string_view{};
}

}  // namespace huiyin::dialogs
