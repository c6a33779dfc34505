#pragma once

#include <date/tz.h>

#include <fstream>
#include <iterator>
#include <string>

#include "core/time.h"
#include "tickets/calendar.h"

namespace huiyin::tickets {

/// The calendar shipped, at Shanghai: Monday to Friday 09:00-12:00 and 13:00-18:00, weekends and holidays closed.
inline Calendar chinese_calendar() {
  std::ifstream in("tickets/calendars/cn.yaml");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  Calendar::Settings settings{.zone = date::locate_zone("Asia/Shanghai")};
  for (std::size_t day = 0; day < 5; ++day) settings.week.at(day) = parse_hours("09:00-12:00,13:00-18:00").value();
  settings.days = parse_calendar(text, "cn.yaml").value().days;
  return Calendar(std::move(settings));
}

/// `2026-10-01 09:30` on the wall clock of a zone.
inline Time at(const std::string& wall, const char* zone = "Asia/Shanghai") {
  const auto utc = parse_utc(wall + ":00").value();
  return date::locate_zone(zone)->to_sys(date::local_time<Millis>(utc.time_since_epoch()), date::choose::earliest);
}

/// The same, the other way.
inline std::string wall(Time time, const char* zone = "Asia/Shanghai") {
  const auto local = time + date::locate_zone(zone)->get_info(time).offset;
  return format_utc(local).substr(0, 16);
}

}  // namespace huiyin::tickets
