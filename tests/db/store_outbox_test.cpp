// The outbox: destinations held by one node at a time, rows read and settled in batches, the operator's hand.
#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class StoreOutbox : public StoreConformance {
 protected:
  void send(const std::string& key, std::vector<OutboxRow> rows) {
    auto unit = unit_of(key);
    unit.outbox = std::move(rows);
    must_commit(std::move(unit));
  }
  std::vector<std::string> lease(const std::string& owner, Time now, int most = 10,
                                 const std::string& channel = kWang.channel) {
    std::vector<std::string> out;
    const auto leased = store_->lease_destinations(owner, channel, now, 30s, most).value();
    for (const auto& one : leased) out.push_back(one.destination.address);
    return out;
  }
  void settle(const std::string& owner, const std::vector<OutboxSettlement>& rows,
              const std::vector<ReleasedDestination>& released, Time now) {
    const auto done = store_->settle(owner, rows, released, now);
    EXPECT_TRUE(done) << done.error().why;
  }
  [[nodiscard]] OutboxRow stored(OutboxId id) const { return store_->find_outbox(id).value().value(); }
  static OutboxSettlement settled(const OutboxRow& row, OutboxState state = OutboxState::sent, Time next = {}) {
    return {.id = row.id, .state = state, .next_due = next, .attempts = 1};
  }
};

TEST_P(StoreOutbox, ADestinationIsHeldByOneNodeUntilItExpires) {
  send("e1", {text_to(kWang, "𠮷🏠", kNoon)});
  EXPECT_THAT(lease("node-a", kNoon), ElementsAre("oWang"));
  EXPECT_THAT(lease("node-a", kNoon), IsEmpty()) << "nor twice by the same";
  EXPECT_THAT(lease("node-b", kNoon + 29s), IsEmpty());
  EXPECT_THAT(lease("node-b", kNoon + 31s), ElementsAre("oWang"));
}

TEST_P(StoreOutbox, DueDestinationsComeOldestFirstAndNotTooMany) {
  send("e1", {text_to({"c", "third"}, "", kNoon), text_to({"c", "first"}, "", kNoon - 2s),
              text_to({"c", "second"}, "", kNoon - 1s), text_to({"c", "later"}, "", kNoon + 1s)});
  EXPECT_THAT(lease("node-a", kNoon, 2, "c"), ElementsAre("first", "second"));
  EXPECT_THAT(lease("node-b", kNoon, 2, "c"), ElementsAre("third"));
  EXPECT_THAT(lease("node-b", kNoon + 1s, 10, "c"), ElementsAre("later"));
}

TEST_P(StoreOutbox, AChannelIsLeasedByItself) {
  send("e1", {text_to({"a", "one"}, "", kNoon - 1h), text_to({"b", "one"}, "", kNoon)});
  EXPECT_THAT(lease("node-a", kNoon, 1, "b"), ElementsAre("one"));
  EXPECT_THAT(lease("node-a", kNoon, 1, "b"), IsEmpty()) << "the older one is the other channel's";
  EXPECT_THAT(lease("node-a", kNoon, 1, "a"), ElementsAre("one"));
}

TEST_P(StoreOutbox, AnEarlierMessageBringsTheDestinationForward) {
  send("e1", {text_to(kWang, "tomorrow", kNoon + 24h)});
  EXPECT_THAT(lease("node-a", kNoon), IsEmpty());
  send("e2", {text_to(kWang, "now", kNoon)});
  EXPECT_THAT(lease("node-a", kNoon), ElementsAre("oWang"));
}

TEST_P(StoreOutbox, ReleasedDestinationsAreDueWhenTheNodeSaysSo) {
  const auto first = text_to(kWang, "1", kNoon), second = text_to(kWang, "2", kNoon);
  send("e1", {first, second});
  ASSERT_THAT(lease("node-a", kNoon), ElementsAre("oWang"));
  settle("node-a", {settled(first)}, {{kWang, kNoon + 1min}}, kNoon);
  EXPECT_THAT(lease("node-b", kNoon + 59s), IsEmpty());
  ASSERT_THAT(lease("node-b", kNoon + 1min), ElementsAre("oWang"));
  settle("node-b", {settled(second, OutboxState::waiting, kNoon + 2min)}, {{kWang, kNoon + 2min}}, kNoon + 1min);
  EXPECT_THAT(lease("node-b", kNoon + 2min - 1ms), IsEmpty());
  ASSERT_THAT(lease("node-b", kNoon + 2min), ElementsAre("oWang"));
  settle("node-b", {settled(second)}, {{kWang, std::nullopt}}, kNoon + 2min);
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM outbox_queue"), "0") << "nothing waits";
}

