// A store that knows which peers there are: whose first message needs no read, and what if it is wrong.
#include <thread>

#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;

class StoreKnownPeers : public StoreConformance {
 protected:
  [[nodiscard]] std::unique_ptr<Store> open_knowing() const {
    auto options = database_.options();
    options.knows_peers = true;
    return open_store(options).value();
  }
  static UnitOfWork first_of(const std::string& key, const Peer& peer) {
    auto unit = unit_of(key, peer);
    unit.conversation = conversation_of(peer);
    return unit;
  }
  /// Read without asking the database; waits until the store has read which peers there are.
  static std::optional<Snapshot> read_stranger(Store& store, const Peer& peer) {
    for (int i = 0; i < 3000; ++i) {
      if (auto snapshot = store.read_at_once({.peer = peer})) return snapshot;
      std::this_thread::sleep_for(10ms);
    }
    return std::nullopt;
  }
};
HUIYIN_FOR_EACH_DRIVER(StoreKnownPeers);

TEST_P(StoreKnownPeers, AStrangerIsKnownForOneWithoutARead) {
  must_commit(first_of("k1", kLi));
  const auto knowing = open_knowing();
  const auto stranger = read_stranger(*knowing, kWang);
  ASSERT_TRUE(stranger);
  EXPECT_FALSE(stranger->conversation);
  EXPECT_FALSE(knowing->read_at_once({.peer = kLi})) << "he is there, and has to be read";
  EXPECT_EQ(knowing->read({.peer = kLi})->conversation->peer, kLi);
  EXPECT_FALSE(knowing->read_at_once({.peer = kWang, .tickets = true})) << "of whom more is asked";
  EXPECT_EQ(describe(knowing->commit(first_of("k2", kWang))), "committed");
  EXPECT_TRUE(knowing->read_at_once({.peer = kWang})->conversation);
}

TEST_P(StoreKnownPeers, WhoDoesNotRememberThemReads) {
  EXPECT_FALSE(store_->read_at_once({.peer = kWang}));
  EXPECT_FALSE(store_->read({.peer = kWang})->conversation);
}

TEST_P(StoreKnownPeers, APeerWhomAnotherProcessGotToKnowIsFoundByTheConflict) {
  const auto knowing = open_knowing();
  ASSERT_TRUE(read_stranger(*knowing, kWang));
  must_commit(first_of("k1", kWang));
  EXPECT_FALSE(knowing->read_at_once({.peer = kWang})->conversation) << "it cannot know";
  EXPECT_THAT(describe(knowing->commit(first_of("k2", kWang))), testing::StartsWith("conflict"));
  EXPECT_FALSE(knowing->read_at_once({.peer = kWang}));
  const auto seen = knowing->read({.peer = kWang})->conversation;
  ASSERT_TRUE(seen);
  auto again = first_of("k2", kWang);
  again.conversation = *seen;
  EXPECT_EQ(describe(knowing->commit(std::move(again))), "committed");
}

TEST_P(StoreKnownPeers, TheSameDeliveryElsewhereIsARepeat) {
  const auto knowing = open_knowing();
  ASSERT_TRUE(read_stranger(*knowing, kWang));
  auto first = first_of("k1", kWang);
  first.reply = reply_of("请问怎么称呼您？");
  must_commit(std::move(first));
  EXPECT_EQ(describe(knowing->commit(first_of("k1", kWang))), "duplicate 请问怎么称呼您？");
}

}  // namespace
}  // namespace huiyin::db
