#include "tickets/report_period.h"

#include <date/tz.h>

namespace huiyin::tickets {
namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::year_month_day;

constexpr int kHistoryMonths = 6;
constexpr int kHistoryWeeks = 12;
constexpr std::size_t kDayLength = std::string_view("2026-11-01").size();

/// The first day of the month or week that `day` is in.
Day begin_of(Day day, ReportBy by) {
  if (by == ReportBy::week) return day - (std::chrono::weekday(day) - std::chrono::Monday);
  const year_month_day date(day);
  return Day(date.year() / date.month() / 1);
}

Day moved(Day begin, ReportBy by, int count) {
  if (by == ReportBy::week) return begin + days(7 * count);
  return Day(year_month_day(begin) + months(count));  // the first of a month, so the day is there
}

Time midnight(Day day, const date::time_zone* zone) {
  if (zone == nullptr) return day;
  return zone->to_sys(date::local_days(date::days(day.time_since_epoch().count())), date::choose::earliest);
}

}  // namespace

std::string_view to_string(ReportBy by) { return by == ReportBy::month ? "month" : "week"; }

ReportPeriod report_period(Day from, Day last, ReportBy by, const date::time_zone* zone) {
  ReportPeriod out{.by = by};
  auto begin = begin_of(from, by);
  out.days.push_back(from);
  for (begin = moved(begin, by, 1); begin <= last; begin = moved(begin, by, 1)) out.days.push_back(begin);
  out.history_from =
      midnight(moved(moved(begin, by, -1), by, by == ReportBy::month ? -kHistoryMonths : -kHistoryWeeks), zone);
  out.days.push_back(last + days(1));
  for (const auto day : out.days) out.edges.push_back(midnight(day, zone));
  return out;
}

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != kDayLength) return std::nullopt;
  const auto time = parse_utc(std::string(text) + " 00:00:00");
  return time ? std::optional(std::chrono::floor<days>(*time)) : std::nullopt;
}

std::string format_day(Day day) { return format_utc(day).substr(0, kDayLength); }

}  // namespace huiyin::tickets
