// The grammar of Chinese places: phase, building, unit, floor, room, each a number and its word, going down; or their
// numbers alone with dashes between.
#include <algorithm>
#include <array>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/places.h"

namespace huiyin::dialogs {
namespace {

enum class Level { none, phase, building, unit, floor, room };

template <std::size_t N>
std::string_view starts_with_one(std::string_view text, const std::array<std::string_view, N>& words) {
  for (const auto word : words)
    if (begins_with(text, word)) return word;
  return {};
}

constexpr std::array<std::string_view, 14> kBuildingWords{"号楼", "号栋", "号院", "号公寓", "号别墅", "栋",   "幢",
                                                          "座",   "#楼",  "#栋",  "#",      "号大楼", "单栋", "橦"};
constexpr std::array<std::string_view, 12> kNotAfterFloor{"盘", "宇", "栋", "灰", "油", "厚",
                                                          "皮", "水", "膜", "次", "面", "层"};
constexpr std::array<std::string_view, 9> kCommon{"大门", "大厅", "大堂", "走廊", "楼道",
                                                  "电梯", "公共", "过道", "楼梯"};
/// What a number of three or four digits is counted in, where it is no room.
constexpr std::array<std::string_view, 40> kMeasures{
    "元", "块",   "多",     "天", "次", "年",   "月", "日",   "分", "点",   "个", "人",   "度", "平",
    "米", "斤",   "张",     "箱", "份", "号楼", "栋", "单元", "座", "幢",   "期", "小时", "%",  "秒",
    "路", "车位", "号车位", "kg", "W",  "V",    "M",  "吨",   "岁", "号线", "瓶", "步"};
constexpr std::array<std::string_view, 14> kSides{"东户",   "西户",   "南户",   "北户",   "中户",   "左户", "右户",
                                                  "中间户", "东边户", "西边户", "东南户", "西南户", "东门", "西门"};

/// One place, from its first number on.
class PlaceReader {
 public:
  explicit PlaceReader(std::string_view text) : text_(text) {}

  std::optional<Fragment> read(std::size_t begin) {
    if (auto found = dashed(begin)) return found;
    Fragment found{.begin = begin, .end = begin, .rule = "place"};
    auto level = Level::none;
    while (level < Level::room) {
      const auto at = level == Level::none ? begin : skip_joints(found.end);
      const auto next = component(at, level, found);
      if (next == Level::none) break;
      level = next;
    }
    if (level == Level::none) return std::nullopt;
    if (level == Level::unit && !found.place.building.empty()) drop_one_of_units(found);
    if (level == Level::building || level == Level::unit || level == Level::floor) side(found);
    return found;
  }

 private:
  [[nodiscard]] std::string_view rest(std::size_t at) const { return text_.substr(std::min(at, text_.size())); }

  [[nodiscard]] std::size_t skip_spaces(std::size_t at) const {
    while (at < text_.size() && text_[at] == ' ') ++at;
    return at;
  }

  /// Between two parts of a place: a space, a comma, a dash, 的.
  [[nodiscard]] std::size_t skip_joints(std::size_t at) const {
    constexpr std::size_t kMost = 4;
    constexpr std::array<std::string_view, 5> kWideJoints{"，", "的", "杠", "【", "】"};
    constexpr std::string_view kSigns = " ,-./[](";
    for (std::size_t i = 0; i < kMost && at < text_.size(); ++i) {
      if (kSigns.find(text_[at]) != kSigns.npos)
        ++at;
      else if (rest(at).starts_with("·"))
        at += std::string_view("·").size();
      else if (!starts_with_one(rest(at), kWideJoints).empty())
        at += kHan;
      else
        break;
    }
    return at;
  }

  /// 「12号楼1单元和2单元」 is the building.
  void drop_one_of_units(Fragment& found) const {
    constexpr std::array<std::string_view, 5> kAnd{"和", "、", "跟", "与", "到"};
    if (starts_with_one(rest(found.end), kAnd).empty()) return;
    const auto next = read_place_number(text_, found.end + kHan);
    if (!next || !rest(next->end).starts_with("单元")) return;
    found.place.unit = found.place.unit_word = "";
    found.end = next->end + 2 * kHan;
  }

