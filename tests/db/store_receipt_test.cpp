// Receipts that come before it is written down by what id the provider knows their message.
#include "db/receipts.h"

#include <thread>

#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Peer kPhone{"sms:estate", "+8613800138000"};
const std::string kKept = "SELECT COUNT(*) FROM early_receipts";

class StoreReceipt : public StoreConformance {
 protected:
  std::vector<OutboxRow> queue(int count) {
    auto unit = unit_of("send " + std::to_string(++units_), kPhone);
    for (int i = 0; i < count; ++i) unit.outbox.push_back(text_to(kPhone, std::to_string(i), kNoon));
    auto rows = unit.outbox;
    must_commit(std::move(unit));
    return rows;
  }
  void hear(std::vector<Receipt> receipts, Time received = kNoon, const std::string& channel = kPhone.channel) {
    auto unit = unit_of("receipt " + std::to_string(++units_), {channel, ""});
    unit.receipts = std::move(receipts);
    unit.inbox.received = received;
    must_commit(std::move(unit));
  }
  void settle(const OutboxRow& row, const std::string& provider_id, int attempts = 1) {
    EXPECT_TRUE(store_->settle("node", {{.id = row.id, .attempts = attempts, .provider_id = provider_id}}, {}, kNoon));
  }
  void match(Time now) {
    const auto done = store_->match_early_receipts(now);
    EXPECT_TRUE(done) << done.error().why;
  }
  [[nodiscard]] OutboxRow stored(const OutboxRow& row) const { return store_->find_outbox(row.id).value().value(); }
  [[nodiscard]] OutboxState state(const OutboxRow& row) const { return stored(row).state; }
  [[nodiscard]] std::string receipt_of(const OutboxRow& row) const {
    return database_.ask("SELECT receipt FROM outbox WHERE id=" + std::to_string(row.id.value));
  }
  /// A store that writes down which receipts it says are unknown.
  [[nodiscard]] std::unique_ptr<Store> listening() {
    return open_store(database_.options(),
                      {.receipt_unknown = [this](const std::string& channel,
                                                 const std::string& id) { unknown_.push_back(channel + " " + id); }})
        .value();
  }

  std::vector<std::string> unknown_{};
  int units_ = 0;
};

TEST_P(StoreReceipt, WhatComesBeforeTheProvidersIdIsWrittenDownIsNotLost) {
  const auto rows = queue(3);
  hear({{"p0", ReceiptState::delivered, "DELIVRD"}, {"p1", ReceiptState::failed, "关机"}});
  EXPECT_EQ(state(rows[0]), OutboxState::waiting);
  match(kNoon);
  EXPECT_EQ(database_.ask(kKept), "2");
  for (std::size_t i = 0; i < rows.size(); ++i) settle(rows[i], "p" + std::to_string(i));
  match(kNoon + 1s);
  EXPECT_EQ(state(rows[0]), OutboxState::delivered);
  EXPECT_EQ(receipt_of(rows[0]), "DELIVRD");
  EXPECT_EQ(state(rows[1]), OutboxState::dead);
  EXPECT_EQ(receipt_of(rows[1]), "关机");
  EXPECT_EQ(state(rows[2]), OutboxState::sent);
  EXPECT_EQ(database_.ask(kKept), "0");
}

TEST_P(StoreReceipt, MessagesThatWentAsOneAreAllMeant) {
  const auto rows = queue(2);
  hear({{"both", ReceiptState::delivered, ""}});
  for (const auto& row : rows) settle(row, "both");
  match(kNoon);
  for (const auto& row : rows) EXPECT_EQ(state(row), OutboxState::delivered);
}

