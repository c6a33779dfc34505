#include "core/outbox.h"

#include <algorithm>

namespace huiyin {
namespace {

constexpr int kMostTries = 5;  // sms-and-email.md E7: 5 in 14 days
constexpr std::chrono::hours kFirst{1};
constexpr std::chrono::days kLongest{14};

}  // namespace

std::optional<Time> next_try_after_bounce(const OutboxRow& row, Time now) {
  if (row.attempts >= kMostTries) return std::nullopt;
  const auto due = now + kFirst * (1 << (2 * std::clamp(row.attempts - 1, 0, kMostTries)));
  const bool too_late = due > row.created + kLongest || (row.expires && due >= *row.expires);
  return too_late ? std::nullopt : std::optional<Time>(due);
}

}  // namespace huiyin
