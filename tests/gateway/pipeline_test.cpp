#include "gateway/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "gateway/turn_threads.h"
#include "tests/gateway/script_store.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

const Peer kWang{"wechat:main", "oWang"};
const Peer kLi{"wechat:main", "oLi"};

Incoming text(const Peer& peer, const std::string& key, const std::string& words = "hi") {
  return {.event = {.key = key, .peer = peer, .body = TextMessage{words}}};
}

Pipeline::Deadline soon(std::chrono::milliseconds wait = 60s) { return std::chrono::steady_clock::now() + wait; }

/// Waits for what another thread is about to do; fails the test where it does not.
template <class Condition>
void eventually(Condition condition) {
  const auto limit = std::chrono::steady_clock::now() + 60s;
  while (!condition() && std::chrono::steady_clock::now() < limit) std::this_thread::sleep_for(1ms);
  ASSERT_TRUE(condition());
}

class PipelineTest : public testing::Test {
 protected:
  /// Says how many of the peer's texts came before, and what this one was: order and lost updates show in the reply.
  std::variant<UnitOfWork, NeedsMore> decide(const Incoming& incoming, const Snapshot& snapshot,
                                             std::optional<TicketNumber> number) {
    ++decisions_;
    const auto& words = std::get<TextMessage>(incoming.event.body).text;
    if (words == "throw") throw std::runtime_error("a bug");
    if (words == "never enough") return NeedsMore{.wants = snapshot.read};
    if (words == "ticket" && !number) return NeedsMore{.wants = snapshot.read, .number = true};
    auto conversation =
        snapshot.conversation.value_or(Conversation{.id = ConversationId{1}, .peer = incoming.event.peer});
    conversation.more += words;
    UnitOfWork unit{.inbox = {.key = incoming.event.key},
                    .reply = OutboundMessage{.text = conversation.more},
                    .conversation = conversation};
    if (number) unit.reply->text = "#" + std::to_string(number->sequence);
    return unit;
  }

  /// Is in its place, behind what came before it, when this returns.
  std::future<Outcome> begin(Incoming incoming) {
    const auto outcome = std::make_shared<std::promise<Outcome>>();
    pipeline_.process(std::move(incoming), soon(), [outcome](const Outcome& its) { outcome->set_value(its); });
    return outcome->get_future();
  }

  ScriptStore store_;
  Metrics metrics_;
  std::atomic<int> decisions_{0};
  std::atomic<bool> ready_{true};
  TurnThreads threads_{2, 2};
  Pipeline pipeline_{store_,
                     [this](const Incoming& incoming, const Snapshot& snapshot, std::optional<TicketNumber> number) {
                       return decide(incoming, snapshot, number);
                     },
                     [this] { return ready_.load(); }, metrics_, threads_.both()};
};

TEST_F(PipelineTest, AnEventIsDecidedCommittedAndAnswered) {
  const auto outcome = pipeline_.process(text(kWang, "k1"), soon());
  EXPECT_EQ(outcome.kind, Outcome::Kind::answered);
  EXPECT_FALSE(outcome.duplicate);
  ASSERT_TRUE(outcome.reply);
  EXPECT_EQ(outcome.reply->text, "hi");
  EXPECT_EQ(store_.committed().size(), 1U);
}

TEST_F(PipelineTest, ARepeatIsAnsweredTheSameAndChangesNothing) {
  (void)pipeline_.process(text(kWang, "k1"), soon());
  const auto repeat = pipeline_.process(text(kWang, "k1"), soon());
  EXPECT_TRUE(repeat.duplicate);
  EXPECT_EQ(repeat.reply->text, "hi");
  EXPECT_EQ(store_.committed().size(), 1U);
}

TEST_F(PipelineTest, ARepeatWhileTheFirstIsUnderWayWaitsForItsOutcome) {
  store_.hold();
  auto first = std::async(std::launch::async, [&] { return pipeline_.process(text(kWang, "k1"), soon()); });
  eventually([&] { return store_.held() == 1; });
  auto second = begin(text(kWang, "k1"));
  store_.release();
  EXPECT_EQ(first.get().reply->text, "hi");
  EXPECT_EQ(second.get().reply->text, "hi");
  EXPECT_EQ(decisions_, 1);
  EXPECT_EQ(store_.committed().size(), 1U);
}

TEST_F(PipelineTest, OnePeersEventsGoInOrder) {
  store_.hold();
  const std::vector<std::string> words = {"a", "b", "c", "d"};
  std::vector<std::promise<Outcome>> outcomes(words.size());
  for (std::size_t i = 0; i < words.size(); ++i)  // in the order of the calls, none of which waits
    pipeline_.process(text(kWang, words[i], words[i]), soon(),
                      [&promise = outcomes[i]](Outcome outcome) { promise.set_value(std::move(outcome)); });
  eventually([&] { return store_.held() == 1; });
  store_.release();
  std::string said;
  for (std::size_t i = 0; i < words.size(); ++i) {
    said += words[i];
    EXPECT_EQ(outcomes[i].get_future().get().reply->text, said);
  }
}