TEST_P(StoreOutbox, AMessageQueuedWhileTheDestinationIsHeldIsNotForgotten) {
  const auto first = text_to(kWang, "1", kNoon);
  send("e1", {first});
  ASSERT_THAT(lease("node-a", kNoon), ElementsAre("oWang"));
  send("e2", {text_to(kWang, "2", kNoon + 1s)});
  EXPECT_THAT(lease("node-b", kNoon + 2s), IsEmpty()) << "the lease holds";
  settle("node-a", {settled(first)}, {{kWang, std::nullopt}}, kNoon + 1s);
  ASSERT_THAT(lease("node-b", kNoon + 1s), ElementsAre("oWang"));
  // Not one for tomorrow either, which does not bring the destination forward.
  const auto tomorrow = text_to(kWang, "3", kNoon + 24h);
  send("e3", {tomorrow});
  settle("node-b", {{.id = store_->waiting_rows({kWang}, 1)->at(0).id}}, {{kWang, std::nullopt}}, kNoon + 2s);
  EXPECT_THAT(lease("node-b", kNoon + 23h), IsEmpty());
  EXPECT_THAT(lease("node-b", kNoon + 24h), ElementsAre("oWang"));
}

TEST_P(StoreOutbox, AMessageThatIsDueSoonerWinsOverTheRetry) {
  const auto stuck = text_to(kWang, "1", kNoon);
  send("e1", {stuck});
  ASSERT_THAT(lease("node-a", kNoon), ElementsAre("oWang"));
  send("e2", {text_to(kWang, "2", kNoon + 5s)});
  settle("node-a", {settled(stuck, OutboxState::waiting, kNoon + 1h)}, {{kWang, kNoon + 1h}}, kNoon + 1s);
  EXPECT_THAT(lease("node-b", kNoon + 5s), ElementsAre("oWang"));
}

TEST_P(StoreOutbox, ADestinationCanBeBroughtForward) {
  send("e1", {text_to(kWang, "1", kNoon + 24h), text_to(kLi, "2", kNoon + 24h)});
  ASSERT_TRUE(store_->bring_forward({kWang, {"wechat:main", "oNobody"}}, kNoon));
  EXPECT_THAT(lease("node", kNoon), ElementsAre("oWang"));
  ASSERT_TRUE(store_->bring_forward({kWang}, kNoon + 1s));
  settle("node", {}, {{kWang, kNoon + 1h}}, kNoon + 2s);
  EXPECT_THAT(lease("node", kNoon + 2s), ElementsAre("oWang")) << "while it was held, too";
}

TEST_P(StoreOutbox, WhoLostTheLeaseDoesNotGiveItBackNorRenewIt) {
  send("e1", {text_to(kWang, "1", kNoon)});
  ASSERT_THAT(lease("node-a", kNoon), ElementsAre("oWang"));
  EXPECT_THAT(store_->renew_destinations("node-a", {kWang}, kNoon + 40s).value(), ElementsAre(kWang));
  EXPECT_THAT(lease("node-b", kNoon + 39s), IsEmpty());
  ASSERT_THAT(lease("node-b", kNoon + 41s), ElementsAre("oWang"));
  EXPECT_THAT(store_->renew_destinations("node-a", {kWang}, kNoon + 90s).value(), IsEmpty());
  settle("node-a", {}, {{kWang, kNoon}}, kNoon + 42s);
  EXPECT_THAT(lease("node-c", kNoon + 43s), IsEmpty());
}

TEST_P(StoreOutbox, RowsOfManyDestinationsAreReadAtOnce) {
  std::vector<OutboxRow> rows;
  std::vector<Peer> peers;
  for (int i = 0; i < 300; ++i) {
    peers.push_back({i % 2 == 0 ? "a" : "b", "p" + std::to_string(i)});
    for (int n = 0; n < 3; ++n) rows.push_back(text_to(peers.back(), std::to_string(n), kNoon + n * 1h));
  }
  send("e1", rows);
  settle("node", {settled(rows[0])}, {}, kNoon);
  const auto read = store_->waiting_rows(peers, 2).value();
  EXPECT_EQ(read.size(), 600U);
  std::map<Peer, std::vector<std::string>> texts;
  for (const auto& row : read) texts[row.message.to].push_back(row.message.text);
  EXPECT_THAT(texts[peers[0]], ElementsAre("1", "2")) << "what is sent does not wait";
  for (std::size_t i = 1; i < peers.size(); ++i) EXPECT_THAT(texts[peers[i]], ElementsAre("0", "1")) << i;
  EXPECT_THAT(store_->waiting_rows({}, 2).value(), IsEmpty());
}

