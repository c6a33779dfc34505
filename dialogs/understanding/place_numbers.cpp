#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/extract.h"
#include "dialogs/understanding/places.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kMostDigits = 4;
constexpr std::size_t kMostNumerals = 5;  // 一百二十三

int numeral_at(std::string_view text, std::size_t at) {
  constexpr std::u32string_view kNumerals = U"零一二三四五六七八九〇幺两俩";
  constexpr std::string_view kValues = "01234567890122";
  if (at + kHan > text.size() || static_cast<unsigned char>(text[at]) < 0xE3) return -1;
  const auto c = take_character(text, at);
  if (c == U'十') return 10;
  if (c == U'百') return 100;
  const auto found = kNumerals.find(c);
  return found == std::u32string_view::npos ? -1 : kValues[found] - '0';
}

char capital(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::optional<PlaceNumber> read_arabic(std::string_view text, std::size_t begin) {
  PlaceNumber number{.end = begin};
  auto& at = number.end;
  if (is_letter(text[at])) {
    number.value += capital(text[at++]);
    if (at < text.size() && is_letter(text[at])) return std::nullopt;
  }
  while (at < text.size() && is_digit(text[at]) && number.digits <= kMostDigits) {
    number.value += text[at++];
    ++number.digits;
  }
  if (number.digits > kMostDigits) return std::nullopt;
  const bool suffixed =
      number.digits > 0 && at < text.size() && is_letter(text[at]) && (at + 1 >= text.size() || !is_word(text[at + 1]));
  if (suffixed && capital(text[at]) != 'F' && !is_letter(text[begin])) number.value += capital(text[at++]);
  return number;
}

}  // namespace

std::string arabic(std::string_view numeral) {
  if (numeral.empty() || is_word(numeral.front())) return std::string(numeral);
  int total = 0;
  int digit = -1;
  std::string plain;
  bool counted = false;
  for (std::size_t i = 0; i + kHan <= numeral.size(); i += kHan) {
    const int value = numeral_at(numeral, i);
    if (value < 10) {
      digit = value;
      if (digit >= 0) plain += static_cast<char>('0' + digit);
      continue;
    }
    counted = true;
    total += (digit > 0 ? digit : 1) * value;
    digit = -1;
  }
  if (!counted) return plain;
  return std::to_string(total + (digit > 0 ? digit : 0));
}

std::optional<PlaceNumber> read_place_number(std::string_view text, std::size_t begin) {
  if (begin >= text.size()) return std::nullopt;
  if (is_word(text[begin])) return read_arabic(text, begin);
  PlaceNumber number{.end = begin, .chinese = true};
  std::size_t count = 0;
  for (int value = 0; (value = numeral_at(text, number.end)) >= 0; number.end += kHan) {
    number.counted = number.counted || value >= 10;
    if (++count > kMostNumerals) return std::nullopt;
  }
  if (count == 0) return std::nullopt;
  number.value = arabic(text.substr(begin, number.end - begin));
  number.digits = number.counted ? 0 : count;
  // 五六楼, 七八间: about so many.
  const bool about = number.digits == 2 && number.value[1] == number.value[0] + 1;
  if (about) return std::nullopt;
  return number;
}

}  // namespace huiyin::dialogs
