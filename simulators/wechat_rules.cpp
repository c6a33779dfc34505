#include "simulators/wechat_rules.h"

#include <algorithm>
#include <functional>
#include <map>
#include <vector>

#include "core/text.h"

namespace huiyin::simulators {
namespace {

/// Code points of valid UTF-8.
std::vector<char32_t> points_of(std::string_view text) {
  std::vector<char32_t> out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      out.push_back(byte);
    else if (byte >= 0xF0)
      out.push_back(byte & 0x07U);
    else if (byte >= 0xE0)
      out.push_back(byte & 0x0FU);
    else if (byte >= 0xC0)
      out.push_back(byte & 0x1FU);
    else
      out.back() = out.back() * 64 + (byte & 0x3FU);
  }
  return out;
}

using Points = std::vector<char32_t>;

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }
bool is_chinese(char32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x3FFFF);
}
bool is_ascii(char32_t c) { return c >= 0x20 && c < 0x7F; }
bool is_ascii_symbol(char32_t c) { return is_ascii(c) && !is_digit(c) && !is_letter(c) && c != U' '; }

bool all(const Points& text, const std::function<bool(char32_t)>& is) {
  return std::all_of(text.begin(), text.end(), is);
}

/// The platform may count in UTF-16: the longer count is held to.
std::size_t units(const Points& text) {
  std::size_t sum = 0;
  for (const auto c : text) sum += c > 0xFFFF ? 2 : 1;
  return sum;
}

/// Walks a text by shape: 9 a digit, anything else itself.
bool has_shape(std::string_view text, std::string_view shape) {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = is_digit(static_cast<unsigned char>(text[i]));
    if (shape[i] == '9' ? !digit : text[i] != shape[i]) return false;
  }
  return true;
}

bool is_clock(std::string_view text) {
  const auto hours_end = text.find(':');
  if (hours_end == std::string_view::npos || hours_end > 2 || hours_end == 0) return false;
  const auto rest = text.substr(hours_end + 1);
  if (!has_shape(rest, "99") && !has_shape(rest, "99:99")) return false;
  if (!all(points_of(text.substr(0, hours_end)), is_digit)) return false;
  const bool minutes = rest[0] < '6', seconds = rest.size() == 2 || rest[3] < '6';
  return std::stoi(std::string(text.substr(0, hours_end))) < 24 && minutes && seconds;
}

/// `2019年10月1日`, or with - / or . between.
bool is_day(std::string_view text) {
  std::vector<std::string> numbers(1);
  std::string marks;
  for (const auto c : points_of(text)) {
    if (is_digit(c)) {
      numbers.back() += static_cast<char>(c);
      continue;
    }
    marks += c == U'年' ? 'y' : c == U'月' ? 'm' : c == U'日' ? 'd' : is_ascii(c) ? static_cast<char>(c) : '?';
    numbers.emplace_back();
  }
  if (marks == "ymd" && numbers.size() == 4 && numbers[3].empty())
    numbers.pop_back();
  else if (marks != "--" && marks != "//" && marks != "..")
    return false;
  if (numbers.size() != 3 || numbers[0].size() != 4) return false;
  const auto within = [](const std::string& number, int most) {
    return !number.empty() && number.size() <= 2 && std::stoi(number) >= 1 && std::stoi(number) <= most;
  };
  return within(numbers[1], 12) && within(numbers[2], 31);
}

bool is_moment(std::string_view text, bool day_needed) {
  if (const auto blank = text.find(' '); blank != std::string_view::npos)
    return is_day(text.substr(0, blank)) && is_clock(text.substr(blank + 1));
  return is_day(text) ? day_needed : !day_needed && is_clock(text);
}

bool is_period(std::string_view text, bool day_needed) {
  const auto wave = text.find('~');
  if (wave == std::string_view::npos) return is_moment(text, day_needed);
  return is_moment(text.substr(0, wave), day_needed) && is_moment(text.substr(wave + 1), day_needed);
}

bool is_number(std::string_view text) {
  const auto dot = text.find('.');
  const auto whole = text.substr(0, dot);
  if (whole.empty() || !all(points_of(whole), is_digit)) return false;
  if (dot == std::string_view::npos) return true;
  const auto fraction = text.substr(dot + 1);
  return !fraction.empty() && all(points_of(fraction), is_digit);
}

bool is_amount(std::string_view text) {
  for (const std::string_view sign : {"¥", "￥", "$", "€", "£"}) {
    if (!text.starts_with(sign)) continue;
    text.remove_prefix(sign.size());
    break;
  }
  constexpr std::string_view kYuan = "元";
  if (text.ends_with(kYuan)) text.remove_suffix(kYuan.size());
  return is_number(text) && text.substr(0, text.find('.')).size() <= 10;
}

bool is_car_number(const Points& text) {
  if (text.size() > 8) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool edge = i == 0 || i + 1 == text.size();
    if (!is_digit(text[i]) && !is_letter(text[i]) && !(edge && is_chinese(text[i]))) return false;
  }
  return true;
}

bool is_name(const Points& text) { return units(text) <= (all(text, is_ascii) ? 20U : 10U); }

using Rule = std::function<bool(std::string_view, const Points&)>;
const std::map<std::string, Rule, std::less<>>& rules() {
  static const std::map<std::string, Rule, std::less<>> table{
      {"thing", [](auto, const Points& p) { return units(p) <= 20; }},
      {"const", [](auto, const Points& p) { return units(p) <= 20; }},
      {"enum", [](auto, const Points& p) { return units(p) <= 20; }},
      {"keyword", [](auto, const Points& p) { return units(p) <= 200; }},
      {"number", [](auto text, auto&) { return text.size() <= 33 && is_number(text); }},
      {"letter", [](auto, const Points& p) { return p.size() <= 32 && all(p, is_letter); }},
      {"symbol", [](auto, const Points& p) { return p.size() <= 5 && all(p, is_ascii_symbol); }},
      {"character_string", [](auto, const Points& p) { return p.size() <= 32 && all(p, is_ascii); }},
      {"time", [](auto text, auto&) { return is_period(text, false); }},
      {"date", [](auto text, auto&) { return is_period(text, true); }},
      {"amount", [](auto text, auto&) { return is_amount(text); }},
      {"phone_number",
       [](auto text, const Points& p) {
         return p.size() <= 17 && text.find_first_not_of("0123456789+-() ") == std::string_view::npos;
       }},
      {"car_number", [](auto, const Points& p) { return is_car_number(p); }},
      {"name", [](auto, const Points& p) { return is_name(p); }},
      {"phrase", [](auto, const Points& p) { return p.size() <= 5 && all(p, is_chinese); }},
  };
  return table;
}

}  // namespace

std::string fault_of_field(std::string_view key, std::string_view value) {
  if (!is_valid_utf8(value)) return "not UTF-8";
  const auto points = points_of(value);
  if (points.empty() || trim(value).empty()) return "empty";
  if (std::any_of(points.begin(), points.end(), [](char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }))
    return "holds control characters";
  const auto digits = key.find_last_not_of("0123456789") + 1;
  const auto rule = rules().find(key.substr(0, digits));
  if (digits == key.size() || rule == rules().end()) return "of no known kind";
  return rule->second(value, points) ? "" : "breaks its rule";
}

}  // namespace huiyin::simulators
