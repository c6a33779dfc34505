// Many threads and two stores, as two processes are, on the same rows.
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

class StoreThreads : public StoreConformance {
 protected:
  /// One message of a peer, decided again after each conflict; returns how often it conflicted.
  static int write(Store& store, const Peer& peer, const std::string& key) {
    for (int conflicts = 0;; ++conflicts) {
      const auto snapshot = store.read({.peer = peer});
      if (!snapshot) throw std::runtime_error(snapshot.error().why);
      auto unit = unit_of(key, peer);
      unit.conversation = snapshot->conversation ? *snapshot->conversation : conversation_of(peer);
      unit.conversation->more += '.';
      const auto outcome = store.commit(unit);
      if (std::holds_alternative<Committed>(outcome)) return conflicts;
      if (!std::holds_alternative<Conflict>(outcome)) throw std::runtime_error(describe(outcome));
    }
  }
};

TEST_P(StoreThreads, OfTwoWritersOfOneConversationNoneOverwritesTheOther) {
  constexpr int kThreads = 6, kMessages = 15;
  const auto second = database_.open();
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      auto& store = t % 2 == 0 ? *store_ : *second;
      const Peer peer{"wechat:main", "o" + std::to_string(t / 4)};  // four of them on one conversation
      try {
        for (int i = 0; i < kMessages; ++i) write(store, peer, std::to_string(t) + "-" + std::to_string(i));
      } catch (const std::exception& error) {
        ++failures;
        ADD_FAILURE() << error.what();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  ASSERT_EQ(failures, 0);
  EXPECT_EQ(stored_conversation({"wechat:main", "o0"})->more, std::string(std::size_t{4} * kMessages, '.'));
  EXPECT_EQ(stored_conversation({"wechat:main", "o1"})->more, std::string(std::size_t{2} * kMessages, '.'));
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM inbox"), std::to_string(kThreads * kMessages));
}

TEST_P(StoreThreads, OneDeliveryAtOnceFromEverywhereIsCommittedOnce) {
  const auto second = database_.open();
  for (int round = 0; round < 10; ++round) {
    std::mutex mutex;
    std::multiset<std::string> outcomes;
    std::vector<std::thread> threads;
    const auto key = "delivery " + std::to_string(round);
    for (int t = 0; t < 6; ++t) {
      threads.emplace_back([&, t] {
        auto unit = unit_of(key);
        unit.reply = reply_of("the one reply");
        unit.tickets = {ticket_of(kWang, 100 * round + t)};
        const auto outcome = describe((t % 2 == 0 ? *store_ : *second).commit(unit));
        const std::lock_guard lock(mutex);
        outcomes.insert(outcome);
      });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(outcomes.count("committed"), 1U);
    EXPECT_EQ(outcomes.count("duplicate the one reply"), 5U) << testing::PrintToString(outcomes);
  }
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM tickets"), "10");
}

TEST_P(StoreThreads, WhileNothingElseIsToDoTheCallerCommits) {
  for (const std::string key : {"first", "second"}) {
    std::thread::id committed_on;
    auto unit = unit_of(key);
    unit.reply = reply_of("the one reply");
    store_->commit_here(unit,
                        [&](const CommitOutcome& outcome) {
                          EXPECT_EQ(describe(outcome), "committed");
                          committed_on = std::this_thread::get_id();
                        },
                        {});
    EXPECT_EQ(committed_on, std::this_thread::get_id()) << "before it returned";
  }
  std::string again;
  store_->commit_here(unit_of("first"), [&](const CommitOutcome& outcome) { again = describe(outcome); }, {});
  EXPECT_EQ(again, "duplicate the one reply");
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM inbox"), "2");
}

TEST_P(StoreThreads, WhoCommitsHimselfMayDoSomethingMeanwhile) {
  const auto conversation = conversation_of(kWang);
  const auto commit = [&](const std::string& key, std::int64_t version) {
    auto unit = unit_of(key);
    unit.conversation = conversation;
    unit.conversation->version = version;
    std::vector<std::string> said;
    store_->commit_here(
        unit, [&](const CommitOutcome& outcome) { said.push_back(describe(outcome)); },
        [&] { said.emplace_back("meanwhile"); });
    return said;
  };
  EXPECT_THAT(commit("first", 0), testing::ElementsAre("meanwhile", "committed"));
  EXPECT_THAT(commit("second", 1), testing::ElementsAre("meanwhile", "committed"));
  const auto stale = commit("third", 1);  // what is tried again calls no second time
  EXPECT_THAT(stale.back(), testing::StartsWith("conflict conversations"));
  EXPECT_LE(stale.size(), 2U);
  EXPECT_EQ(database_.ask("SELECT version FROM conversations"), "2");
}

TEST_P(StoreThreads, WhoOffersToCommitAndWhoDoesNotLoseAndDoubleNothing) {
  constexpr int kThreads = 4, kUnits = 60;
  std::atomic<int> committed{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kUnits; ++i) {
        const auto done = [&](const CommitOutcome& outcome) {
          if (std::holds_alternative<Committed>(outcome)) ++committed;
        };
        auto unit = unit_of(std::to_string(t) + "-" + std::to_string(i));
        if (t == 0)
          store_->commit(std::move(unit), done);
        else
          store_->commit_here(std::move(unit), done, {});
        if (i % 8 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(3));  // so that it is idle now and then
      }
    });
  }
  for (auto& thread : threads) thread.join();
  store_.reset();  // commits what waits
  EXPECT_EQ(committed, kThreads * kUnits);
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM inbox"), std::to_string(kThreads * kUnits));
}

TEST_P(StoreThreads, WhatWaitsIsCommittedBeforeTheStoreEnds) {
  std::atomic<int> committed{0};
  for (int i = 0; i < 200; ++i) {
    store_->commit(unit_of(std::to_string(i)), [&](const CommitOutcome& outcome) {
      if (std::holds_alternative<Committed>(outcome)) ++committed;
    });
  }
  store_.reset();
  EXPECT_EQ(committed, 200);
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM inbox"), "200");
}

TEST_P(StoreThreads, UnitsThatArriveTogetherShareATransaction) {
  std::atomic<std::size_t> groups{0}, units{0};
  StoreObserver observer;
  observer.group_committed = [&](std::size_t size, std::chrono::microseconds) {
    ++groups;
    units += size;
  };
  auto store = open_store(database_.options(), observer).value();
  for (int i = 0; i < 400; ++i) store->commit(unit_of(std::to_string(i)), [](const CommitOutcome&) {});
  store.reset();
  EXPECT_EQ(units, 400U);
  EXPECT_LT(groups, 200U);
}

HUIYIN_FOR_EACH_DRIVER(StoreThreads);

}  // namespace
}  // namespace huiyin::db
