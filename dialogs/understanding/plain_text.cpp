#include <utf8proc.h>

#include "core/text.h"
#include "dialogs/understanding/lexicon_impl.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kMostCharacters = 4000;  // what rules read of one message; the rest is kept, but not looked at

bool is_zero_width(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF ||
         (c >= 0xFE00 && c <= 0xFE0F);
}

char32_t plain_of(char32_t c, const std::unordered_map<char32_t, char32_t>& simplify) {
  if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFEE0;
  if (c == 0x3000 || c == 0xA0) return ' ';
  if (c == 0x2013 || c == 0x2014 || c == 0x2212 || c == 0x2010 || c == 0x2011) return '-';
  if (c < 0x3400) return c;
  const auto found = simplify.find(c);
  return found == simplify.end() ? c : found->second;
}

bool is_blank(std::string_view text, std::size_t at) {
  return text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r');
}

void cut(PlainText& plain) {
  std::size_t begin = 0;
  auto end = plain.text.size();
  while (begin < end && is_blank(plain.text, begin)) ++begin;
  while (end > begin && is_blank(plain.text, end - 1)) --end;
  plain.text = plain.text.substr(begin, end - begin);
  plain.origin.erase(plain.origin.begin() + static_cast<std::ptrdiff_t>(end) + 1, plain.origin.end());
  plain.origin.erase(plain.origin.begin(), plain.origin.begin() + static_cast<std::ptrdiff_t>(begin));
}

}  // namespace

PlainText plain_text(const Lexicon& lexicon, std::string_view text) {
  PlainText plain;
  plain.text.reserve(text.size());
  plain.origin.reserve(text.size() + 1);
  std::size_t at = 0;
  for (std::size_t count = 0; at < text.size() && count < kMostCharacters; ++count) {
    utf8proc_int32_t value = 0;
    const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                        static_cast<utf8proc_ssize_t>(text.size() - at), &value);
    if (bytes <= 0) {  // no UTF-8: the door lets none in; here it is only stepped over
      ++at;
      continue;
    }
    if (!is_zero_width(static_cast<char32_t>(value)) && value != 0) {
      utf8proc_uint8_t buffer[4];
      const auto size = utf8proc_encode_char(
          static_cast<utf8proc_int32_t>(plain_of(static_cast<char32_t>(value), lexicon.impl().simplify)), buffer);
      for (utf8proc_ssize_t i = 0; i < size; ++i) {
        plain.text += static_cast<char>(buffer[i]);
        plain.origin.push_back(static_cast<std::uint32_t>(at));
      }
    }
    at += static_cast<std::size_t>(bytes);
  }
  plain.origin.push_back(static_cast<std::uint32_t>(at));
  cut(plain);
  return plain;
}

}  // namespace huiyin::dialogs
