#include "gateway/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "gateway/timers.h"
#include "gateway/turn_threads.h"
#include "tests/gateway/script_store.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr Time kNoon = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}} + 4h;
const Peer kWang{"wechat:main", "oWang"};

template <class Condition>
bool becomes(Condition condition) {
  const auto limit = std::chrono::steady_clock::now() + 60s;
  while (!condition() && std::chrono::steady_clock::now() < limit) std::this_thread::sleep_for(1ms);
  return condition();
}

class SchedulerTest : public testing::Test {
 protected:
  SchedulerTest() {
    for (const auto& [id, peer] : {std::pair{7, kWang}, std::pair{8, Peer{"sms:gone", "+8613800138000"}}}) {
      UnitOfWork unit{.inbox = {.key = "begin" + std::to_string(id)}};
      unit.conversation = Conversation{.id = ConversationId{id}, .peer = peer};
      (void)store_.commit(std::move(unit));
    }
  }

  UnitOfWork decided(const Incoming& incoming) {
    if (const auto* fired = std::get_if<TimerFired>(&incoming.event.body)) {
      const std::lock_guard lock(mutex_);
      events_.push_back(incoming.event.peer.address + " " + fired->kind + " " + (incoming.late ? "late" : "now"));
    }
    return {.id = ids_.next<UnitId>(), .inbox = {.key = incoming.event.key}};
  }
  std::unique_ptr<Scheduler> start() {
    return std::make_unique<Scheduler>(
        store_, pipeline_, ids_, clock_, "node-a", [this] { return ready_.load(); },
        [](const std::string& channel) { return channel == "wechat:main"; },
        Scheduler::Options{.look_every = 5ms, .batch = 2});
  }
  std::vector<std::string> keys() {
    std::vector<std::string> out;
    for (const auto& unit : store_.committed())
      if (unit.inbox.key.starts_with("timer:")) out.push_back(unit.inbox.key);
    return out;
  }
  std::vector<std::string> events() {
    const std::lock_guard lock(mutex_);
    return events_;
  }

  ManualClock clock_{kNoon};
  IdSource ids_{clock_, 1};
  ScriptStore store_;
  Metrics metrics_;
  TurnThreads threads_{2, 2};
  std::atomic<bool> ready_{true};
  std::mutex mutex_;
  std::vector<std::string> events_;
  Pipeline pipeline_{store_,
                     [this](const Incoming& incoming, Snapshot, std::optional<TicketNumber>) {
                       return std::variant<UnitOfWork, NeedsMore>(decided(incoming));
                     },
                     [] { return true; }, metrics_, threads_.both()};
};

TEST_F(SchedulerTest, WhatFellDueIsAnEventOfItsConversation) {
  store_.add_timer({TimerId{7}, kNoon - 1s, "draft", "7"});
  store_.add_timer({TimerId{9}, kNoon + 1h, "draft", "7"});
  auto scheduler = start();
  ASSERT_TRUE(becomes([&] { return keys().size() == 1; }));
  scheduler->stop();
  EXPECT_THAT(events(), ElementsAre("oWang draft late"));
  EXPECT_THAT(keys(), ElementsAre(key_of({TimerId{7}, kNoon - 1s, "draft", "7"})));
  EXPECT_EQ(store_.timers_left(), 1U);
}

TEST_F(SchedulerTest, MoreThanABatchIsFiredWithoutAPause) {
  for (int i = 0; i < 9; ++i) store_.add_timer({TimerId{100 + i}, kNoon, "draft", "7"});
  auto scheduler = start();
  EXPECT_TRUE(becomes([&] { return keys().size() == 9; }));
}

TEST_F(SchedulerTest, WhatCanNeverBeDecidedIsTakenOut) {
  store_.add_timer({TimerId{1}, kNoon, "draft", "not a number"});
  store_.add_timer({TimerId{2}, kNoon, "draft", "999"});  // no such conversation
  store_.add_timer({TimerId{3}, kNoon, "draft", "8"});    // its channel is not configured any more
  store_.add_timer({TimerId{4}, kNoon, "draft", "-7"});
  auto scheduler = start();
  ASSERT_TRUE(becomes([&] { return keys().size() == 4; }));
  EXPECT_THAT(events(), IsEmpty());
  for (const auto& unit : store_.committed()) {
    if (unit.inbox.key.starts_with("timer:")) {
      EXPECT_NE(unit.inbox.raw, "") << "says why";
    }
  }
}

TEST_F(SchedulerTest, NothingIsFiredWhileTheNodeIsNotReady) {
  ready_ = false;
  store_.add_timer({TimerId{7}, kNoon, "draft", "7"});
  auto scheduler = start();
  std::this_thread::sleep_for(30ms);
  EXPECT_EQ(store_.timers_left(), 1U);
  ready_ = true;
  EXPECT_TRUE(becomes([&] { return keys().size() == 1; }));
}

TEST_F(SchedulerTest, WhatAStoreThatWentAwayDidNotTakeIsLeftToTheNextLease) {
  // Twice: the second may be under way already when the first fails, or come after it.
  for (int i = 0; i < 2; ++i) store_.answer_next(Unavailable{"away"});
  store_.add_timer({TimerId{7}, kNoon, "draft", "7"});
  store_.add_timer({TimerId{8}, kNoon, "draft", "7"});
  auto scheduler = start();
  ASSERT_TRUE(becomes([&] { return store_.timers_left() == 0; }));
  std::this_thread::sleep_for(20ms);
  EXPECT_THAT(keys(), IsEmpty()) << "both are left to whoever leases them next";
}

}  // namespace
}  // namespace huiyin::gateway