  /// Reads the next part, of a level below `above`, into `found`; none: there is none.
  Level component(std::size_t at, Level above, Fragment& found) const {
    if (above == Level::unit || above == Level::building)
      if (const auto level = dashed_rest(at, above, found); level != Level::none) return level;
    if (above == Level::building && named_unit(at, found)) return Level::unit;
    const auto number = read_place_number(text_, at);
    if (!number) return Level::none;
    const auto after = skip_spaces(number->end);
    if (above <= Level::phase && phase(*number, after, found)) return Level::phase;
    if (above < Level::building && building(*number, after, above, found)) return Level::building;
    if (above < Level::unit && unit(*number, after, above, found)) return Level::unit;
    if (above < Level::floor && floor(*number, at, after, found)) return Level::floor;
    if (above > Level::phase && spaced_room(at, found)) return Level::room;
    return room(*number, at, after, above, found) ? Level::room : Level::none;
  }

  bool phase(const PlaceNumber& number, std::size_t after, Fragment& found) const {
    constexpr std::array<std::string_view, 4> kWords{"期", "区", "组团", "号院"};
    const auto word = starts_with_one(rest(after), kWords);
    if (word == "号院" && (is_named_one(number) || !is_before_building(after + word.size()))) return false;
    if (word.empty() || (word == "期" && rest(after).starts_with("期间"))) return false;
    const bool lettered = number.digits == 0 && !number.chinese && is_before_building(after + word.size());
    if (word == "区" && !lettered && (number.digits == 0 || number.digits > 2)) return false;
    if (!found.place.phase.empty() && (word != "区" || found.place.phase.ends_with("区"))) return false;
    found.place.phase += number.value + std::string(word);  // 三期B区
    found.end = after + word.size();
    return true;
  }

  /// 「壹号院」 is an estate's name.
  [[nodiscard]] bool is_named_one(const PlaceNumber& number) const {
    return number.chinese && rest(number.end - kHan).starts_with("壹号");
  }

  /// 「A区」 of 「A区3栋」 is a phase, of 「C区138车位」 a part of a garage.
  [[nodiscard]] bool is_before_building(std::size_t at) const {
    const auto next = read_place_number(text_, skip_joints(at));
    return next && !starts_with_one(rest(skip_spaces(next->end)), kBuildingWords).empty();
  }

  bool building(const PlaceNumber& number, std::size_t after, Level above, Fragment& found) const {
    auto word = starts_with_one(rest(after), kBuildingWords);
    if (word.empty() && number.digits < 4 && (rest(after).starts_with("楼") || rest(after).starts_with("号")))
      word = by_what_follows(after);
    if (word == "座" && (rest(after).starts_with("座机") || rest(after).starts_with("座位"))) return false;
    if (word.empty() || (word.front() == '#' && number.digits == 0) || is_named_one(number)) return false;
    if (number.digits == 4 && number.value.size() == 4 && above == Level::none) return false;
    found.place.building = number.value;
    found.place.building_word = word.front() == '#' ? "号楼" : std::string(word);
    found.end = after + word.size();
    return true;
  }

  /// 「3楼2单元」「12号602」: buildings because of what comes behind.
  [[nodiscard]] std::string_view by_what_follows(std::size_t after) const {
    const auto word = text_.substr(after, kHan);
    const auto next = read_place_number(text_, skip_spaces(after + kHan));
    if (!next) return {};
    const auto behind = rest(skip_spaces(next->end));
    if (word == "楼") return behind.starts_with("单元") ? word : std::string_view{};
    const bool is_room = (next->digits == 3 || next->digits == 4) && starts_with_one(behind, kMeasures).empty();
    return is_room || behind.starts_with("单元") ? word : std::string_view{};
  }

