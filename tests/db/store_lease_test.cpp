// Destinations, timers, node numbers, blocks of ticket numbers: held by one at a time.
#include <algorithm>
#include <set>
#include <thread>

#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;

class StoreLease : public StoreConformance {
 protected:
  void send(const std::string& key, std::vector<OutboxRow> rows) {
    auto unit = unit_of(key);
    unit.outbox = std::move(rows);
    must_commit(std::move(unit));
  }
  std::vector<std::string> lease(const std::string& owner, Time now, int most = 10) {
    std::vector<std::string> out;
    const auto leased = store_->lease_destinations(owner, now, 30s, most).value();
    for (const auto& one : leased) out.push_back(one.destination.address);
    return out;
  }
  static OutboxSettlement settled(const OutboxRow& row, OutboxState state = OutboxState::sent, Time next = {}) {
    return {.id = row.id, .state = state, .next_due = next, .attempts = 1};
  }
};

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(StoreLease, ADestinationIsHeldByOneNodeUntilItExpires) {
  send("e1", {text_to(kWang, "𠮷🏠", kNoon)});
  EXPECT_THAT(lease("node-a", kNoon), ElementsAre("oWang"));
  EXPECT_THAT(lease("node-a", kNoon), IsEmpty()) << "nor twice by the same";
  EXPECT_THAT(lease("node-b", kNoon + 29s), IsEmpty());
  EXPECT_THAT(lease("node-b", kNoon + 31s), ElementsAre("oWang"));
}

TEST_P(StoreLease, DueDestinationsComeOldestFirstAndNotTooMany) {
  send("e1", {text_to({"c", "third"}, "", kNoon), text_to({"c", "first"}, "", kNoon - 2s),
              text_to({"c", "second"}, "", kNoon - 1s), text_to({"c", "later"}, "", kNoon + 1s)});
  EXPECT_THAT(lease("node-a", kNoon, 2), ElementsAre("first", "second"));
  EXPECT_THAT(lease("node-b", kNoon, 2), ElementsAre("third"));
  EXPECT_THAT(lease("node-b", kNoon + 1s), ElementsAre("later"));
}

TEST_P(StoreLease, AnEarlierMessageBringsTheDestinationForward) {
  send("e1", {text_to(kWang, "tomorrow", kNoon + 24h)});
  EXPECT_THAT(lease("node-a", kNoon), IsEmpty());
  send("e2", {text_to(kWang, "now", kNoon)});
  EXPECT_THAT(lease("node-a", kNoon), ElementsAre("oWang"));
}

TEST_P(StoreLease, SettlingGivesADestinationBackUntilItsNextRowIsDue) {
  const auto first = text_to(kWang, "1", kNoon), second = text_to(kWang, "2", kNoon + 1min);
  send("e1", {first, second});
  ASSERT_THAT(lease("node-a", kNoon), ElementsAre("oWang"));
  ASSERT_EQ(store_->waiting_rows(kWang, 10)->size(), 2U);
  EXPECT_EQ(store_->waiting_rows(kWang, 10)->at(0).message.text, "1");
  ASSERT_TRUE(store_->settle("node-a", {settled(first)}, {kWang}, kNoon));
  EXPECT_THAT(lease("node-b", kNoon + 59s), IsEmpty());
  ASSERT_THAT(lease("node-b", kNoon + 1min), ElementsAre("oWang"));
  ASSERT_TRUE(store_->settle("node-b", {settled(second, OutboxState::waiting, kNoon + 2min)}, {kWang}, kNoon + 1min));
  EXPECT_THAT(lease("node-b", kNoon + 2min - 1ms), IsEmpty());
  ASSERT_THAT(lease("node-b", kNoon + 2min), ElementsAre("oWang"));
  ASSERT_TRUE(store_->settle("node-b", {settled(second)}, {kWang}, kNoon + 2min));
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM outbox_queue"), "0") << "nothing waits";
}

TEST_P(StoreLease, ARowThatRetriesHoldsUpThoseBehindItForMinutesOnly) {
  const auto stuck = text_to(kWang, "1", kNoon), behind = text_to(kWang, "2", kNoon);
  send("e1", {stuck, behind});
  ASSERT_THAT(lease("node-a", kNoon), ElementsAre("oWang"));
  ASSERT_TRUE(store_->settle("node-a", {settled(stuck, OutboxState::waiting, kNoon + 3min)}, {kWang}, kNoon));
  EXPECT_THAT(lease("node-a", kNoon + 1min), IsEmpty());
  ASSERT_THAT(lease("node-a", kNoon + 6min), ElementsAre("oWang"));
  ASSERT_TRUE(store_->settle("node-a", {settled(stuck, OutboxState::waiting, kNoon + 1h)}, {kWang}, kNoon + 6min));
  EXPECT_THAT(lease("node-a", kNoon + 6min), ElementsAre("oWang"));
}

TEST_P(StoreLease, WhoLostTheLeaseDoesNotGiveItBack) {
  const auto row = text_to(kWang, "1", kNoon);
  send("e1", {row});
  ASSERT_THAT(lease("node-a", kNoon), ElementsAre("oWang"));
  ASSERT_THAT(lease("node-b", kNoon + 31s), ElementsAre("oWang"));
  ASSERT_TRUE(store_->settle("node-a", {}, {kWang}, kNoon + 32s));
  EXPECT_THAT(lease("node-c", kNoon + 33s), IsEmpty());
}

TEST_P(StoreLease, ACancelledRowIsNotTriedAgainAndADeliveredOneStays) {
  const auto cancelled = text_to(kWang, "1", kNoon), delivered = text_to(kWang, "2", kNoon);
  send("e1", {cancelled, delivered});
  auto unit = unit_of("e2");
  unit.outbox_cancelled = {cancelled.id};
  unit.receipts = {{delivered.message.key, ReceiptState::delivered, ""}};
  must_commit(unit);
  ASSERT_TRUE(
      store_->settle("node-a", {settled(cancelled, OutboxState::waiting, kNoon), settled(delivered)}, {}, kNoon));
  EXPECT_THAT(store_->waiting_rows(kWang, 10).value(), IsEmpty());
  EXPECT_EQ(store_->outbox_of(kWang)->at(0).state, OutboxState::cancelled);
  EXPECT_EQ(store_->outbox_of(kWang)->at(1).state, OutboxState::delivered);
}

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
