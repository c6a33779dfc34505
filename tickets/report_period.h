#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "tickets/calendar.h"

namespace huiyin::tickets {

enum class ReportBy { month, week };
[[nodiscard]] std::string_view to_string(ReportBy by);

/// The time that a report is of, in months or weeks of a wall's calendar, the first and the last of which may be cut.
struct ReportPeriod {
  ReportBy by = ReportBy::month;
  std::vector<Day> days{};    ///< the first day of each bucket, then the day after the last
  std::vector<Time> edges{};  ///< midnight of each of them, where the estate is
  Time history_from{};  ///< tickets since then, up to the last bucket, are what a rise in that is measured against
  [[nodiscard]] std::size_t buckets() const { return days.empty() ? 0 : days.size() - 1; }
  /// The first moment from which tickets are needed.
  [[nodiscard]] Time reads_from() const { return std::min(edges.front(), history_from); }
};

/// From the day `from` to the day `last`, both included. `zone`: none is UTC. `last` must not be before `from`.
[[nodiscard]] ReportPeriod report_period(Day from, Day last, ReportBy by, const date::time_zone* zone);

/// `2026-11-01`; nothing for any other text, and for a day that there is not.
[[nodiscard]] std::optional<Day> parse_day(std::string_view text);
[[nodiscard]] std::string format_day(Day day);

}  // namespace huiyin::tickets