TEST_P(StoreReceipt, ItIsLookedForAtOnceThenInGrowingPausesForAnHour) {
  const auto store = listening();
  hear({{"stranger", ReceiptState::delivered, ""}});
  std::vector<Time> dues{kNoon};
  for (auto now = kNoon; now <= kNoon + 2h; now += 500ms) {
    ASSERT_TRUE(store->match_early_receipts(now));
    const auto due = parse_utc(database_.ask("SELECT due FROM early_receipts"));
    if (due && *due != dues.back()) dues.push_back(*due);
    if (!unknown_.empty()) {
      EXPECT_GE(now, kNoon + 1h);
      EXPECT_LE(now, kNoon + 1h + 1min);
      break;
    }
  }
  EXPECT_THAT(unknown_, ElementsAre("sms:estate stranger"));
  EXPECT_EQ(database_.ask(kKept), "0");
  ASSERT_GT(dues.size(), 5U);
  EXPECT_LT(dues.size(), 100U) << "one that is nobody's costs little";
  for (std::size_t i = 1; i < dues.size(); ++i) EXPECT_LE(dues[i] - dues[i - 1], 1min);
  EXPECT_EQ(dues[1], kNoon + 500ms);
}

TEST_P(StoreReceipt, OneForTheWrongChannelIsNobodys) {
  const auto store = listening();
  const auto rows = queue(1);
  hear({{"p0", ReceiptState::failed, ""}}, kNoon, "sms:other");
  settle(rows[0], "p0");
  match(kNoon);
  EXPECT_EQ(state(rows[0]), OutboxState::sent);
  ASSERT_TRUE(store->match_early_receipts(kNoon + 2h));
  EXPECT_THAT(unknown_, ElementsAre("sms:other p0"));
}

TEST_P(StoreReceipt, WhatFailedAndThenArrivedAfterAllHasArrived) {
  const auto rows = queue(1);
  hear({{"p0", ReceiptState::delivered, "arrived"}}, kNoon);
  hear({{"p0", ReceiptState::failed, "timeout"}}, kNoon + 1s);
  hear({{"p0", ReceiptState::failed, "timeout"}}, kNoon + 2s);  // said twice
  settle(rows[0], "p0");
  match(kNoon + 2s);
  EXPECT_EQ(state(rows[0]), OutboxState::delivered);
  EXPECT_EQ(receipt_of(rows[0]), "arrived");
  EXPECT_EQ(database_.ask(kKept), "0");
}

TEST_P(StoreReceipt, WhatWasGivenBackForNowIsSentAgainWhicheverNameItHas) {
  const auto rows = queue(2);
  hear({{.id = "p0", .state = ReceiptState::failed, .detail = "5.2.2 full", .may_pass = true},
        {.id = rows[1].message.key, .state = ReceiptState::failed, .detail = "5.2.2 full", .may_pass = true}});
  match(kNoon);
  EXPECT_EQ(state(rows[1]), OutboxState::waiting) << "its first sending is not written down";
  for (std::size_t i = 0; i < rows.size(); ++i) settle(rows[i], "p" + std::to_string(i));
  match(kNoon + 1s);
  for (const auto& row : rows) {
    EXPECT_EQ(state(row), OutboxState::waiting);
    EXPECT_EQ(stored(row).due, kNoon + 1h);
    EXPECT_EQ(stored(row).last_error, "5.2.2 full");
  }
  EXPECT_EQ(database_.ask(kKept), "0");
  EXPECT_THAT(store_->lease_destinations("node", kPhone.channel, kNoon + 1h, 30s, 10).value(), SizeIs(1));
  // Said twice, it is not given up; and the next sending is its own.
  hear({{.id = rows[0].message.key, .state = ReceiptState::failed, .detail = "5.2.2 full", .may_pass = true}},
       kNoon + 2s);
  EXPECT_EQ(state(rows[0]), OutboxState::waiting);
  EXPECT_EQ(database_.ask(kKept), "0");
  settle(rows[0], "again", 2);
  EXPECT_EQ(state(rows[0]), OutboxState::sent);
  hear({{"again", ReceiptState::delivered, ""}}, kNoon + 1h);
  EXPECT_EQ(state(rows[0]), OutboxState::delivered);
}

TEST_P(StoreReceipt, AReceiptOfManyBytesInAnyCharsetIsKeptToo) {
  const auto rows = queue(1);
  const std::string id(400, 'x'), detail = std::string("\xff\xfe", 2) + std::string(3000, 'y');
  hear({{id, ReceiptState::delivered, detail}, {"\xff\xfe", ReceiptState::failed, ""}});
  settle(rows[0], id);
  match(kNoon);
  EXPECT_EQ(state(rows[0]), OutboxState::delivered) << "as much of the id as the outbox keeps";
  EXPECT_EQ(database_.ask(kKept), "1");
}

