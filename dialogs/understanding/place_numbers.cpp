#include <algorithm>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/extract.h"
#include "dialogs/understanding/places.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kMostDigits = 4;
constexpr std::size_t kMostNumerals = 5;  // 一百二十三

int numeral_at(std::string_view text, std::size_t at) {
  if (at + kHan > text.size() || static_cast<unsigned char>(text[at]) < 0xE3) return -1;
  const auto c = take_character(text, at);
  if (c == U'十') return 10;
  if (c == U'百') return 100;
  return c == U'俩' ? 2 : chinese_digit(c);
}

char capital(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::optional<PlaceNumber> read_arabic(std::string_view text, std::size_t begin) {
  PlaceNumber number{.end = begin};
  auto& at = number.end;
  if (is_letter(text[at])) {
    number.value += capital(text[at++]);
    if (at < text.size() && is_letter(text[at])) return std::nullopt;
  }
  const auto takes = [&] {  // 5O1: the letter that looks like a nought
    const bool nought = number.digits > 0 && at + 1 < text.size() && text[at] == 'O' && is_digit(text[at + 1]);
    return at < text.size() && (is_digit(text[at]) || nought) && number.digits <= kMostDigits;
  };
  for (; takes(); ++at, ++number.digits) number.value += is_digit(text[at]) ? text[at] : '0';
  if (number.digits > kMostDigits) return std::nullopt;
  const bool suffixed =
      number.digits > 0 && at < text.size() && is_letter(text[at]) && (at + 1 >= text.size() || !is_word(text[at + 1]));
  if (suffixed && capital(text[at]) != 'F' && !is_letter(text[begin])) number.value += capital(text[at++]);
  return number;
}

}  // namespace

namespace {

/// 「十二零三」: the floor counted, the room's number behind it digit by digit; where that begins, or 0.
std::size_t room_behind_floor(std::string_view numeral) {
  const auto ten = numeral.find("十");
  if (ten == numeral.npos || numeral.find("百") != numeral.npos) return 0;
  const auto nought = std::min(numeral.find("零", ten), numeral.find("〇", ten));
  return nought != numeral.npos && nought + 2 * kHan == numeral.size() ? nought : 0;
}

/// Of one Chinese numeral, counted (十二) or spelled (一二).
std::string arabic_of_one(std::string_view numeral) {
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

}  // namespace

std::string arabic(std::string_view numeral) {
  if (numeral.empty() || is_word(numeral.front())) return std::string(numeral);
  const auto room = room_behind_floor(numeral);
  return room == 0 ? arabic_of_one(numeral)
                   : arabic_of_one(numeral.substr(0, room)) + arabic_of_one(numeral.substr(room));
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
  if (number.counted && number.value.size() > 2 && text.substr(begin, number.end - begin).find("百") == text.npos)
    number.counted = false, count = number.value.size();  // 十二零三
  number.digits = number.counted ? 0 : count;
  // 五六楼, 七八间: about so many.
  const bool about = number.digits == 2 && number.value[1] == number.value[0] + 1;
  if (about) return std::nullopt;
  return number;
}

}  // namespace huiyin::dialogs