  bool unit(const PlaceNumber& number, std::size_t after, Level above, Fragment& found) const {
    constexpr std::array<std::string_view, 3> kWords{"单元", "门洞", "号单元"};
    auto word = starts_with_one(rest(after), kWords);
    constexpr std::array<std::string_view, 2> kAfterBuilding{"门", "梯"};
    if (word.empty() && above == Level::building && number.digits > 0)
      if (const auto local = starts_with_one(rest(after), kAfterBuilding); !local.empty()) {
        const auto next = read_place_number(text_, skip_joints(after + local.size()));
        if (next && next->digits >= 3) word = local;
      }
    const bool label = rest(after + word.size()).starts_with(":");  // 「楼号：19 单元：1」
    if (word.empty() || number.digits > 2 || label) return false;
    found.place.unit = number.value;
    found.place.unit_word = word == "号单元" ? "单元" : std::string(word);
    found.end = after + word.size();
    return true;
  }

  /// 「7号楼西单元」「6幢甲单元」
  bool named_unit(std::size_t at, Fragment& found) const {
    constexpr std::array<std::string_view, 9> kNames{"东单元", "西单元", "南单元", "北单元", "中单元",
                                                     "甲单元", "乙单元", "丙单元", "丁单元"};
    const auto word = starts_with_one(rest(at), kNames);
    if (word.empty()) return false;
    found.place.unit = std::string(word.substr(0, kHan));
    found.place.unit_word = std::string(word.substr(kHan));
    found.end = at + word.size();
    return true;
  }

  bool floor(const PlaceNumber& number, std::size_t begin, std::size_t after, Fragment& found) const {
    const auto word = rest(after).substr(0, kHan);
    const bool letter = rest(after).starts_with("F") || rest(after).starts_with("/F");
    if (word != "楼" && word != "层" && !letter) return false;
    const auto end = after + (letter ? (text_[after] == '/' ? 2 : 1) : kHan);
    if (letter && end < text_.size() && is_word(text_[end])) return false;
    if (!letter && !starts_with_one(rest(end), kNotAfterFloor).empty()) return false;
    const bool apart = text_.substr(found.end, begin - found.end).find(',') != std::string_view::npos;
    if (apart && !starts_with_one(rest(end), kCommon).empty()) return false;  // 「2单元的，一楼大门关不上」
    if (number.digits > 2 || !is_digit(number.value.front())) return false;   // B2层 is a basement
    found.place.floor = number.value;
    found.place.floor_word = letter ? "楼" : std::string(word);
    found.end = end;
    then(found);
    return true;
  }

  /// 「12樓之3」
  void then(Fragment& found) const {
    if (!rest(found.end).starts_with("之")) return;
    const auto next = read_place_number(text_, found.end + kHan);
    if (next && next->digits == 1) found.place.side = "之" + next->value, found.end = next->end;
  }

  /// May it be a room without a word that says so?
  [[nodiscard]] bool may_end_bare(const PlaceNumber& number, std::size_t after) const {
    if (number.chinese && number.counted) return false;
    if (!starts_with_one(rest(after), kMeasures).empty()) return false;
    return number.end >= text_.size() || (!is_word(text_[number.end]) && !is_dash_number(number.end));
  }

  /// The word behind a room's number; none for 「1201 房东」.
  [[nodiscard]] std::string_view room_word(std::size_t at) const {
    constexpr std::array<std::string_view, 7> kWords{"号房", "号室", "室", "房", "户", "单位", "号"};
    constexpr std::array<std::string_view, 7> kOfHouses{"东", "子", "产", "租", "主", "门", "顶"};
    const auto word = starts_with_one(rest(at), kWords);
    return word == "房" && !starts_with_one(rest(at + kHan), kOfHouses).empty() ? std::string_view() : word;
  }

  bool room(const PlaceNumber& number, std::size_t begin, std::size_t after, Level above, Fragment& found) const {
    const auto word = room_word(after);
    if (word == "户" && number.chinese) return false;  // 「12楼两户中间」
    const bool lettered = number.digits == 0 && !number.chinese;
    const bool long_enough = number.digits == 3 || number.digits == 4;
    const bool flat = above == Level::floor && (lettered || (!word.empty() && word != "号")) && number.digits <= 2;
    const bool block = above == Level::building && number.digits <= 2 && !lettered && !number.chinese &&
                       is_letter(number.value.back());  // 3座12B
    const bool letter = above == Level::building && lettered && begin == found.end && is_flat_letter(number, after);
    if (!flat && !long_enough && !block && !letter) return false;
    if (above == Level::none && word != "室" && word != "号房") return false;
    if (word.empty() && !may_end_bare(number, after)) return false;
    if (lettered && (begin > found.end + 2 || (number.end < text_.size() && is_letter(text_[number.end]))))
      return false;
    found.place.room = number.value;
    found.end = word.empty() ? number.end : after + word.size();
    return true;
  }