TEST_P(StoreOutbox, ManyRowsAreSettledAtOnceEachAsItEnded) {
  std::vector<OutboxRow> rows;
  std::vector<OutboxSettlement> ends;
  for (int i = 0; i < 500; ++i) {
    auto& row = rows.emplace_back(text_to({"c", "p" + std::to_string(i)}, "x", kNoon));
    auto& end = ends.emplace_back(settled(row));
    if (i % 5 == 0) end = {row.id, OutboxState::waiting, kNoon + i * 1s, 2, "503 " + std::string(2000, 'x'), "", {}};
    if (i % 5 == 1) end.provider_id = "id-" + std::to_string(i);
    if (i % 5 == 2) end = {row.id, OutboxState::dead, {}, 3, "被拒绝", "", {}};
    if (i % 5 == 3) end = {row.id, OutboxState::unknown, {}, 1, "", "", {}};
  }
  send("e1", rows);
  settle("node", ends, {}, kNoon);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = stored(rows[i].id);
    EXPECT_EQ(row.state, ends[i].state) << i;
    EXPECT_EQ(row.attempts, ends[i].attempts) << i;
    EXPECT_EQ(row.provider_id, ends[i].provider_id) << i;
    EXPECT_EQ(row.last_error, ends[i].last_error.substr(0, 1000)) << i;
    EXPECT_EQ(row.due, i % 5 == 0 ? ends[i].next_due : kNoon) << i;
  }
}

TEST_P(StoreOutbox, WordsThatMustNotStayAreReplacedWhenTheRowEnds) {
  const auto code = text_to(kWang, "验证码123456", kNoon), other = text_to(kWang, "好的", kNoon);
  send("e1", {code, other});
  auto end = settled(code);
  end.kept = OutboundMessage{.key = code.message.key, .to = kWang, .template_name = "verify_code"};
  settle("node", {end, settled(other)}, {}, kNoon);
  EXPECT_EQ(stored(code.id).message.text, "");
  EXPECT_EQ(stored(code.id).message.template_name, "verify_code");
  EXPECT_EQ(stored(code.id).state, OutboxState::sent);
  EXPECT_EQ(stored(other.id).message.text, "好的");
}

TEST_P(StoreOutbox, ACancelledRowIsNotTriedAgainAndAReceiptThatCameFirstStands) {
  const auto cancelled = text_to(kWang, "1", kNoon), delivered = text_to(kWang, "2", kNoon),
             failed = text_to(kWang, "3", kNoon), sent_after_all = text_to(kWang, "4", kNoon);
  send("e1", {cancelled, delivered, failed, sent_after_all});
  auto unit = unit_of("e2");
  unit.inbox.channel = kWang.channel;
  unit.outbox_cancelled = {cancelled.id, sent_after_all.id};
  unit.receipts = {{delivered.message.key, ReceiptState::delivered, ""},
                   {failed.message.key, ReceiptState::failed, "off"}};
  must_commit(unit);
  settle(
      "node-a",
      {settled(cancelled, OutboxState::waiting, kNoon), settled(delivered), settled(failed), settled(sent_after_all)},
      {}, kNoon);
  EXPECT_THAT(store_->waiting_rows({kWang}, 10).value(), IsEmpty());
  EXPECT_EQ(stored(cancelled.id).state, OutboxState::cancelled);
  EXPECT_EQ(stored(delivered.id).state, OutboxState::delivered);
  EXPECT_EQ(stored(failed.id).state, OutboxState::dead);
  EXPECT_EQ(stored(sent_after_all.id).state, OutboxState::sent) << "it had left before it was cancelled";
}

TEST_P(StoreOutbox, ConversationsOfManyPeersAreReadAtOnce) {
  std::vector<Peer> peers;
  for (int i = 0; i < 5; ++i) {
    auto unit = unit_of("c" + std::to_string(i));
    unit.conversation = Conversation{.id = {fresh_id()}, .peer = {"c", "p" + std::to_string(i)}, .gone = i == 3};
    peers.push_back(unit.conversation->peer);
    must_commit(unit);
  }
  peers.push_back({"c", "stranger"});
  const auto read = store_->conversations_of(peers).value();
  ASSERT_EQ(read.size(), 5U);
  for (const auto& one : read) {
    EXPECT_EQ(one.gone, one.peer.address == "p3");
    EXPECT_EQ(one.version, 1);
  }
}

TEST_P(StoreOutbox, APersonsVerifiedPeersAreFound) {
  auto unit = unit_of("e1");
  const ContactId wang{fresh_id()}, li{fresh_id()};
  unit.verified_peers = {{kWang, wang, kNoon}, {{"sms:estate", "+8613800138000"}, wang, kNoon}, {kLi, li, kNoon}};
  must_commit(unit);
  const auto of_wang = store_->verified_peers({wang}).value();
  ASSERT_EQ(of_wang.size(), 2U);
  for (const auto& one : of_wang) EXPECT_EQ(one.contact, wang);
  EXPECT_EQ(store_->verified_peers({wang, li})->size(), 3U);
  EXPECT_THAT(store_->verified_peers({}).value(), IsEmpty());
}

