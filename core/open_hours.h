#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace huiyin {

/// Open from a minute of the day until another, at most 1440 (24:00).
struct OpenSpan {
  int from = 0, until = 0;
  friend bool operator==(const OpenSpan&, const OpenSpan&) = default;
};
using DayHours = std::vector<OpenSpan>;  ///< in order, none overlapping; empty: closed

/// `08:30-12:00, 13:30-18:00` → hours; `closed` → none. Full-width forms are read too. Nothing for any other text, and
/// where a span ends before it begins or overlaps the one before it. Pure.
[[nodiscard]] std::optional<DayHours> parse_hours(std::string_view text);

}  // namespace huiyin