  /// 「3 单元 1 0 2」
  bool spaced_room(std::size_t at, Fragment& found) const {
    std::string digits;
    for (; at < text_.size() && is_digit(text_[at]); at += 2) {
      digits += text_[at];
      if (at + 1 >= text_.size() || text_[at + 1] != ' ') break;
    }
    if (digits.size() < 3 || digits.size() > 4 || at >= text_.size() || !is_digit(text_[at])) return false;
    if (at + 1 < text_.size() && is_word(text_[at + 1])) return false;
    found.place.room = digits;
    found.end = at + 1;
    return true;
  }

  /// 「9座A廚房」, not 「3栋B座」
  [[nodiscard]] bool is_flat_letter(const PlaceNumber& number, std::size_t after) const {
    constexpr std::array<std::string_view, 13> kOther{"座", "区", "栋", "幢",   "口", "门", "梯",
                                                      "级", "型", "面", "单元", "层", "楼"};
    return number.value.size() == 1 && starts_with_one(rest(after), kOther).empty();
  }

  [[nodiscard]] bool is_dash_number(std::size_t at) const {
    if (text_[at] != '-' || at + 1 >= text_.size() || !is_digit(text_[at + 1])) return false;
    const auto next = read_place_number(text_, at + 1);
    return !next || next->digits < 3 || next->digits > 4;  // 1201-1202 are two rooms in one
  }

  /// 「3#2-501」 behind the building, 「8-2」 behind the unit.
  Level dashed_rest(std::size_t at, Level above, Fragment& found) const {
    const auto first = read_place_number(text_, at);
    if (!first || first->digits == 0 || first->digits > 2) return Level::none;
    const auto dash = skip_dash(first->end);
    const auto second = dash == first->end ? std::nullopt : read_place_number(text_, dash);
    if (!second || (second->end < text_.size() && is_word(text_[second->end]))) return Level::none;
    if (above == Level::building && (second->digits == 3 || second->digits == 4)) {
      found.place.unit = first->value;
      found.place.unit_word = "单元";
      found.place.room = second->value;
    } else if (second->digits == 1 || second->digits == 2) {
      found.place.room = first->value + "-" + second->value;
    } else {
      return Level::none;
    }
    found.end = second->end;
    if (rest(found.end).starts_with("室")) found.end += kHan;
    return Level::room;
  }

  [[nodiscard]] std::size_t skip_dash(std::size_t at) const {
    auto end = skip_spaces(at);
    if (rest(end).starts_with("-") || rest(end).starts_with("/")) return skip_spaces(end + 1);
    if (rest(end).starts_with("杠")) return end + kHan;
    if (rest(end).starts_with("—")) return end + kHan;
    if (rest(end).starts_with("·")) return end + std::string_view("·").size();
    return at;
  }

  /// 「2-1-602」「B-1502」「8-904」
  std::optional<Fragment> dashed(std::size_t begin) const {
    const auto first = read_place_number(text_, begin);
    if (!first || first->digits > 3 || first->counted) return std::nullopt;
    if (auto found = dotted(*first, begin)) return found;
    const auto second_at = skip_dash(first->end);
    if (second_at == first->end) return std::nullopt;
    const auto second = read_place_number(text_, second_at);
    if (!second || second->digits == 0) return std::nullopt;
    Fragment found{.begin = begin, .rule = "dashes"};
    found.place.building = first->value, found.place.building_word = "栋";
    const auto third_at = skip_dash(second->end);
    const auto third = third_at == second->end ? std::nullopt : read_place_number(text_, third_at);
    if (third && second->digits <= 2 && (is_room(*third) || is_padded_room(*third))) {
      found.place.unit = second->value, found.place.unit_word = "单元";
      found.place.room = third->value;
      found.end = third->end;
    } else if (!third && is_stairwell(*first, *second)) {
      found.place.unit = second->value, found.place.unit_word = "单元";
      found.end = second->end;
    } else if (!third && is_room(*second) && first->digits <= 2 && !is_bay(*first, *second, second->end)) {
      found.place.room = second->value;
      found.end = second->end;
    } else {
      return std::nullopt;
    }
    if (is_date(found.place) || !ends_here(found.end)) return std::nullopt;
    if (rest(found.end).starts_with("室") || rest(found.end).starts_with("房")) found.end += kHan;
    return found;
  }

