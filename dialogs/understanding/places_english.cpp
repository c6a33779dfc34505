#include <algorithm>
#include <array>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/places.h"

namespace huiyin::dialogs {
namespace {

enum class Part { building, unit, floor, room };

struct Keyword {
  std::string_view word;
  Part part;
};
constexpr std::array<Keyword, 17> kKeywords{{{"building", Part::building},
                                             {"bldg", Part::building},
                                             {"block", Part::building},
                                             {"blk", Part::building},
                                             {"tower", Part::building},
                                             {"villa", Part::building},
                                             {"unit", Part::unit},
                                             {"floor", Part::floor},
                                             {"flr", Part::floor},
                                             {"level", Part::floor},
                                             {"room", Part::room},
                                             {"rm", Part::room},
                                             {"flat", Part::room},
                                             {"apt", Part::room},
                                             {"apartment", Part::room},
                                             {"suite", Part::room},
                                             {"house", Part::room}}};
constexpr std::array<std::string_view, 20> kOrdinals{
    "first",     "second",    "third",       "fourth",     "fifth",      "sixth",      "seventh",
    "eighth",    "ninth",     "tenth",       "eleventh",   "twelfth",    "thirteenth", "fourteenth",
    "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"};
constexpr std::array<std::string_view, 10> kCardinals{"one", "two",   "three", "four", "five",
                                                      "six", "seven", "eight", "nine", "ten"};

char small(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

class EnglishReader {
 public:
  explicit EnglishReader(std::string_view text) : text_(text) {}

  std::optional<Fragment> read(std::size_t begin) {
    Fragment found{.begin = begin, .end = begin, .rule = "english"};
    found.place.english = true;
    bool any = false;
    for (auto at = begin;;) {
      auto end = part(at, found.place);
      if (end == at && any) end = bare_room(at, found.place);
      if (end == at) break;
      any = true;
      found.end = end;
      at = skip_joints(end);
    }
    if (!any) return std::nullopt;
    auto& place = found.place;
    const auto digits = static_cast<std::size_t>(std::count_if(place.unit.begin(), place.unit.end(), is_digit));
    if (place.room.empty() && (digits >= 3 || (digits > 0 && is_letter(place.unit.back()))))
      std::swap(place.room, place.unit);  // Unit 2203 is the flat
    if (place.room.empty() && !place.floor.empty() && place.unit.size() == 1 && is_letter(place.unit.front()))
      std::swap(place.room, place.unit);  // 12th floor, unit C
    return found;
  }

 private:
  [[nodiscard]] std::string word_at(std::size_t at) const {
    std::string word;
    while (at < text_.size() && is_letter(text_[at]) && word.size() < 16) word += small(text_[at++]);
    return word;
  }

  /// Reads one part; what is behind it, or `at` where there is none.
  std::size_t part(std::size_t at, Place& place) const {
    if (at >= text_.size()) return at;
    if (const auto end = numbered_building(at, place); end != at) return end;
    if (const auto end = room_before_building(at, place); end != at) return end;
    if (is_digit(text_[at])) return numbered_floor(at, place);
    const auto word = word_at(at);
    if (word.empty()) return at;
    const auto* keyword =
        std::find_if(kKeywords.begin(), kKeywords.end(), [&](const auto& k) { return k.word == word; });
    if (keyword == kKeywords.end()) return spoken_floor(at, word, place);
    auto& slot = slot_of(keyword->part, place);
    if (!slot.empty()) return at;
    const auto value_at = skip_sign(at + word.size());
    const auto value = value_of(value_at, keyword->part);
    if (value.first.empty()) return at;
    slot = value.first;
    return value.second;
  }

  /// 「B tower」「No. 8 building」
  std::size_t numbered_building(std::size_t at, Place& place) const {
    constexpr std::array<std::string_view, 4> kWords{"building", "bldg", "block", "tower"};
    const auto number_at = skip_sign(at);
    const auto number = read_place_number(text_, number_at);
    if (!place.building.empty() || !number || number->chinese || number->digits > 2) return at;
    const bool lettered = number->digits == 0;
    if (number->end >= text_.size() || text_[number->end] != ' ' || (lettered && !is_upper(text_[number_at])))
      return at;
    const auto word = word_at(number->end + 1);
    if (std::find(kWords.begin(), kWords.end(), word) == kWords.end()) return at;
    const auto end = number->end + 1 + word.size();
    const auto next = read_place_number(text_, skip_sign(end));
    const bool names_another = next && !next->chinese && (next->digits > 0 || is_upper(text_[skip_sign(end)]));
    if (names_another || (lettered && number->value == "A" && at == number_at && at > 0)) return at;  // 「saw A tower」
    place.building = number->value;
    return end;
  }

  /// 「15B, Block 3」「1406, Tower 5」
  std::size_t room_before_building(std::size_t at, Place& place) const {
    const auto number = read_place_number(text_, at);
    if (!place.room.empty() || !number || number->chinese || number->digits == 0) return at;
    const bool counted = number->digits >= 3 && number->value.front() != '0';
    if (!is_digit(text_[at]) || (!counted && !is_letter(number->value.back()))) return at;
    if (number->end >= text_.size() || is_word(text_[number->end])) return at;
    const auto word = word_at(skip_joints(number->end));
    if (word != "building" && word != "block" && word != "tower") return at;
    place.room = number->value;
    return number->end;
  }

  /// 「Building 11, 1703」
  std::size_t bare_room(std::size_t at, Place& place) const {
    const auto number = read_place_number(text_, at);
    if (place.building.empty() || !place.room.empty() || !number || number->chinese) return at;
    const bool lettered = number->digits > 0 && is_letter(number->value.back());
    if (number->digits != 3 && number->digits != 4 && !lettered) return at;
    if (number->end < text_.size() && (is_word(text_[number->end]) || text_[number->end] == '-')) return at;
    place.room = number->value;
    return number->end;
  }

  static std::string& slot_of(Part part, Place& place) {
    switch (part) {
      case Part::building:
        return place.building;
      case Part::unit:
        return place.unit;
      case Part::floor:
        return place.floor;
      case Part::room:
        break;
    }
    return place.room;
  }

  /// 「building No. 6」「unit #2」
  [[nodiscard]] std::size_t skip_sign(std::size_t at) const {
    const auto skip = [&] {
      while (at < text_.size() && (text_[at] == ' ' || text_[at] == '.' || text_[at] == '#' || text_[at] == ':')) ++at;
    };
    skip();
    for (const std::string_view sign : {"number", "no"})
      if (word_at(at) == sign) {
        at += sign.size();
        skip();
        break;
      }
    return at;
  }

  [[nodiscard]] std::pair<std::string, std::size_t> value_of(std::size_t at, Part part) const {
    const auto word = word_at(at);
    if (word.size() > 1 && part != Part::room)
      for (std::size_t i = 0; i < kCardinals.size(); ++i)
        if (kCardinals[i] == word) return {std::to_string(i + 1), at + word.size()};
    const auto number = read_place_number(text_, at);
    if (!number || number->chinese) return {};
    if (number->end < text_.size() && is_word(text_[number->end])) return {};
    const bool dashed = number->digits > 0 && number->end + 1 < text_.size() && text_[number->end] == '-' &&
                        is_digit(text_[number->end + 1]);
    if (dashed && part != Part::building) return {};  // unit 3-1-1206
    if (number->digits == 0 && word == "a" && part != Part::building && number->end < text_.size()) return {};
    if (number->digits == 0 && word == "i") return {};
    auto end = number->end;
    auto value = number->value;
    if (number->digits == 0 && end + 1 < text_.size() && text_[end] == '-' && is_digit(text_[end + 1])) {  // flat B-12
      const auto more = read_place_number(text_, end + 1);
      if (more && more->digits > 0) value += more->value, end = more->end;
    }
    return {value, end};
  }

  /// 「3rd floor」「15/F」「15F」
  std::size_t numbered_floor(std::size_t at, Place& place) const {
    std::size_t end = at;
    while (end < text_.size() && is_digit(text_[end]) && end - at < 3) ++end;
    const auto number = std::string(text_.substr(at, end - at));
    if (end < text_.size() && text_[end] == '/') ++end;
    if (end < text_.size() && small(text_[end]) == 'f' && (end + 1 >= text_.size() || !is_word(text_[end + 1]))) {
      place.floor = number;
      return end + 1;
    }
    const auto suffix = word_at(end);
    if (suffix != "st" && suffix != "nd" && suffix != "rd" && suffix != "th") return at;
    end += suffix.size();
    while (end < text_.size() && text_[end] == ' ') ++end;
    if (const auto word = word_at(end); word != "floor" && word != "flr") return at;
    place.floor = number;
    return end + word_at(end).size();
  }

  std::size_t spoken_floor(std::size_t at, const std::string& word, Place& place) const {
    for (std::size_t i = 0; i < kOrdinals.size(); ++i) {
      if (kOrdinals[i] != word) continue;
      auto end = at + word.size();
      while (end < text_.size() && text_[end] == ' ') ++end;
      if (word_at(end) != "floor") return at;
      place.floor = std::to_string(i + 1);
      return end + std::string_view("floor").size();
    }
    return at;
  }

  [[nodiscard]] std::size_t skip_joints(std::size_t at) const {
    const auto skip = [&] {
      while (at < text_.size() && (text_[at] == ' ' || text_[at] == ',' || text_[at] == '-' || text_[at] == '.' ||
                                   text_[at] == ';' || text_[at] == '\n' || text_[at] == '/'))
        ++at;
      if (text_.substr(at).starts_with("，")) at += kHan;
      while (at < text_.size() && text_[at] == ' ') ++at;
    };
    skip();
    constexpr std::array<std::string_view, 5> kLinks{"of", "in", "at", "on", "the"};
    for (auto word = word_at(at); std::find(kLinks.begin(), kLinks.end(), word) != kLinks.end(); word = word_at(at)) {
      at += word.size();
      skip();
    }
    return at;
  }

  std::string_view text_;
};

}  // namespace

std::optional<Fragment> read_english_place(std::string_view text, std::size_t begin) {
  return EnglishReader(text).read(begin);
}

}  // namespace huiyin::dialogs
