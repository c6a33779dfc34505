// The form of a file of holidays: tickets/calendars/cn.yaml.
#include <algorithm>
#include <charconv>
#include <utility>

#include "core/text.h"
#include "core/yaml.h"
#include "tickets/calendar.h"

namespace huiyin::tickets {
namespace {

constexpr auto kLongestSpan = std::chrono::days(60);  // a longer holiday is a slip of the year
constexpr int kFirstYear = 2000, kLastYear = 2100;
constexpr auto kDayRemedy = "Write 2026-10-01, or 2026-10-01..2026-10-07 for several";

std::optional<int> whole_number(std::string_view text) {
  int value = 0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || stop != text.data() + text.size() || text.empty() || text.front() == '-') return {};
  return value;
}

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = whole_number(text.substr(0, 4)), month = whole_number(text.substr(5, 2)),
             day = whole_number(text.substr(8));
  if (!year || !month || !day || *year < kFirstYear || *year > kLastYear) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Day(date);
}

/// `2026-10-01` or `2026-10-01..2026-10-07`.
std::optional<std::pair<Day, Day>> parse_days(std::string_view text) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos) {
    const auto day = parse_day(trim(text));
    return day ? std::optional(std::pair(*day, *day)) : std::nullopt;
  }
  const auto from = parse_day(trim(text.substr(0, dots))), until = parse_day(trim(text.substr(dots + 2)));
  if (!from || !until || *until < *from || *until - *from > kLongestSpan) return std::nullopt;
  return std::pair(*from, *until);
}

/// One list of the file: a map from days to their names.
void read_days(YamlReader& read, const char* key, bool is_workday, std::vector<SpecialDays>& out,
               std::vector<Error>& errors) {
  const auto node = read.child(key);
  if (!node || node->is_null()) return;
  if (!node->is_map()) read.complain(key, std::string(key) + " is no map", "Write 2026-10-01..2026-10-07: 国庆节");
  for (const auto& [text, name] : node->entries()) {
    const auto days = parse_days(text);
    if (!days) {
      errors.push_back(name.error(std::string(key) + ": \"" + text + "\" is no day", kDayRemedy));
      continue;
    }
    out.push_back({days->first, days->second, is_workday, name.text()});
  }
}

/// A day that is both a holiday and worked is a slip.
void check_overlaps(const std::vector<SpecialDays>& days, const YamlNode& root, std::vector<Error>& errors) {
  for (std::size_t i = 0; i < days.size(); ++i)
    for (std::size_t j = i + 1; j < days.size(); ++j)
      if (days[i].is_workday != days[j].is_workday && days[i].from <= days[j].until && days[j].from <= days[i].until)
        errors.push_back(root.error("\"" + days[j].name + "\" falls on \"" + days[i].name + "\"",
                                    "A day is a holiday or worked, not both"));
}

}  // namespace

tl::expected<Holidays, std::vector<Error>> parse_calendar(std::string_view text, const std::string& name) {
  auto root = YamlNode::parse(text, name);
  if (!root) return tl::unexpected(std::vector{root.error()});
  std::vector<Error> errors;
  if (!root->is_map()) return tl::unexpected(std::vector{root->error("is no map", "Begin it with name:")});
  YamlReader read(*root, "", errors);
  Holidays out;
  out.name = read.text("name");
  for (const auto& year : read.texts("years")) {
    const auto number = whole_number(year);
    if (number && *number >= kFirstYear && *number <= kLastYear)
      out.years.push_back(*number);
    else
      read.complain("years", "years: \"" + year + "\" is no year", "Write [2025, 2026]");
  }
  read_days(read, "holidays", false, out.days, errors);
  read_days(read, "workdays", true, out.days, errors);
  read.finish();
  check_overlaps(out.days, *root, errors);
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return out;
}

}  // namespace huiyin::tickets