  [[nodiscard]] bool ends_here(std::size_t end) const {
    if (end >= text_.size()) return true;
    if (is_word(text_[end]) ||
        (skip_dash(end) != end && text_[skip_dash(end)] != ' ' && is_digit(text_[skip_dash(end)])))
      return false;
    return starts_with_one(rest(end), kMeasures).empty();
  }

  /// 「8-1电梯」: a building's unit, where there is one lift.
  [[nodiscard]] bool is_stairwell(const PlaceNumber& first, const PlaceNumber& second) const {
    return first.digits > 0 && first.digits <= 2 && second.digits <= 2 && is_digit(second.value.front()) &&
           !starts_with_one(rest(skip_spaces(second.end)), kCommon).empty();
  }

  static bool is_room(const PlaceNumber& number) {
    return (number.digits == 3 || number.digits == 4) && is_digit(number.value.front()) && number.value.front() != '0';
  }

  /// 0102, the first floor's second, behind building and unit.
  static bool is_padded_room(const PlaceNumber& number) {
    return number.digits == 4 && number.value.size() == 4 && number.value[0] == '0' && number.value[1] != '0';
  }

  /// 「3.2.501」
  std::optional<Fragment> dotted(const PlaceNumber& first, std::size_t begin) const {
    const auto after_dot = [&](const PlaceNumber& number) {
      const bool dot = number.end < text_.size() && text_[number.end] == '.';
      return dot ? read_place_number(text_, number.end + 1) : std::nullopt;
    };
    const auto second = after_dot(first);
    const auto third = second ? after_dot(*second) : std::nullopt;
    const auto is_short = [](const PlaceNumber& n) {
      return n.digits == n.value.size() && n.digits <= 2 && !n.chinese;
    };
    if (!third || !is_short(first) || !is_short(*second) || third->chinese || !is_room(*third)) return std::nullopt;
    Fragment found{.begin = begin, .end = third->end, .rule = "dots"};
    found.place.building = first.value, found.place.building_word = "栋";
    found.place.unit = second->value, found.place.unit_word = "单元";
    found.place.room = third->value;
    const bool goes_on = found.end < text_.size() && text_[found.end] == '.' && found.end + 1 < text_.size() &&
                         is_digit(text_[found.end + 1]);
    if (goes_on || is_date(found.place) || !ends_here(found.end)) return std::nullopt;
    return found;
  }

  static bool is_date(const Place& place) {
    return !place.unit.empty() && place.room.size() == 4 &&
           (place.room.starts_with("202") || place.room.starts_with("201")) && place.building.size() <= 2 &&
           place.unit.size() <= 2;
  }

  /// B1-036: a parking bay on a basement floor.
  [[nodiscard]] bool is_bay(const PlaceNumber& first, const PlaceNumber& second, std::size_t end) const {
    return (first.value.front() == 'B' || first.value.front() == 'P') && first.digits > 0 &&
           (second.digits == 3 || rest(end).starts_with("车位"));
  }

  void side(Fragment& found) const {
    auto at = skip_joints(found.end);
    if (rest(at).starts_with("顶层") || rest(at).starts_with("顶楼")) at = skip_spaces(at + 2 * kHan);
    const auto word = starts_with_one(rest(at), kSides);
    if (word.empty() || word.ends_with("门")) return;
    found.place.side = std::string(word);
    found.end = at + word.size();
  }

  std::string_view text_;
};

}  // namespace

std::optional<Fragment> read_chinese_place(std::string_view text, std::size_t begin) {
  return PlaceReader(text).read(begin);
}

}  // namespace huiyin::dialogs
