#include "db/recent_deliveries.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

namespace huiyin::db {
namespace {

std::string key(int i) { return "wechat:main:msg:" + std::to_string(i); }

TEST(RecentDeliveries, KnowsWhatWasAddedLatelyAndNothingElse) {
  constexpr int kAdded = 1000;
  const auto recent = std::make_unique<RecentDeliveries>();
  for (int i = 0; i < kAdded; ++i) EXPECT_FALSE(recent->may_hold(key(i))) << i;
  for (int i = 0; i < kAdded; ++i) {
    recent->add(key(i));
    EXPECT_TRUE(recent->may_hold(key(i))) << i;
  }
  int kept = 0, guessed = 0;
  for (int i = 0; i < kAdded; ++i) kept += recent->may_hold(key(i)) ? 1 : 0;
  for (int i = kAdded; i < 100 * kAdded; ++i) guessed += recent->may_hold(key(i)) ? 1 : 0;
  EXPECT_GT(kept, kAdded * 9 / 10) << "a newer one takes an older one's place now and then";
  EXPECT_LT(guessed, 10) << "of 99,000 that never came";
}

TEST(RecentDeliveries, ForgetsTheOldest) {
  constexpr int kMany = 1'000'000;
  const auto recent = std::make_unique<RecentDeliveries>();
  for (int i = 0; i < kMany; ++i) recent->add(key(i));
  int kept = 0;
  for (int i = 0; i < 1000; ++i) kept += recent->may_hold(key(i)) ? 1 : 0;
  EXPECT_LT(kept, 10);
  EXPECT_TRUE(recent->may_hold(key(kMany - 1)));
}

TEST(RecentDeliveries, IsAddedToAndAskedByManyAtOnce) {
  const auto recent = std::make_unique<RecentDeliveries>();
  std::thread other([&] {
    for (int i = 0; i < 10'000; ++i) recent->add(key(i));
  });
  for (int i = 10'000; i < 20'000; ++i) EXPECT_FALSE(recent->may_hold(key(i))) << "a rare guess apart: " << i;
  other.join();
  EXPECT_TRUE(recent->may_hold(key(9'999)));
}

}  // namespace
}  // namespace huiyin::db
