#include "core/outbox.h"

#include <gtest/gtest.h>

namespace huiyin {
namespace {

using namespace std::chrono_literals;

TEST(NextTryAfterBounce, GrowsAndEnds) {
  const Time created{}, now = created + 24h;
  const struct {
    const char* name;
    int attempts;
    std::optional<Time> expires;
    std::optional<std::chrono::hours> expect;
  } table[] = {
      {"sent once", 1, {}, 1h},
      {"twice", 2, {}, 4h},
      {"four times", 4, {}, 64h},
      {"five times", 5, {}, {}},
      {"of no use then", 2, now + 3h, {}},
      {"just in time", 2, now + 5h, 4h},
  };
  for (const auto& row : table) {
    const auto due = next_try_after_bounce({.created = created, .expires = row.expires, .attempts = row.attempts}, now);
    EXPECT_EQ(due, row.expect ? std::optional<Time>(now + *row.expect) : std::nullopt) << row.name;
  }
  EXPECT_EQ(next_try_after_bounce({.created = created, .attempts = 1}, created + 24h * 14), std::nullopt);
}

}  // namespace
}  // namespace huiyin
