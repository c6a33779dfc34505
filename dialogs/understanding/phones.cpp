#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "dialogs/understanding/extract.h"

namespace huiyin::dialogs {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string digits_of(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (is_digit(c)) digits += c;
  return digits;
}

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
}

struct Rule {
  const char* name;
  const char* pattern;  // the group is the number, without the country's prefix
  const char* prefix;
  std::size_t digits;  // fewer in the whole text, and the pattern need not be tried
};

// 工业和信息化部: mobile numbers have 11 digits, 13 to 19; area codes 2 or 3 digits after the 0, subscribers 7 or 8.
const std::array<Rule, 3> kRules{{
    {"mobile", R"((?:\+?86[-\s]?|0086[-\s]?)?(1[3-9][0-9](?:[-\s.]?[0-9]){8}))", "+86", 11},
    {"landline",
     R"((?:\+?86[-\s]?)?\(?0?((?:10|2[0-9]|[3-9][0-9]{2})\)?[-\s]?[2-8][0-9]{3}[-\s]?[0-9]{3,4})(?:(?:转|-)[0-9]{1,6})?)",
     "+86", 9},
    {"international", R"(\+([1-9][0-9]{0,2}(?:[-\s]?[0-9]){6,12}))", "+", 7},
}};

const re2::RE2& compiled(std::size_t rule) {
  static const std::array<re2::RE2, 3> all{re2::RE2(kRules[0].pattern), re2::RE2(kRules[1].pattern),
                                           re2::RE2(kRules[2].pattern)};
  return all[rule];
}

/// Not the middle of a longer number, an order number or an identity card.
bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
  if (begin > 0 && (std::isalnum(static_cast<unsigned char>(text[begin - 1])) != 0)) return false;
  if (begin > 1 && text[begin - 1] == '-' && is_digit(text[begin - 2])) return false;
  return end >= text.size() ||
         (!is_digit(text[end]) && (end + 1 >= text.size() || text[end] != '-' || !is_digit(text[end + 1])));
}

std::optional<Found> find_by(std::size_t rule, std::string_view text) {
  for (std::size_t from = 0; from < text.size();) {
    re2::StringPiece groups[2];
    if (!compiled(rule).Match(re2::StringPiece(text.data(), text.size()), from, text.size(), re2::RE2::UNANCHORED,
                              groups, 2))
      return std::nullopt;
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    const auto end = begin + groups[0].size();
    const auto number = std::string_view(groups[1].data(), groups[1].size());
    const bool landline_without_zero =
        rule == 1 && std::string_view(text).substr(begin, end - begin).find('0') == std::string_view::npos;
    const auto zero = std::string_view(groups[0].data(), groups[0].size() - number.size());
    const bool has_area = rule != 1 || zero.find('0') != std::string_view::npos || text.substr(begin, 3) == "+86";
    if (stands_alone(text, begin, end) && has_area && !landline_without_zero)
      return Found{kRules[rule].prefix + digits_of(number), begin, end, 0.95, kRules[rule].name};
    from = begin + 1;
  }
  return std::nullopt;
}

/// 「幺三八零零…」 as eleven digits, where that many stand in a row; the spans stay those of `text`.
std::optional<Found> find_spoken(std::string_view text) {
  static const re2::RE2 run("([一幺二两三四五六七八九零〇]{11,})");
  constexpr std::size_t kLeast = std::size_t{11} * 3;  // bytes of eleven characters
  re2::StringPiece group;
  if (text.size() < kLeast || !re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), run, &group))
    return std::nullopt;
  static const std::array<std::pair<std::string_view, char>, 13> digits{{{"一", '1'},
                                                                         {"幺", '1'},
                                                                         {"二", '2'},
                                                                         {"两", '2'},
                                                                         {"三", '3'},
                                                                         {"四", '4'},
                                                                         {"五", '5'},
                                                                         {"六", '6'},
                                                                         {"七", '7'},
                                                                         {"八", '8'},
                                                                         {"九", '9'},
                                                                         {"零", '0'},
                                                                         {"〇", '0'}}};
  std::string number;
  for (std::size_t i = 0; i < group.size(); i += 3)
    for (const auto& [word, digit] : digits)
      if (word == std::string_view(group.data() + i, 3)) number += digit;
  if (number.size() != 11 || number[0] != '1' || number[1] < '3') return std::nullopt;
  const auto begin = static_cast<std::size_t>(group.data() - text.data());
  return Found{"+86" + number, begin, begin + group.size(), 0.9, "spoken"};
}

}  // namespace

std::optional<Found> find_phone(std::string_view text) {
  const auto digits = count_digits(text);
  for (std::size_t rule = 0; rule < kRules.size(); ++rule)
    if (digits >= kRules[rule].digits)
      if (auto found = find_by(rule, text)) return found;
  return find_spoken(text);
}

std::vector<Found> find_numbers(std::string_view text) {
  static const re2::RE2 with_cue(
      R"((?i)(?:工单|单号|编号|报修单|ticket)\s*(?:号码|号|编号|number|no\.?|#|是|为|:|\s)*([A-Z]{0,6}-?[0-9]{2,12}(?:-[0-9])?)\b)");
  static const re2::RE2 lettered(R"((?i)\b([A-Z]{1,6}-?[0-9]{2,12}(?:-[0-9])?)\b)");
  static const re2::RE2 whole(R"(\s*([0-9]{3,12}(?:-[0-9])?)\s*)");
  std::vector<Found> found;
  constexpr std::size_t kFewestDigits = 2;  // of any of the three
  if (count_digits(text) < kFewestDigits) return found;
  const re2::StringPiece piece(text.data(), text.size());
  re2::StringPiece group;
  const auto keep = [&](const char* rule) {
    const auto begin = static_cast<std::size_t>(group.data() - text.data());
    for (const auto& one : found)
      if (one.begin == begin) return;
    found.push_back({std::string(group), begin, begin + group.size(), 0.5, rule});
  };
  constexpr std::size_t kMost = 3;  // asked for in one message
  if (re2::RE2::FullMatch(piece, whole, &group)) keep("number_whole");
  for (re2::StringPiece rest = piece; found.size() < kMost && re2::RE2::FindAndConsume(&rest, with_cue, &group);)
    keep("number_cue");
  for (re2::StringPiece rest = piece; found.size() < kMost && re2::RE2::FindAndConsume(&rest, lettered, &group);)
    keep("number_lettered");
  return found;
}

}  // namespace huiyin::dialogs
