#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "dialogs/understanding/extract.h"

namespace huiyin::dialogs {
namespace {

#define HUIYIN_NUMERAL "[一二三四五六七八九十百零〇]{1,4}"

struct Rule {
  const char* name;
  const char* pattern;  // groups: building, its word, unit, its word, floor, its word, room, its word
  std::array<std::string_view, 6> needs{};  // where none of these stands, the pattern need not be tried
};

const std::array<Rule, 6> kRules{{
    {"building",
     "(?:第)?([A-Za-z]?[0-9]{1,4}|[A-Za-z]|" HUIYIN_NUMERAL ")\\s*(号楼|号院|栋|幢|座|#楼)"
     "(?:[\\s,，的]*([0-9]{1,2}|" HUIYIN_NUMERAL "|[A-Za-z])\\s*(单元|门洞))?"
     "(?:[\\s,，的-]*([0-9]{1,2}|" HUIYIN_NUMERAL ")\\s*(楼|层))?"
     "(?:[\\s,，的-]*([0-9]{2,4}[A-Za-z]?|[0-9]?[A-Za-z]|[零〇一二三四五六七八九]{3,4})\\s*(室|房间|房|号房|号)?)?",
     {"号楼", "号院", "栋", "幢", "座", "#楼"}},
    {"dashes", "([0-9]{1,3})()\\s*-\\s*([0-9]{1,2})()()()\\s*-\\s*([0-9]{3,4})()(?:室)?", {"-"}},
    {"hash", "([0-9]{1,3})(#)(?:([0-9]{1,2})()(?:-|单元))?()()([0-9]{3,4})()(?:室)?", {"#"}},
    {"unit", "()()([0-9]{1,2}|" HUIYIN_NUMERAL ")\\s*(单元)[\\s,，-]*()()([0-9]{3,4})\\s*(室|房|号)?", {"单元"}},
    {"room", "()()()()()()([0-9]{3,4})\\s*(室)", {"室"}},
    {"english",
     "(?i)\\b(?:building|bldg\\.?|block|tower)\\s*([A-Z]?[0-9]{1,4}|[A-Z])\\b()"
     "(?:[\\s,]*unit\\s*([0-9A-Z]{1,3})\\b())?"
     "(?:[\\s,]*(?:floor\\s*([0-9]{1,2})\\b())?)"
     "(?:[\\s,]*(?:room|rm\\.?|apt\\.?|apartment|flat)\\s*([0-9A-Z]{1,6})\\b())?",
     {"b", "B", "t", "T"}},
}};

#undef HUIYIN_NUMERAL

constexpr int kGroups = 9;
using Groups = std::array<re2::StringPiece, kGroups>;

const re2::RE2& compiled(std::size_t rule) {
  static const std::array<re2::RE2, 6> all{re2::RE2(kRules[0].pattern), re2::RE2(kRules[1].pattern),
                                           re2::RE2(kRules[2].pattern), re2::RE2(kRules[3].pattern),
                                           re2::RE2(kRules[4].pattern), re2::RE2(kRules[5].pattern)};
  return all[rule];
}

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string word_or(const re2::StringPiece& word, const char* otherwise) {
  return word.empty() ? otherwise : std::string(word);
}

std::string english(const Groups& groups) {
  std::string value = "Building " + std::string(groups[1]);
  if (!groups[3].empty()) value += ", Unit " + std::string(groups[3]);
  if (!groups[5].empty()) value += ", Floor " + std::string(groups[5]);
  if (!groups[7].empty()) value += ", Room " + std::string(groups[7]);
  return value;
}

std::string chinese(const Groups& groups, bool hash) {
  std::string value;
  if (!groups[1].empty())
    value += arabic(std::string_view(groups[1].data(), groups[1].size())) + (hash ? "号楼" : word_or(groups[2], "栋"));
  if (!groups[3].empty())
    value += arabic(std::string_view(groups[3].data(), groups[3].size())) + word_or(groups[4], "单元");
  if (!groups[5].empty())
    value += arabic(std::string_view(groups[5].data(), groups[5].size())) + word_or(groups[6], "层");
  if (!groups[7].empty()) value += arabic(std::string_view(groups[7].data(), groups[7].size()));
  return value;
}

/// A room number must not be the beginning of a phone number: then it is given back.
void give_back_room(std::string_view text, Groups& groups, std::size_t& end) {
  if (end >= text.size() || !is_word(text[end]) || groups[7].empty() || !groups[8].empty()) return;
  for (std::size_t last : {6U, 5U, 4U, 3U, 2U, 1U})
    if (!groups[last].empty()) {
      end = static_cast<std::size_t>(groups[last].data() + groups[last].size() - text.data());
      break;
    }
  groups[7] = re2::StringPiece();
}

bool has_what_it_needs(std::size_t rule, std::string_view text) {
  const auto& needs = kRules[rule].needs;
  return std::any_of(needs.begin(), needs.end(),
                     [&](std::string_view word) { return !word.empty() && text.find(word) != std::string_view::npos; });
}

std::optional<Found> find_by(std::size_t rule, std::string_view text) {
  if (!has_what_it_needs(rule, text)) return std::nullopt;
  for (std::size_t from = 0; from < text.size();) {
    Groups groups;
    if (!compiled(rule).Match(re2::StringPiece(text.data(), text.size()), from, text.size(), re2::RE2::UNANCHORED,
                              groups.data(), kGroups))
      return std::nullopt;
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    auto end = begin + groups[0].size();
    give_back_room(text, groups, end);
    const bool alone = (begin == 0 || !is_word(text[begin - 1])) &&
                       (end >= text.size() || !is_word(text[end]) || !is_word(text[end - 1]));
    const bool dated = rule == 1 && begin > 0 && text[begin - 1] == '-';
    if (alone && !dated)
      return Found{kRules[rule].name == std::string_view("english") ? english(groups) : chinese(groups, rule == 2),
                   begin, end, groups[1].empty() ? 0.7 : 0.9, kRules[rule].name};
    from = begin + 1;
  }
  return std::nullopt;
}

int digit_of(std::string_view character) {
  constexpr std::array<std::string_view, 10> kDigits{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  for (std::size_t i = 0; i < kDigits.size(); ++i)
    if (kDigits[i] == character) return static_cast<int>(i);
  return character == "〇" ? 0 : -1;
}

}  // namespace

std::string arabic(std::string_view numeral) {
  if (numeral.empty() || is_word(numeral.front())) return std::string(numeral);
  int total = 0;
  int digit = -1;
  std::string plain;
  bool counted = false;
  for (std::size_t i = 0; i + 2 < numeral.size(); i += 3) {
    const auto character = numeral.substr(i, 3);
    const int scale = character == "十" ? 10 : character == "百" ? 100 : 0;
    if (scale == 0) {
      digit = digit_of(character);
      if (digit >= 0) plain += static_cast<char>('0' + digit);
      continue;
    }
    counted = true;
    total += (digit > 0 ? digit : 1) * scale;
    digit = -1;
  }
  if (!counted) return plain;
  return std::to_string(total + (digit > 0 ? digit : 0));
}

std::optional<Found> find_address(std::string_view text) {
  for (std::size_t rule = 0; rule < kRules.size(); ++rule)
    if (auto found = find_by(rule, text)) return found;
  return std::nullopt;
}

}  // namespace huiyin::dialogs
