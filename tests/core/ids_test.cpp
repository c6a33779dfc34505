#include "core/ids.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace huiyin {
namespace {

using namespace std::chrono_literals;

constexpr Time kNow = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}} + 4h;

TEST(IdSource, RisesAlsoWhenTheClockStandsOrGoesBack) {
  ManualClock clock(kNow);
  IdSource ids(clock, 7);
  std::int64_t last = 0;
  for (int i = 0; i < 10'000; ++i) {  // over 4,096: borrows from the next milliseconds
    if (i == 5'000) clock.advance(-10s);
    const auto id = ids.next<TicketId>();
    ASSERT_GT(id.value, last);
    last = id.value;
  }
}

TEST(IdSource, TellsWhenAnIdWasMade) {
  ManualClock clock(kNow + 123ms);
  EXPECT_EQ(time_of_id(IdSource(clock, 1023).next<OutboxId>().value), kNow + 123ms);
}

TEST(IdSource, IsPositiveAsLongAsItIsNeeded) {
  ManualClock clock(std::chrono::sys_days{std::chrono::year{2090} / 1 / 1});
  EXPECT_GT(IdSource(clock, 1023).next<OutboxId>().value, 0);
}

TEST(IdSource, GivesNoIdTwiceOverThreadsAndNodes) {
  ManualClock clock(kNow);
  IdSource one(clock, 1), two(clock, 2);
  std::vector<std::vector<std::int64_t>> made(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < made.size(); ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 5'000; ++i) made[t].push_back((t % 2 == 0 ? one : two).next<TicketId>().value);
    });
  for (auto& thread : threads) thread.join();
  std::set<std::int64_t> all;
  for (const auto& ids : made) all.insert(ids.begin(), ids.end());
  EXPECT_EQ(all.size(), 20'000U);
}

}  // namespace
}  // namespace huiyin
