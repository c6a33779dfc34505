// The owner's place: of all pieces of places in a text the one that is his, put together with what else is said of it.
#include <algorithm>
#include <array>

#include "dialogs/understanding/characters.h"
#include "dialogs/understanding/extract.h"
#include "dialogs/understanding/places.h"
#include "dialogs/understanding/words.h"

namespace huiyin::dialogs {
namespace {

constexpr int kUnfit = -100;

bool is_floor_only(const Place& place) {
  return place.building.empty() && place.unit.empty() && place.room.empty() && place.phase.empty();
}

int worth(const Fragment& fragment) {
  const auto& place = fragment.place;
  if (fragment.foreign || fragment.negated) return kUnfit;
  if (is_floor_only(place) && !fragment.own) return kUnfit;
  if (!place.phase.empty() && place.building.empty() && place.unit.empty() && place.room.empty()) return kUnfit;
  return (fragment.chosen ? 8 : 0) + (fragment.own ? 4 : 0) + (place.building.empty() ? 0 : 3) +
         (place.room.empty() ? 0 : 2) + (place.unit.empty() ? 0 : 1);
}

/// Two buildings at once, neither more the owner's than the other: then none is told.
bool is_rival(const Fragment& one, const Fragment& other) {
  return !one.place.building.empty() && !other.place.building.empty() && one.place.building != other.place.building;
}

/// 「2幢1303、2幢1403」: several homes at once, of which none is more the owner's.
bool in_one_breath(std::string_view text, const Fragment& one, const Fragment& other) {
  constexpr std::array<std::string_view, 6> kAnd{"、", "和", "跟", "与", "及", "还有"};
  if (other.begin <= one.end || one.own || other.own || one.place.room == other.place.room) return false;
  const auto between = text.substr(one.end, other.begin - one.end);
  return std::find(kAnd.begin(), kAnd.end(), between) != kAnd.end();
}

bool fits_beside(const std::string& one, const std::string& other) {
  return one.empty() || other.empty() || one == other;
}

/// 「2期8栋 房号是1904」「我803，12号楼2单元」: what one piece leaves open the other says.
void complete(Fragment& chosen, const Fragment& other) {
  auto& place = chosen.place;
  const auto& more = other.place;
  if (other.foreign || other.negated || (is_floor_only(more) && !other.own && !other.chosen)) return;
  if (!fits_beside(place.building, more.building) || !fits_beside(place.unit, more.unit) ||
      !fits_beside(place.phase, more.phase) || !fits_beside(place.room, more.room))
    return;
  if (!place.room.empty() && place.floor.empty() && more.room.empty() && more.building.empty() && more.unit.empty())
    return;
  const auto take = [](std::string& into, const std::string& from) {
    if (into.empty()) into = from;
  };
  if (place.building.empty()) {
    place.building = more.building;
    place.building_word = more.building_word;
  }
  if (place.unit.empty()) {
    place.unit = more.unit;
    place.unit_word = more.unit_word;
  }
  take(place.phase, more.phase);
  if (place.floor.empty()) {
    place.floor = more.floor;
    place.floor_word = more.floor_word;
  }
  take(place.room, more.room);
  take(place.side, more.side);
}

/// 「楼上3栋1506漏水，我1406」: who lives above lives in the same building.
void in_building_of(Fragment& chosen, const Fragment& other) {
  if (!other.near || !chosen.place.building.empty() || chosen.place.room.empty()) return;
  chosen.place.building = other.place.building;
  chosen.place.building_word = other.place.building_word;
  if (chosen.place.unit.empty()) chosen.place.unit = other.place.unit, chosen.place.unit_word = other.place.unit_word;
}

constexpr std::array<std::string_view, 34> kEstateEnds{
    "小区", "花园", "花城", "家园", "苑", "园",   "公寓", "大厦", "府",   "湾",   "庭",   "城",
    "里",   "村",   "新村", "广场", "居", "轩",   "阁",   "邸",   "院",   "山庄", "半岛", "国际",
    "中心", "公馆", "甲",   "乙",   "坊", "社区", "天地", "名都", "豪庭", "号"};
constexpr std::array<std::string_view, 29> kBeforeEstate{
    "房号",   "门牌号", "门牌",   "室号", "房间号", "住在", "住",     "地址", "位于", "我是",
    "我家在", "家在",   "居住于", "址",   "在",     "是",   "我家",   "业主", "位置", "我系",
    "于",     "我哋",   "物业",   "你好", "您好",   "麻烦", "小区的", "到",   "去"};

/// The characters and digits that stand right before `end`.
std::string_view run_before(std::string_view text, std::size_t end) {
  constexpr std::size_t kMost = 90;
  auto begin = end;
  while (begin > 0 && end - begin < kMost) {
    if (const auto han = han_before(text, begin); !han.empty())
      begin -= han.size();
    else if (is_digit(text[begin - 1]))
      --begin;
    else
      break;
  }
  return text.substr(begin, end - begin);
}

/// What stands behind the last number that is no street's: such a one is not of the place.
std::string_view behind_other_numbers(std::string_view name) {
  constexpr std::array<std::string_view, 7> kStreets{"路", "街", "道", "巷", "段", "里", "弄"};
  for (std::size_t i = name.size(); i-- > 0;) {
    if (!is_digit(name[i])) continue;
    auto first = i;
    while (first > 0 && is_digit(name[first - 1])) --first;
    const auto tail = name.substr(i + 1);
    const bool street = ends_with_any(name.substr(0, first), kStreets);
    if (!street || (!tail.starts_with("号") && !tail.starts_with("弄"))) return tail;
    i = first;
  }
  return name;
}

/// The estate, the street, the city written in front; where they begin.
std::size_t estate_begin(std::string_view text, std::size_t end) {
  auto name = run_before(text, end);
  for (const auto cue : kBeforeEstate)
    if (const auto at = name.rfind(cue); at != std::string_view::npos) name.remove_prefix(at + cue.size());
  name = behind_other_numbers(name);
  const bool known = name.size() >= 2 * kHan && std::any_of(kEstateEnds.begin(), kEstateEnds.end(),
                                                            [&](auto word) { return name.ends_with(word); });
  const bool lane = name.ends_with("弄") || name.ends_with("路") || name.ends_with("街");
  return known || lane ? static_cast<std::size_t>(name.data() - text.data()) : end;
}

/// 「Riverside Garden, 」 in front of 「Building 15」
std::size_t english_estate_begin(std::string_view text, std::size_t end) {
  constexpr std::array<std::string_view, 18> kEnds{"Garden", "Gardens",   "Court", "Mansion", "Plaza",   "Villa",
                                                   "Villas", "Estate",    "City",  "Bay",     "Park",    "Heights",
                                                   "Towers", "Residence", "Place", "House",   "Terrace", "Centre"};
  auto name_end = end;
  while (name_end > 0 && (text[name_end - 1] == ' ' || text[name_end - 1] == ',')) --name_end;
  const auto lead = text.substr(0, name_end);
  if (std::none_of(kEnds.begin(), kEnds.end(), [&](auto word) { return lead.ends_with(word); })) return end;
  auto begin = name_end;
  for (auto word = begin; word > 0; --word) {
    while (word > 0 && is_letter(text[word - 1])) --word;
    if (word == begin || !is_upper(text[word])) break;
    begin = word;
    if (word == 0 || text[word - 1] != ' ') break;
  }
  return begin;
}

/// 「楼上1506」: the first place that is somebody else's.
std::optional<Found> place_of_others(const std::vector<Fragment>& fragments) {
  const auto found = std::find_if(fragments.begin(), fragments.end(), [](const auto& one) { return one.foreign; });
  if (found == fragments.end()) return std::nullopt;
  return Found{shown_place(found->place), found->begin, found->end, 0.8, "place_of_others"};
}

}  // namespace

std::string shown_place(const Place& place) {
  std::string value;
  if (place.english) {
    const auto add = [&](const char* word, const std::string& number) {
      if (!number.empty()) value += (value.empty() ? "" : ", ") + std::string(word) + " " + number;
    };
    add("Building", place.building);
    add("Unit", place.unit);
    add("Floor", place.floor);
    add("Room", place.room);
    return value;
  }
  const auto word_or = [](const std::string& word, const char* other) { return word.empty() ? other : word; };
  value = place.phase;
  if (!place.building.empty()) value += place.building + word_or(place.building_word, "栋");
  if (!place.unit.empty()) value += place.unit + word_or(place.unit_word, "单元");
  if (!place.floor.empty()) value += place.floor + word_or(place.floor_word, "楼");
  return value + place.room + place.side;
}

namespace {

/// The one that tells the owner's place best; null where none does, or two do.
const Fragment* best_of(std::string_view text, const std::vector<Fragment>& fragments) {
  const Fragment* best = nullptr;
  int most = 0;
  bool rival = false;
  for (const auto& fragment : fragments) {
    const int score = worth(fragment);
    if (score <= 0 || (best != nullptr && score < most)) continue;
    if (best != nullptr && score == most) {
      rival = rival || is_rival(*best, fragment);
      if (in_one_breath(text, *best, fragment)) return nullptr;
      continue;
    }
    best = &fragment;
    most = score;
    rival = false;
  }
  return best == nullptr || (rival && best->place.room.empty() && !best->own) ? nullptr : best;
}

}  // namespace

std::optional<Found> find_address(std::string_view text, Place* place, std::optional<Found>* others) {
  const auto fragments = find_fragments(text);
  if (others != nullptr) *others = place_of_others(fragments);
  const auto* const best = best_of(text, fragments);
  if (best == nullptr) return std::nullopt;
  auto chosen = *best;
  for (const auto& fragment : fragments)
    if (&fragment != best) complete(chosen, fragment);
  for (const auto& fragment : fragments) in_building_of(chosen, fragment);
  const bool mixed =
      chosen.place.english && std::any_of(fragments.begin(), fragments.end(), [](const auto& one) {
        return !one.place.english && !one.foreign && !one.negated && one.rule != std::string_view("room");
      });
  if (mixed) chosen.place.english = false;
  if (place != nullptr) *place = chosen.place;
  const auto begin = chosen.place.english ? english_estate_begin(text, chosen.begin) : estate_begin(text, chosen.begin);
  return Found{std::string(text.substr(begin, chosen.begin - begin)) + shown_place(chosen.place), begin, chosen.end,
               chosen.place.building.empty() ? 0.7 : 0.9, chosen.rule};
}

}  // namespace huiyin::dialogs