TEST_F(PipelineTest, DifferentPeersDoNotWaitForEachOther) {
  store_.hold();
  auto one = std::async(std::launch::async, [&] { return pipeline_.process(text(kWang, "k1"), soon()); });
  auto two = std::async(std::launch::async, [&] { return pipeline_.process(text(kLi, "k2"), soon()); });
  eventually([&] { return store_.held() == 2; });
  store_.release();
  EXPECT_EQ(one.get().kind, Outcome::Kind::answered);
  EXPECT_EQ(two.get().kind, Outcome::Kind::answered);
}

TEST_F(PipelineTest, WhoIsAloneReadsHimself) {
  std::vector<std::thread::id> readers;
  store_.before_read = [&](const Wants&) { readers.push_back(std::this_thread::get_id()); };
  // Whatever became of those before: each of these is alone.
  store_.answer_next(Refused{"data too long"});
  (void)begin(text(kWang, "k1")).get();
  store_.answer_next(Unavailable{"away"});
  (void)begin(text(kWang, "k2")).get();
  (void)begin(text(kWang, "k3", "throw")).get();
  EXPECT_EQ(begin(text(kWang, "k4")).get().kind, Outcome::Kind::answered);
  EXPECT_EQ(readers, std::vector(4, std::this_thread::get_id()));
}

TEST_F(PipelineTest, WhoIsAloneAndReadsForLongHoldsUpNobodyElse) {
  std::promise<void> go_on;
  std::atomic<bool> reads{false};
  std::atomic<std::thread::id> who_read_for_li{};
  store_.before_read = [&](const Wants& wants) {
    if (wants.peer == kLi) {
      who_read_for_li = std::this_thread::get_id();
    } else {
      reads = true;
      go_on.get_future().wait();
    }
  };
  auto one = std::async(std::launch::async, [&] { return begin(text(kWang, "k1")).get(); });
  eventually([&] { return reads.load(); });
  EXPECT_EQ(begin(text(kLi, "k2")).get().kind, Outcome::Kind::answered);
  EXPECT_NE(who_read_for_li.load(), std::this_thread::get_id());
  go_on.set_value();
  EXPECT_EQ(one.get().kind, Outcome::Kind::answered);
}

TEST_F(PipelineTest, AConflictIsDecidedAgain) {
  store_.answer_next(Conflict{"conversation"});
  store_.answer_next(Conflict{"conversation"});
  EXPECT_EQ(pipeline_.process(text(kWang, "k1"), soon()).reply->text, "hi");
  EXPECT_EQ(decisions_, 3);
}

TEST_F(PipelineTest, WhatIsSaidIsForetoldWhileItIsCommitted) {
  std::vector<std::string> foretold;
  const auto told = [&](const std::string& key) {
    auto incoming = text(kWang, key, key);
    incoming.foretold = [&](const auto& reply) { foretold.push_back(reply->text); };
    return pipeline_.process(std::move(incoming), soon());
  };
  EXPECT_TRUE(told("a").foretold);
  store_.answer_next(Conflict{"conversation"});
  EXPECT_TRUE(told("b").foretold);  // twice, each time before it is known
  EXPECT_FALSE(told("b").foretold) << "a repeat says what was said first";
  store_.lead_only(1);
  store_.answer_next(Conflict{"conversation"});
  EXPECT_FALSE(told("c").foretold) << "that of the second try was not";
  EXPECT_THAT(foretold, testing::ElementsAre("a", "ab", "ab", "abb", "abc"));
}

TEST_F(PipelineTest, ConflictsWithoutEndAreGivenUpAndNothingIsLost) {
  for (int i = 0; i < Pipeline::kMaxTries; ++i) store_.answer_next(Conflict{"conversation 1"});
  const auto outcome = pipeline_.process(text(kWang, "k1"), soon());
  EXPECT_EQ(outcome.kind, Outcome::Kind::unavailable);  // the caller spools it
  EXPECT_EQ(decisions_, Pipeline::kMaxTries);
  EXPECT_NE(outcome.why.find("conversation 1"), std::string::npos);
}

TEST_F(PipelineTest, ADeadlineLeavesTheTurnToItself) {
  store_.hold();
  EXPECT_EQ(pipeline_.process(text(kWang, "k1"), soon(30ms)).kind, Outcome::Kind::pending);
  store_.release();
  EXPECT_TRUE(pipeline_.drain(60s));
  EXPECT_EQ(store_.committed().size(), 1U);
  EXPECT_TRUE(pipeline_.process(text(kWang, "k1"), soon()).duplicate);
}

