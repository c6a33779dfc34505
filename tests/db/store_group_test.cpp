// Many units in one transaction: each gets its own result, and none fails for its neighbour.
#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

class StoreGroup : public StoreConformance {
 protected:
  /// The outcomes of one group, in order; `later`: has to come again in the next.
  std::vector<std::string> write(const std::vector<UnitOfWork>& units, bool look_first = false) {
    std::vector<EncodedUnit> encoded;
    for (const auto& unit : units) encoded.push_back(encode_unit(unit));
    std::vector<const EncodedUnit*> group;
    for (const auto& unit : encoded) group.push_back(&unit);
    std::vector<std::string> out;
    for (const auto& outcome : writer_.write(group, look_first)) out.push_back(outcome ? describe(*outcome) : "later");
    return out;
  }
  std::string count(const std::string& table) { return database_.ask("SELECT COUNT(*) FROM " + table); }
  static UnitOfWork with_conversation(const std::string& key) {
    const Peer peer{"wechat:main", "o" + key};
    auto unit = unit_of(key, peer);
    unit.conversation = conversation_of(peer);
    unit.reply = reply_of("to " + key);
    return unit;
  }

  std::unique_ptr<Session> session_ = database_.connect(SessionUse::writing);
  GroupWriter writer_{*session_};
};

TEST_P(StoreGroup, GroupsOfEverySizeAreStoredWhole) {
  std::size_t total = 0;
  for (const std::size_t size : {1U, 2U, 3U, 5U, 11U, 19U, 128U}) {
    std::vector<UnitOfWork> units;
    for (std::size_t i = 0; i < size; ++i)
      units.push_back(with_conversation(std::to_string(size) + "-" + std::to_string(i)));
    EXPECT_EQ(write(units), std::vector<std::string>(size, "committed"));
    for (auto& unit : units) {
      unit.inbox.key += " again";
      unit.id = UnitId{fresh_id()};
      unit.conversation->version = 1;
      unit.conversation->more = unit.inbox.key;
      unit.tickets = {ticket_of(unit.conversation->peer, unit.id.value)};
      unit.outbox = {text_to(unit.conversation->peer, "x", kNoon)};
    }
    EXPECT_EQ(write(units), std::vector<std::string>(size, "committed"));
    total += size;
  }
  EXPECT_EQ(count("inbox"), std::to_string(2 * total));
  EXPECT_EQ(count("conversations WHERE version=2"), std::to_string(total));
  EXPECT_EQ(count("tickets"), std::to_string(total));
  EXPECT_EQ(count("outbox_queue"), std::to_string(total));
  EXPECT_EQ(stored_conversation({"wechat:main", "o128-127"})->more, "128-127 again");
}

// Five tickets go by a statement of six rows, the last of them twice.
TEST_P(StoreGroup, AStaleRowThatFillsUpAStatementIsAConflict) {
  std::vector<UnitOfWork> units;
  for (int i = 0; i < 5; ++i) {
    const auto key = std::to_string(i);
    units.push_back(unit_of(key, {"wechat:main", "o" + key}));
    units.back().tickets = {ticket_of(kWang, 1000 + i)};
  }
  EXPECT_EQ(write(units), std::vector<std::string>(5, "committed"));
  for (auto& unit : units) {
    unit.inbox.key += " again";
    unit.id = UnitId{fresh_id()};
    unit.tickets.front().version = 1;
  }
  units.back().tickets.front().version = 2;
  const auto outcomes = write(units);
  EXPECT_EQ((std::vector(outcomes.begin(), outcomes.begin() + 4)), std::vector<std::string>(4, "committed"));
  EXPECT_EQ(outcomes.back().substr(0, 8), "conflict");
  EXPECT_EQ(count("tickets WHERE version=2"), "4");
}

TEST_P(StoreGroup, ARepeatInsideOneGroupIsGivenTheFirstOnesReply) {
  auto first = with_conversation("k");
  first.tickets = {ticket_of(kWang, 1000)};
  auto repeat = first;
  repeat.id = UnitId{fresh_id()};
  repeat.reply = reply_of("other");
  EXPECT_EQ(write({first, repeat, with_conversation("n")}),
            (std::vector<std::string>{"committed", "duplicate to k", "committed"}));
  EXPECT_EQ(count("tickets"), "1");
}

TEST_P(StoreGroup, ARepeatOfAFirstThatFailedComesAgain) {
  auto first = with_conversation("k");
  first.inbox.request_id = std::string(65, 'x');
  auto repeat = with_conversation("k");
  EXPECT_EQ(write({first, repeat}), (std::vector<std::string>{"refused", "later"}));
}

