// What is written comes back whole: text, bytes, times, keys; and what no program of ours wrote is an error, not a
// crash.
#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;

class StoreValues : public StoreConformance {};

TEST_P(StoreValues, TextOutsideTheBasicPlaneAndMillisecondsComeBackWhole) {
  auto unit = unit_of("emoji");
  unit.inbox.raw = std::string("\xff\x00\xfe 𠮷🏠", 12);  // bytes, whatever they are
  unit.inbox.received = kNoon + 123ms;
  unit.reply = reply_of("𠮷🏠👨‍👩‍👧 \u202ertl");
  unit.conversation = conversation_of(kWang);
  unit.conversation->dialog.slots["description"] = {"𠮷🏠漏水", "", false};
  unit.conversation->more = "更多𠮷";
  unit.conversation->last_inbound = kNoon + 123ms;
  unit.conversation->windows = {{kNoon + 48h + 1ms, 5}, {kNoon, 0}};
  unit.conversation->consents = {"TPL-1_a", "TPL-1_a", "\"quoted\""};
  unit.conversation->opted_out = true;
  auto row = *unit.conversation;
  must_commit(unit);
  const auto inbox = store_->find_inbox("emoji").value();
  ASSERT_TRUE(inbox);
  EXPECT_EQ(inbox->row.raw, unit.inbox.raw);
  EXPECT_EQ(inbox->row.received, kNoon + 123ms);
  EXPECT_EQ(inbox->row.request_id, unit.inbox.request_id);
  EXPECT_EQ(inbox->reply, unit.reply);
  row.version = 1;
  EXPECT_EQ(stored_conversation(kWang), row);
  EXPECT_EQ(database_.ask("SELECT received FROM inbox").substr(0, 23), "2026-11-23 04:00:00.123");
}

TEST_P(StoreValues, PeersAndKeysThatDifferInCaseAreDifferent) {
  const Peer upper{"wechat:main", "oABC"}, lower{"wechat:main", "oabc"};
  auto one = unit_of("KEY", upper), two = unit_of("key", lower);
  one.conversation = conversation_of(upper);
  two.conversation = conversation_of(lower);
  must_commit(one);
  must_commit(two);
  EXPECT_EQ(stored_conversation(upper)->id, one.conversation->id);
  EXPECT_EQ(stored_conversation(lower)->id, two.conversation->id);
  EXPECT_EQ(stored_conversation({"wechat:main", "oAbc"}), std::nullopt);
}

TEST_P(StoreValues, AStateThatNobodyWroteIsAnErrorThatNamesIt) {
  auto unit = unit_of("ticket");
  unit.tickets = {ticket_of(kWang, 1000)};
  unit.conversation = conversation_of(kWang);
  must_commit(unit);
  EXPECT_THROW(database_.execute("UPDATE tickets SET status='lost'"), SqlError) << "the schema knows the states";
  database_.execute("UPDATE conversations SET dialog='{'");
  const auto snapshot = database_.open()->read({.peer = kWang});
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().kind, StoreError::Kind::broken);
  EXPECT_THAT(snapshot.error().why, testing::HasSubstr("conversations.dialog"));
  EXPECT_TRUE(store_->is_available());
}

TEST_P(StoreValues, AnEmptyDatabaseHasNothing) {
  const auto snapshot = store_->read({.peer = kWang,
                                      .contact = true,
                                      .tickets = true,
                                      .numbers = {{1000}},
                                      .survey = true,
                                      .attachments = true,
                                      .speaker = true,
                                      .work = true,
                                      .details = true,
                                      .ticket_ids = {TicketId{1}},
                                      .roster = RosterWants{EstateId{1}, kNoon, true},
                                      .near = NearWants{7, PlaceId{1}, kWang, kNoon}});
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(snapshot->conversation, std::nullopt);
  EXPECT_TRUE(snapshot->tickets.empty());
  EXPECT_EQ(store_->find_ticket({1000}).value(), std::nullopt);
  EXPECT_EQ(store_->find_inbox("none").value(), std::nullopt);
  EXPECT_TRUE(store_->list_tickets({})->empty());
}

TEST_P(StoreValues, TheServersTimeIsUtcWithMilliseconds) {
  const auto before = std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
  const auto theirs = store_->server_time();
  ASSERT_TRUE(theirs);
  EXPECT_GE(*theirs, before - 1s);
  EXPECT_LE(*theirs, std::chrono::system_clock::now() + 1s);
}

HUIYIN_FOR_EACH_DRIVER(StoreValues);

}  // namespace
}  // namespace huiyin::db