TEST_F(PipelineTest, AConflictAfterTheDeadlineIsDecidedAgain) {
  store_.hold();
  EXPECT_EQ(pipeline_.process(text(kWang, "k1"), soon(30ms)).kind, Outcome::Kind::pending);
  store_.answer_next(Conflict{"conversation"});
  store_.release();
  EXPECT_TRUE(pipeline_.drain(60s));
  EXPECT_EQ(store_.committed().size(), 1U);
}

TEST_F(PipelineTest, WhatWaitsBehindALateTurnGoesOn) {
  store_.hold();
  EXPECT_EQ(pipeline_.process(text(kWang, "k1", "a"), soon(30ms)).kind, Outcome::Kind::pending);
  EXPECT_EQ(pipeline_.process(text(kWang, "k2", "b"), soon(30ms)).kind, Outcome::Kind::pending);  // queued, then left
  auto third = begin(text(kWang, "k3", "c"));
  store_.release();
  EXPECT_EQ(third.get().reply->text, "abc");
}

TEST_F(PipelineTest, AStoreThatIsAwayIsSaidAtOnceAndTakesThoseBehindWithIt) {
  store_.hold();
  auto first = std::async(std::launch::async, [&] { return pipeline_.process(text(kWang, "k1"), soon()); });
  eventually([&] { return store_.held() == 1; });
  auto second = begin(text(kWang, "k2"));
  store_.answer_next(Unavailable{"the server went away"});
  store_.release();
  EXPECT_EQ(first.get().kind, Outcome::Kind::unavailable);
  EXPECT_EQ(second.get().kind, Outcome::Kind::unavailable);  // else it would overtake the first
  EXPECT_TRUE(store_.committed().empty());
  store_.set_available(false);
  EXPECT_EQ(pipeline_.process(text(kWang, "k3"), soon()).kind, Outcome::Kind::unavailable);
  store_.set_available(true);
  // An outcome is told before its turn is over: until then the next one is behind it, and goes with it.
  EXPECT_TRUE(pipeline_.drain(60s));
  EXPECT_EQ(pipeline_.process(text(kWang, "k3"), soon()).kind, Outcome::Kind::answered);
}

TEST_F(PipelineTest, ANodeThatIsNotReadyDecidesNothing) {
  ready_ = false;
  EXPECT_EQ(pipeline_.process(text(kWang, "k1"), soon()).kind, Outcome::Kind::unavailable);
  EXPECT_EQ(decisions_, 0);
}

TEST_F(PipelineTest, ABugOrBadDataRefusesThatEventAlone) {
  EXPECT_EQ(pipeline_.process(text(kWang, "k1", "throw"), soon()).kind, Outcome::Kind::refused);
  EXPECT_EQ(pipeline_.process(text(kWang, "k2", "never enough"), soon()).kind, Outcome::Kind::refused);
  store_.answer_next(Refused{"data too long"});
  const auto outcome = pipeline_.process(text(kWang, "k3"), soon());
  EXPECT_EQ(outcome.kind, Outcome::Kind::refused);
  EXPECT_EQ(outcome.why, "data too long");
  EXPECT_EQ(pipeline_.process(text(kWang, "k4"), soon()).kind, Outcome::Kind::answered);
}

TEST_F(PipelineTest, ATicketNumberIsTakenOnceHoweverOftenItIsDecided) {
  store_.answer_next(Conflict{"conversation"});
  EXPECT_EQ(pipeline_.process(text(kWang, "k1", "ticket"), soon()).reply->text, "#1024");
  EXPECT_EQ(pipeline_.process(text(kWang, "k2", "ticket"), soon()).reply->text, "#1025");
}

TEST_F(PipelineTest, ManyThreadsLoseAndDoubleNothing) {
  constexpr int kPeers = 8, kEach = 50;
  std::vector<std::thread> threads;
  for (int p = 0; p < kPeers; ++p)
    for (int copy = 0; copy < 2; ++copy)  // every delivery twice, at the same time
      threads.emplace_back([this, p] {
        const Peer peer{"wechat:main", "o" + std::to_string(p)};
        for (int i = 0; i < kEach; ++i)
          EXPECT_EQ(pipeline_.process(text(peer, std::to_string(p) + "." + std::to_string(i), "x"), soon(60s)).kind,
                    Outcome::Kind::answered);
      });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(store_.committed().size(), static_cast<std::size_t>(kPeers * kEach));
  for (int p = 0; p < kPeers; ++p)
    EXPECT_EQ(store_.read({.peer = {"wechat:main", "o" + std::to_string(p)}})->conversation->more.size(),
              static_cast<std::size_t>(kEach));
}

}  // namespace
}  // namespace huiyin::gateway
