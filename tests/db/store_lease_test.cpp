// Timers, node numbers, blocks of ticket numbers: held by one at a time.
#include <algorithm>
#include <set>
#include <thread>

#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;

class StoreLease : public StoreConformance {};

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(StoreLease, ATimerIsHeldByOneNode) {
  auto unit = unit_of("e1");
  const Timer timer{TimerId{fresh_id()}, kNoon + 123ms, "draft", "7"};
  unit.timers = {timer};
  must_commit(unit);
  EXPECT_THAT(store_->lease_timers("a", kNoon + 122ms, 30s, 10).value(), IsEmpty());
  EXPECT_THAT(store_->lease_timers("a", kNoon + 123ms, 30s, 10).value(), ElementsAre(timer));
  EXPECT_THAT(store_->lease_timers("b", kNoon + 1s, 30s, 10).value(), IsEmpty());
  EXPECT_THAT(store_->lease_timers("b", kNoon + 31s, 30s, 10).value(), ElementsAre(timer));
  auto again = unit_of("e2");
  again.timers = {timer};
  must_commit(again);
  EXPECT_THAT(store_->lease_timers("c", kNoon + 31s, 30s, 10).value(), ElementsAre(timer)) << "set anew is free";
}

TEST_P(StoreLease, EachNodeKeepsItsNumber) {
  EXPECT_EQ(store_->lease_node("a", kNoon, 60s).value(), 0);
  EXPECT_EQ(store_->lease_node("b", kNoon, 60s).value(), 1);
  EXPECT_EQ(store_->lease_node("a", kNoon + 50s, 60s).value(), 0);
  EXPECT_EQ(store_->lease_node("c", kNoon + 70s, 60s).value(), 1) << "what expired is free";
  EXPECT_EQ(store_->lease_node("b", kNoon + 71s, 60s).value(), 2);
}

TEST_P(StoreLease, AllNodeNumbersTakenIsAnError) {
  for (int i = 0; i <= IdSource::kMaxNode; ++i)
    database_.execute("INSERT INTO nodes (id,owner,expires) VALUES (" + std::to_string(i) +
                      ",'n','2099-01-01 00:00:00.000')");
  EXPECT_FALSE(store_->lease_node("late", kNoon, 60s));
}

TEST_P(StoreLease, OfManyAtOnceNoTwoGetTheSame) {
  auto unit = unit_of("timers");
  for (int i = 0; i < 40; ++i) unit.timers.push_back({TimerId{fresh_id()}, kNoon, "draft", "7"});
  must_commit(unit);
  std::mutex mutex;
  std::multiset<std::int64_t> numbers;
  std::multiset<std::int64_t> timers;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      const auto store = database_.open();  // as another process would
      for (int i = 0; i < 10; ++i) {
        const auto first = store->take_ticket_numbers(3);
        const auto leased = store->lease_timers("node-" + std::to_string(t), kNoon, 30s, 3);
        const std::lock_guard lock(mutex);
        ASSERT_TRUE(first) << first.error().why;
        ASSERT_TRUE(leased) << leased.error().why;
        for (int n = 0; n < 3; ++n) numbers.insert(*first + n);
        for (const auto& timer : *leased) timers.insert(timer.id.value);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(numbers.size(), 120U);
  EXPECT_EQ(std::set(numbers.begin(), numbers.end()).size(), 120U);
  EXPECT_EQ(std::set(timers.begin(), timers.end()).size(), timers.size());
}

TEST_P(StoreLease, OldDeliveriesArePurgedOldestFirst) {
  for (int i = 0; i < 5; ++i) {
    auto unit = unit_of(std::to_string(i));
    unit.inbox.received = kNoon + std::chrono::hours(i);
    must_commit(unit);
  }
  EXPECT_EQ(store_->purge_inbox(kNoon + 3h, 2).value(), 2);
  EXPECT_EQ(store_->find_inbox("1").value(), std::nullopt);
  EXPECT_EQ(store_->purge_inbox(kNoon + 3h, 10).value(), 1);
  EXPECT_EQ(store_->purge_inbox(kNoon + 3h, 10).value(), 0);
  EXPECT_NE(store_->find_inbox("3").value(), std::nullopt);
}

HUIYIN_FOR_EACH_DRIVER(StoreLease);

}  // namespace
}  // namespace huiyin::db
