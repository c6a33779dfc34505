#include "tickets/departments.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace huiyin::tickets {
namespace {

using Text = std::string_view;
constexpr std::array<Text, 8> kBuildings = {"号楼", "號樓", "号院", "幢", "座", "栋", "棟", "号栋"};
constexpr Text kBuilding = "栋";
constexpr std::array<Text, 8> kCounted = {"栋", "单元", "單元", "层", "楼", "樓", "室", "号"};
constexpr std::array<Text, 10> kNumerals = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
constexpr std::array<Text, 7> kSeparators = {" ", "/", ",", "，", "、", "·", "."};

template <std::size_t N>
std::size_t length_at_start(Text text, const std::array<Text, N>& words) {
  for (const auto word : words)
    if (text.starts_with(word)) return word.size();
  return 0;
}

/// Without separators, with one word for a building.
std::string with_one_building(Text folded) {
  std::string out;
  while (!folded.empty()) {
    if (const auto gap = length_at_start(folded, kSeparators)) {
      folded.remove_prefix(gap);
    } else if (const auto building = length_at_start(folded, kBuildings)) {
      out += kBuilding;
      folded.remove_prefix(building);
    } else {
      out += folded.front();
      folded.remove_prefix(1);
    }
  }
  return out;
}

std::size_t length_of_numerals(Text text) {
  std::size_t length = 0;
  while (const auto one = length_at_start(text.substr(length), kNumerals)) length += one;
  return length;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool stands_alone(Text address, std::size_t at, Text place) {
  const auto end = at + place.size();
  const bool joined_before = is_digit(place.front()) && at > 0 && is_digit(address[at - 1]);
  const bool joined_after = is_digit(place.back()) && end < address.size() && is_digit(address[end]);
  return !joined_before && !joined_after;
}

}  // namespace

bool fits(const KindOfTicket& kind, const Ticket& ticket) {
  return (kind.category == Category::none || kind.category == ticket.category) &&
         (kind.subcategory.empty() || kind.subcategory == ticket.subcategory);
}

DepartmentId find_department(const std::vector<DepartmentRule>& rules, const Ticket& ticket) {
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const DepartmentRule& rule) {
    return fits(rule.kind, ticket) && (rule.place.empty() || names_place(ticket.address, rule.place));
  });
  return found == rules.end() ? DepartmentId{} : found->department;
}

std::string comparable_place(std::string_view address) {
  const auto plain = with_one_building(fold(address));
  std::string out;
  for (Text rest = plain; !rest.empty();) {
    const auto numerals = length_of_numerals(rest);
    const auto number = numerals > 0 && length_at_start(rest.substr(numerals), kCounted) > 0
                            ? parse_ordinal(rest.substr(0, numerals))
                            : std::nullopt;
    const auto taken = number ? numerals : 1;
    out += number ? std::to_string(*number) : std::string(rest.substr(0, 1));
    rest.remove_prefix(taken);
  }
  return out;
}

bool names_place(std::string_view address, std::string_view place) {
  const auto where = comparable_place(address);
  const auto what = comparable_place(place);
  if (what.empty()) return false;
  for (auto at = where.find(what); at != std::string::npos; at = where.find(what, at + 1))
    if (stands_alone(where, at, what)) return true;
  return false;
}

}  // namespace huiyin::tickets
