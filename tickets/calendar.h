#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/error.h"
#include "core/open_hours.h"
#include "core/time.h"

namespace date {
class time_zone;
}

namespace huiyin::tickets {

/// A day as a calendar on the wall shows it, not a moment.
using Day = std::chrono::sys_days;

/// Days that differ from their weekday: public holidays, and the weekend days that are worked instead (调休).
struct SpecialDays {
  Day from{}, until{};  ///< both included
  bool is_workday = false;
  std::string name{};
  friend bool operator==(const SpecialDays&, const SpecialDays&) = default;
};

/// What a file of holidays says (tickets/calendars/cn.yaml explains the form).
struct Holidays {
  std::string name{};
  std::vector<int> years{};  ///< those that it knows whole
  std::vector<SpecialDays> days{};
};

/// Reads a file of holidays, or says every mistake with its line. Pure: the caller reads the file.
[[nodiscard]] tl::expected<Holidays, std::vector<Error>> parse_calendar(std::string_view text, const std::string& name);

/// When an estate's people work. Immutable; all functions are pure and thread-safe.
class Calendar {
 public:
  struct Settings {
    const date::time_zone* zone = nullptr;  ///< lives as long as the program (date::locate_zone); none: UTC
    std::array<DayHours, 7> week{};         ///< from Monday
    DayHours holiday{};                     ///< the hours of a public holiday
    std::vector<SpecialDays> days{};        ///< where two speak of one day, the later one holds
  };

  /// Round the clock.
  Calendar() = default;
  explicit Calendar(Settings settings);

  [[nodiscard]] bool is_open(Time at) const;
  /// The moment when `duration` of open time has passed since `from`; `from` itself for a duration of zero. A calendar
  /// that has no open hour in more than a year counts as open from there on: nothing is ever put off for good.
  [[nodiscard]] Time add(Time from, Millis duration) const;
  /// Open time from one moment to a later one; zero where it is not later.
  [[nodiscard]] Millis between(Time from, Time until) const;
  /// `from` if it is open then, else when it opens; `from` where it does not within a year.
  [[nodiscard]] Time next_open(Time from) const;
  [[nodiscard]] bool is_round_the_clock() const { return always_; }

 private:
  [[nodiscard]] const DayHours& hours_of(Day day) const;
  [[nodiscard]] Day day_of(Time at) const;
  [[nodiscard]] Time moment(Day day, int minute) const;

  Settings settings_{};
  DayHours workday_{};  ///< of a day that is worked instead of another: the first weekday's that has hours
  bool always_ = true;
};

}  // namespace huiyin::tickets
