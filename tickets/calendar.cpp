#include "tickets/calendar.h"

#include <date/tz.h>

#include <algorithm>
#include <utility>

namespace huiyin::tickets {
namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr int kLongestClosed = 366;  // days in a row without an open hour, after which the calendar is no help

int index_of(Day day) { return static_cast<int>(std::chrono::weekday(day).iso_encoding()) - 1; }

}  // namespace

Calendar::Calendar(Settings settings) : settings_(std::move(settings)), always_(false) {
  const auto first_open =
      std::find_if(settings_.week.begin(), settings_.week.end(), [](const DayHours& hours) { return !hours.empty(); });
  if (first_open != settings_.week.end()) workday_ = *first_open;
}

const DayHours& Calendar::hours_of(Day day) const {
  const auto found = std::find_if(settings_.days.rbegin(), settings_.days.rend(),
                                  [day](const SpecialDays& span) { return span.from <= day && day <= span.until; });
  const auto& usual = settings_.week.at(static_cast<std::size_t>(index_of(day)));
  if (found == settings_.days.rend()) return usual;
  if (!found->is_workday) return settings_.holiday;
  return usual.empty() ? workday_ : usual;
}

Day Calendar::day_of(Time at) const {
  if (settings_.zone == nullptr) return std::chrono::floor<days>(at);
  return std::chrono::floor<days>(at + settings_.zone->get_info(at).offset);
}

Time Calendar::moment(Day day, int minute) const {
  const auto wall = day + minutes(minute);
  if (settings_.zone == nullptr) return wall;
  // A time that a change of the clocks skips or repeats is its first moment, for begins and ends alike: so days that
  // are open to midnight meet.
  return settings_.zone->to_sys(date::local_time<minutes>(wall.time_since_epoch()), date::choose::earliest);
}

bool Calendar::is_open(Time at) const {
  if (always_) return true;
  const auto day = day_of(at);
  const auto& hours = hours_of(day);
  return std::any_of(hours.begin(), hours.end(), [&](const OpenSpan& span) {
    return moment(day, span.from) <= at && at < moment(day, span.until);
  });
}

Time Calendar::add(Time from, Millis duration) const {
  if (always_ || duration <= Millis(0)) return from + std::max(duration, Millis(0));
  auto left = duration;
  auto reached = from;
  for (auto day = day_of(from); day - day_of(reached) <= days(kLongestClosed); day += days(1))
    for (const auto& span : hours_of(day)) {
      const auto begin = std::max(reached, moment(day, span.from)), end = moment(day, span.until);
      if (end <= begin) continue;
      if (end - begin >= left) return begin + left;
      left -= end - begin;
      reached = end;
    }
  return reached + left;
}

Millis Calendar::between(Time from, Time until) const {
  if (until <= from) return Millis(0);
  if (always_) return until - from;
  Millis open{0};
  for (auto day = day_of(from), last = day_of(until); day <= last; day += days(1))
    for (const auto& span : hours_of(day)) {
      const auto begin = std::max(from, moment(day, span.from)), end = std::min(until, moment(day, span.until));
      if (end > begin) open += end - begin;
    }
  return open;
}

Time Calendar::next_open(Time from) const {
  if (is_open(from)) return from;
  const auto first = day_of(from);
  for (auto day = first; day - first <= days(kLongestClosed); day += days(1))
    for (const auto& span : hours_of(day))
      if (const auto begin = moment(day, span.from); begin >= from && begin < moment(day, span.until)) return begin;
  return from;
}

}  // namespace huiyin::tickets
