#include <utf8proc.h>

#include <array>

#include "dialogs/understanding/lexicon_impl.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kMostCharacters = 4000;  // what rules read of one message; the rest is kept, but not looked at
constexpr std::size_t kMostBytes = 32000;      // so many bytes are looked at for them: half of them may be nothing

bool is_zero_width(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF ||
         (c >= 0xFE00 && c <= 0xFE0F) || c == 0x20E3 || c == 0xAD;
}

/// Digits in circles, raised, lowered, of mathematics: ①, ❶, ⁴, ₁.
char32_t plain_digit(char32_t c) {
  struct Run {
    char32_t first, last, digit;
  };
  constexpr std::array<Run, 6> kRuns{{{0x2460, 0x2468, '1'},
                                      {0x2776, 0x277E, '1'},
                                      {0x2080, 0x2089, '0'},
                                      {0x2074, 0x2079, '4'},
                                      {0x24EA, 0x24EA, '0'},
                                      {0x24FF, 0x24FF, '0'}}};
  if (c == 0x25CB || c == 0x25EF) return 0x3007;  // ○ for 〇
  if (c == 0x2070) return '0';
  if (c >= 0x1D7CE && c <= 0x1D7FF) return (c - 0x1D7CE) % 10 + '0';
  for (const auto& run : kRuns)
    if (c >= run.first && c <= run.last) return c - run.first + run.digit;
  return c;
}

char32_t plain_of(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFEE0;
  if (c == 0x3000 || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == '\t' || c == '\r') return ' ';
  if (c == 0x2013 || c == 0x2014 || c == 0x2212 || c == 0x2010 || c == 0x2011 || c == 0xFE63) return '-';
  if (c == 0x2019 || c == 0x2018) return '\'';
  if (c == 0xB9 || c == 0xB2 || c == 0xB3) return c == 0xB9 ? '1' : c - 0xB0 + '0';  // ¹²³
  if ((c >= 0x2070 && c < 0x3000) || c >= 0x1D7CE) return plain_digit(c);
  return c;
}

bool is_blank(char c) { return c == ' ' || c == '\n'; }

void cut(PlainText& plain) {
  std::size_t begin = 0;
  auto end = plain.text.size();
  while (begin < end && is_blank(plain.text[begin])) ++begin;
  while (end > begin && is_blank(plain.text[end - 1])) --end;
  plain.text = plain.text.substr(begin, end - begin);
  plain.origin.erase(plain.origin.begin() + static_cast<std::ptrdiff_t>(end) + 1, plain.origin.end());
  plain.origin.erase(plain.origin.begin(), plain.origin.begin() + static_cast<std::ptrdiff_t>(begin));
}

/// One character more; white space in a row stays one, a line's end where there is one among it.
void append(PlainText& plain, char32_t c, std::size_t at) {
  const bool blank = c == ' ' || c == '\n';
  if (blank && !plain.text.empty() && is_blank(plain.text.back())) {
    if (c == '\n') plain.text.back() = '\n';
    return;
  }
  utf8proc_uint8_t buffer[4];
  const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), buffer);
  plain.text.append(reinterpret_cast<const char*>(buffer), static_cast<std::size_t>(size));
  for (auto byte = size; byte > 0; --byte) plain.origin.push_back(static_cast<std::uint32_t>(at));
}

}  // namespace

PlainText plain_text(const Lexicon& lexicon, std::string_view text) {
  using Impl = Lexicon::Impl;
  const auto& simplify = lexicon.impl().simplify;
  PlainText plain;
  const auto most = std::min(text.size(), kMostBytes);
  plain.text.reserve(std::min(most, 3 * kMostCharacters));
  plain.origin.reserve(std::min(most, 3 * kMostCharacters) + 1);
  std::size_t at = 0;
  for (std::size_t count = 0; at < most && count < kMostCharacters;) {
    utf8proc_int32_t value = 0;
    const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                        static_cast<utf8proc_ssize_t>(text.size() - at), &value);
    if (bytes <= 0) {  // no UTF-8: the door lets none in; here it is only stepped over
      ++at;
      continue;
    }
    auto c = static_cast<char32_t>(value);
    if (!is_zero_width(c) && c != 0) {
      const auto simple = c >= Impl::kFirstHan && c <= Impl::kLastHan ? char32_t{simplify[c - Impl::kFirstHan]} : 0;
      plain.traditional = plain.traditional || simple != 0;
      append(plain, simple != 0 ? simple : plain_of(c), at);
      ++count;
    }
    at += static_cast<std::size_t>(bytes);
  }
  plain.origin.push_back(static_cast<std::uint32_t>(at));
  cut(plain);
  return plain;
}

}  // namespace huiyin::dialogs