TEST_P(StoreGroup, StoredRepeatsDropOutAndTheRestIsStored) {
  ASSERT_EQ(write({with_conversation("a"), with_conversation("b"), with_conversation("c")}),
            std::vector<std::string>(3, "committed"));
  EXPECT_EQ(write({with_conversation("d"), with_conversation("b"), with_conversation("e"), with_conversation("a")}),
            (std::vector<std::string>{"committed", "duplicate to b", "committed", "duplicate to a"}));
  EXPECT_EQ(count("inbox"), "5");
  EXPECT_EQ(count("conversations"), "5");
}

TEST_P(StoreGroup, TheSameUnitsAgainAreCommittedOnce) {
  std::vector<UnitOfWork> units;
  for (const auto* const key : {"a", "b", "c"}) units.push_back(with_conversation(key));
  units[1].tickets = {ticket_of(kWang, 1000)};
  const std::vector<UnitOfWork> two(units.begin(), units.begin() + 2);
  ASSERT_EQ(write(two), std::vector<std::string>(2, "committed"));
  for (const bool look_first : {false, true}) {
    EXPECT_EQ(write(units, look_first), std::vector<std::string>(3, "committed"));
  }
  EXPECT_EQ(count("inbox"), "3");
  EXPECT_EQ(count("conversations WHERE version=1"), "3");
  EXPECT_EQ(count("tickets"), "1");
}

TEST_P(StoreGroup, AUnitWhoseIdIsTakenIsToBeDecidedAgain) {
  const auto first = with_conversation("first");
  ASSERT_EQ(write({first}), std::vector<std::string>{"committed"});
  auto other = with_conversation("other");
  other.id = first.id;
  EXPECT_EQ(write({other, with_conversation("good")}),
            (std::vector<std::string>{"conflict inbox: a new row's key is taken", "committed"}));
  EXPECT_EQ(count("inbox"), "2");
}

TEST_P(StoreGroup, TwoUnitsOfOneRowAreNotOfOneGroup) {
  auto base = with_conversation("base");
  ASSERT_EQ(write({base}), std::vector<std::string>{"committed"});
  auto one = unit_of("one"), two = unit_of("two");
  one.conversation = two.conversation = base.conversation;
  one.conversation->version = two.conversation->version = 1;
  EXPECT_EQ(write({one, two, with_conversation("n")}), (std::vector<std::string>{"committed", "later", "committed"}));
  EXPECT_EQ(write({two, with_conversation("m")}).at(0),
            "conflict conversations " + std::to_string(base.conversation->id.value));
}

TEST_P(StoreGroup, AStaleUnitFailsAloneAndLeavesNothing) {
  std::vector<UnitOfWork> units;
  std::vector<std::string> expected(20, "committed");
  for (int i = 0; i < 20; ++i) units.push_back(with_conversation(std::to_string(i)));
  units[7].conversation->version = 3;
  units[7].tickets = {ticket_of(kWang, 1000)};
  expected[7] = "conflict conversations " + std::to_string(units[7].conversation->id.value);
  EXPECT_EQ(write(units), expected);
  EXPECT_EQ(count("inbox"), "19");
  EXPECT_EQ(count("conversations"), "19");
  EXPECT_EQ(count("tickets"), "0");
}

TEST_P(StoreGroup, ABadUnitAmongNineteenGoodOnesFailsAlone) {
  std::vector<UnitOfWork> units;
  std::vector<std::string> expected(20, "committed");
  for (int i = 0; i < 20; ++i) units.push_back(with_conversation(std::to_string(i)));
  units[7].conversation->locale = "a locale that is far too long";
  expected[7] = "refused";
  EXPECT_EQ(write(units), expected);
  EXPECT_EQ(count("inbox"), "19");
  EXPECT_EQ(count("conversations"), "19");
  EXPECT_EQ(count("inbox WHERE delivery_key='7'"), "0");
}

TEST_P(StoreGroup, ANewConversationOfAPeerThatHasOneIsAConflictAlone) {
  auto base = with_conversation("base");
  ASSERT_EQ(write({base}), std::vector<std::string>{"committed"});
  auto second = unit_of("second", base.conversation->peer);
  second.conversation = conversation_of(base.conversation->peer);
  const auto outcomes = write({with_conversation("a"), second, with_conversation("b")});
  EXPECT_EQ(outcomes[0], "committed");
  EXPECT_THAT(outcomes[1], testing::StartsWith("conflict conversations"));
  EXPECT_EQ(outcomes[2], "committed");
  EXPECT_EQ(count("inbox"), "3");
}

HUIYIN_FOR_EACH_DRIVER(StoreGroup);

}  // namespace
}  // namespace huiyin::db