TEST_P(StoreReceipt, OfVeryManyTheOldestAreForgottenAndTold) {
  const auto store = listening();
  constexpr int kMore = 300;
  auto unit = unit_of("flood", {kPhone.channel, ""});
  unit.inbox.received = kNoon + 1s;
  for (int i = 0; i < kMostEarlyReceipts; ++i)
    unit.receipts.push_back({"new" + std::to_string(i), ReceiptState::delivered, ""});
  std::vector<Receipt> old;
  for (int i = 0; i < kMore; ++i) old.push_back({"old" + std::to_string(i), ReceiptState::delivered, ""});
  hear(old);
  must_commit(std::move(unit));
  ASSERT_TRUE(store->match_early_receipts(kNoon + 1s));
  EXPECT_THAT(unknown_, SizeIs(kMore));
  EXPECT_EQ(database_.ask(kKept), std::to_string(kMostEarlyReceipts));
  EXPECT_EQ(database_.ask(kKept + " WHERE receipt_id LIKE 'old%'"), "0");
}

// Two transactions of which neither sees what the other writes. (SQLite lets one write at a time.)
TEST_P(StoreReceipt, ReceiptAndSettlementAtOnceMissEachOtherAndMeetAllTheSame) {
  const auto session = database_.connect(SessionUse::writing);
  if (session->dialect().name() != "mysql") return;
  const auto rows = queue(2);
  {
    Transaction hearing(*session);  // begins first, ends last
    EXPECT_THAT(take_receipts(*session, {{kPhone.channel, {"p0", ReceiptState::delivered, ""}, kNoon}}), IsEmpty());
    settle(rows[0], "p0");
    match(kNoon);
    EXPECT_EQ(state(rows[0]), OutboxState::sent);
    hearing.commit();
  }
  match(kNoon + 1s);
  EXPECT_EQ(state(rows[0]), OutboxState::delivered);
  {
    Transaction settling(*session);
    session->prepare("UPDATE outbox SET state='sent',provider_id='p1' WHERE id=?").bind(rows[1].id.value).run();
    hear({{"p1", ReceiptState::delivered, ""}});
    match(kNoon + 2s);
    EXPECT_EQ(database_.ask(kKept), "1");
    settling.commit();
  }
  match(kNoon + 10s);
  EXPECT_EQ(state(rows[1]), OutboxState::delivered);
  EXPECT_EQ(database_.ask(kKept), "0");
}

TEST_P(StoreReceipt, ManyNodesMatchThemAndEachIsAppliedOnce) {
  constexpr int kReceipts = 200;
  const auto rows = queue(kReceipts);
  std::vector<Receipt> receipts;
  for (int i = 0; i < kReceipts; ++i)
    receipts.push_back(
        {.id = "p" + std::to_string(i), .state = ReceiptState::failed, .detail = "full", .may_pass = true});
  hear(std::move(receipts));
  std::vector<std::thread> nodes;
  for (int n = 0; n < 3; ++n)
    nodes.emplace_back([&] {
      const auto store = database_.open();  // as another process would
      for (int i = 0; i < 20; ++i) {
        const auto done = store->match_early_receipts(kNoon + i * 1min);
        ASSERT_TRUE(done) << done.error().why;
      }
    });
  for (int i = 0; i < kReceipts; ++i) settle(rows[static_cast<std::size_t>(i)], "p" + std::to_string(i));
  for (auto& node : nodes) node.join();
  match(kNoon + 30min);
  for (const auto& row : rows) {
    EXPECT_EQ(state(row), OutboxState::waiting);
    EXPECT_EQ(stored(row).due, kNoon + 1h) << "from when it came";
  }
  EXPECT_EQ(database_.ask(kKept), "0");
}

HUIYIN_FOR_EACH_DRIVER(StoreReceipt);

}  // namespace
}  // namespace huiyin::db
