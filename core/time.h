#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace huiyin {

/// A moment in UTC with milliseconds: what is stored, compared and computed with everywhere.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using Millis = std::chrono::milliseconds;

/// Where the time comes from. Everything but gateway/ and the main of other programs takes a Time or a Clock.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  /// Thread-safe.
  [[nodiscard]] virtual Time now() const = 0;
};

/// A clock that is set by hand, for tests and simulations. Not thread-safe while it is being set.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time now) : now_(now) {}
  [[nodiscard]] Time now() const override { return now_; }
  void set(Time now) { now_ = now; }
  void advance(Millis by) { now_ += by; }

 private:
  Time now_;
};

/// `YYYY-MM-DD HH:MM:SS.mmm` in UTC: the form in which the database is given every time.
[[nodiscard]] std::string format_utc(Time time);

/// Reads what format_utc() writes; also with no fraction, or with one of 1 to 6 digits, of which three count.
[[nodiscard]] std::optional<Time> parse_utc(std::string_view text);

}  // namespace huiyin