TEST_P(StoreOutbox, AnOperatorListsRetriesAndDrops) {
  const auto dead = text_to(kWang, "1", kNoon), unknown = text_to(kWang, "2", kNoon), sent = text_to(kLi, "3", kNoon);
  send("e1", {dead, unknown, sent});
  ASSERT_THAT(lease("node", kNoon), UnorderedElementsAre("oWang", "oLi"));
  settle("node", {settled(dead, OutboxState::dead), settled(unknown, OutboxState::unknown), settled(sent)},
         {{kWang, std::nullopt}, {kLi, std::nullopt}}, kNoon);
  const auto texts = [&](const OutboxFilter& filter) {
    std::vector<std::string> out;
    const auto rows = store_->list_outbox(filter).value();
    for (const auto& row : rows) out.push_back(row.message.text);
    return out;
  };
  EXPECT_THAT(texts({}), ElementsAre("3", "2", "1"));
  EXPECT_THAT(texts({.limit = 1}), ElementsAre("3"));
  EXPECT_THAT(texts({.state = OutboxState::dead}), ElementsAre("1"));
  EXPECT_THAT(texts({.channel = kWang.channel, .address = kWang.address}), ElementsAre("2", "1"));
  EXPECT_THAT(texts({.channel = "none"}), IsEmpty());

  EXPECT_TRUE(store_->revise_outbox(dead.id, OutboxState::waiting, kNoon + 1h).value());
  EXPECT_EQ(stored(dead.id).attempts, 2) << "each attempt has a number of its own";
  EXPECT_EQ(stored(dead.id).created, kNoon + 1h) << "or it would be given up for its age at once";
  EXPECT_THAT(lease("node", kNoon + 1h), ElementsAre("oWang"));
  EXPECT_THAT(store_->waiting_rows({kWang}, 10)->size(), 1U);
  EXPECT_TRUE(store_->revise_outbox(unknown.id, OutboxState::cancelled, kNoon).value());
  EXPECT_EQ(stored(unknown.id).state, OutboxState::cancelled);
  EXPECT_FALSE(store_->revise_outbox(sent.id, OutboxState::waiting, kNoon).value()) << "it was sent";
  EXPECT_FALSE(store_->revise_outbox({fresh_id()}, OutboxState::cancelled, kNoon).value());
  EXPECT_EQ(store_->find_outbox({fresh_id()}).value(), std::nullopt);
}

TEST_P(StoreOutbox, TellsSinceWhenTheOldestDestinationWaits) {
  EXPECT_EQ(store_->oldest_waiting().value(), std::nullopt);
  const auto row = text_to(kWang, "1", kNoon);
  send("e1", {row});
  EXPECT_EQ(store_->oldest_waiting().value(), time_of_id(row.id.value));
}

TEST_P(StoreOutbox, OfManyNodesAtOnceNoTwoHoldTheSame) {
  std::vector<OutboxRow> rows;
  for (int i = 0; i < 60; ++i) rows.push_back(text_to({"c", "p" + std::to_string(i)}, "x", kNoon));
  send("e1", rows);
  std::mutex mutex;
  std::multiset<std::string> held;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      const auto store = database_.open();  // as another process would
      const auto owner = "node-" + std::to_string(t);
      for (int i = 0; i < 40; ++i) {
        const auto leased = store->lease_destinations(owner, "c", kNoon, 30s, 7);
        ASSERT_TRUE(leased) << leased.error().why;
        std::vector<Peer> peers;
        std::vector<ReleasedDestination> released;
        std::vector<OutboxSettlement> ends;
        for (const auto& one : *leased) {
          peers.push_back(one.destination);
          released.push_back({one.destination, std::nullopt});
        }
        const auto waiting = store->waiting_rows(peers, 10).value();
        for (const auto& row : waiting) ends.push_back(settled(row));
        const auto done = store->settle(owner, ends, released, kNoon);
        ASSERT_TRUE(done) << done.error().why;
        const std::lock_guard lock(mutex);
        for (const auto& row : waiting) held.insert(row.message.to.address);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(held.size(), 60U);
  EXPECT_EQ(std::set(held.begin(), held.end()).size(), 60U);
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM outbox_queue"), "0");
}

HUIYIN_FOR_EACH_DRIVER(StoreOutbox);

}  // namespace
}  // namespace huiyin::db
