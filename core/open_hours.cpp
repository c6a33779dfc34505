#include "core/open_hours.h"

#include <charconv>

#include "core/text.h"

namespace huiyin {
namespace {

constexpr int kMinutesOfDay = 24 * 60;

/// Digits alone, at most two.
std::optional<int> two_digits(std::string_view text) {
  int value = 0;
  const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = fault == std::errc() && stop == text.data() + text.size() && text.size() <= 2;
  return is_whole && value >= 0 ? std::optional(value) : std::nullopt;
}

/// `08:30` or `24:00`.
std::optional<int> parse_minute(std::string_view text) {
  text = trim(text);
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || text.size() != colon + 3) return std::nullopt;
  const auto hour = two_digits(text.substr(0, colon)), minute = two_digits(text.substr(colon + 1));
  if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > kMinutesOfDay) return std::nullopt;
  return *hour * 60 + *minute;
}

}  // namespace

std::optional<DayHours> parse_hours(std::string_view text) {
  const auto plain = fold(text);
  if (plain == "closed") return DayHours{};
  DayHours out;
  for (const auto part : split(plain, ',')) {
    const auto dash = part.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto from = parse_minute(part.substr(0, dash)), until = parse_minute(part.substr(dash + 1));
    const bool is_good = from && until && *from < *until && (out.empty() || out.back().until <= *from);
    if (!is_good) return std::nullopt;
    out.push_back({*from, *until});
  }
  return out;
}

}  // namespace huiyin
