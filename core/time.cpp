#include "core/time.h"

#include <algorithm>

namespace huiyin {
namespace {

constexpr Time kFirstMoment{std::chrono::sys_days{std::chrono::year{0} / 1 / 1}};
constexpr Time kLastMoment = Time{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}} - Millis{1};

/// Reads exactly `digits` digits at `at`; -1 where there is something else.
int read_digits(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

/// ".123456" → 123; -1 where it is malformed.
int read_fraction(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] != '.' || text.size() < 2 || text.size() > 7) return -1;
  if (read_digits(text, 1, text.size() - 1) < 0) return -1;
  std::string three(text.substr(1, 3));
  three.resize(3, '0');
  return read_digits(three, 0, 3);
}

}  // namespace

// By hand, since every row has several, and snprintf takes many times as long. What lies outside of the four digits of
// a year, which are all that a database takes, is cut to the first or the last moment of them.
std::string format_utc(Time time) {
  time = std::clamp(time, kFirstMoment, kLastMoment);
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  std::string out = "0000-00-00 00:00:00.000";
  const auto put = [&](std::size_t last, auto number) {
    for (auto rest = static_cast<unsigned>(number); rest != 0; rest /= 10)
      out[last--] = static_cast<char>('0' + rest % 10);
  };
  put(3, static_cast<unsigned>(static_cast<int>(date.year())));
  put(6, static_cast<unsigned>(date.month()));
  put(9, static_cast<unsigned>(date.day()));
  put(12, clock.hours().count());
  put(15, clock.minutes().count());
  put(18, clock.seconds().count());
  put(22, clock.subseconds().count());
  return out;
}

std::optional<Time> parse_utc(std::string_view text) {
  if (text.size() < 19 || text[4] != '-' || text[7] != '-' || text[10] != ' ' || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{read_digits(text, 0, 4)},
                                         std::chrono::month{static_cast<unsigned>(read_digits(text, 5, 2))},
                                         std::chrono::day{static_cast<unsigned>(read_digits(text, 8, 2))}};
  const int hours = read_digits(text, 11, 2);
  const int minutes = read_digits(text, 14, 2);
  const int seconds = read_digits(text, 17, 2);
  const int fraction = read_fraction(text.substr(19));
  if (read_digits(text, 0, 4) < 0 || !date.ok() || hours < 0 || hours > 23 || minutes < 0 || minutes > 59 ||
      seconds < 0 || seconds > 59 || fraction < 0)
    return std::nullopt;
  return Time{std::chrono::sys_days{date}} + std::chrono::hours{hours} + std::chrono::minutes{minutes} +
         std::chrono::seconds{seconds} + Millis{fraction};
}

}  // namespace huiyin
