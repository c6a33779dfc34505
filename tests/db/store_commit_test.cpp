// Versions, conflicts, repeats: what one unit after the other sees.
#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;

class StoreCommit : public StoreConformance {
 protected:
  /// Stores a conversation; returns it as it now is.
  Conversation stored(const Peer& peer) {
    auto unit = unit_of("first of " + peer.address, peer);
    unit.conversation = conversation_of(peer);
    auto row = *unit.conversation;
    must_commit(std::move(unit));
    row.version = 1;
    return row;
  }
};

TEST_P(StoreCommit, AConversationComesBackWithTheNextVersion) {
  auto row = stored(kWang);
  EXPECT_EQ(stored_conversation(kWang), row);
  auto unit = unit_of("second");
  row.locale = "en";
  unit.conversation = row;
  must_commit(unit);
  row.version = 2;
  EXPECT_EQ(stored_conversation(kWang), row);
  EXPECT_EQ(store_->read({.peer = kWang})->conversation, row) << "as the cache has it";
}

TEST_P(StoreCommit, AStaleVersionIsAConflictAndLeavesNothing) {
  auto row = stored(kWang);
  auto winner = unit_of("winner");
  winner.conversation = row;
  must_commit(winner);
  auto loser = unit_of("loser");
  loser.conversation = row;
  loser.tickets = {ticket_of(kWang, 1000)};
  loser.outbox = {text_to(kWang, "lost", kNoon)};
  EXPECT_EQ(describe(store_->commit(loser)), "conflict conversations " + std::to_string(row.id.value));
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM inbox WHERE delivery_key='loser'"), "0");
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM tickets"), "0");
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM outbox"), "0");
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM outbox_queue"), "0");
}

TEST_P(StoreCommit, AfterAConflictTheFreshRowIsRead) {
  auto row = stored(kWang);
  auto elsewhere = unit_of("elsewhere");
  elsewhere.conversation = row;
  elsewhere.conversation->locale = "en";
  ASSERT_EQ(describe(database_.open()->commit(elsewhere)), "committed");
  EXPECT_EQ(store_->read({.peer = kWang})->conversation->version, 1) << "the cache cannot know";
  auto unit = unit_of("here");
  unit.conversation = row;
  EXPECT_THAT(describe(store_->commit(unit)), testing::StartsWith("conflict"));
  EXPECT_EQ(store_->read({.peer = kWang})->conversation->version, 2);
  EXPECT_EQ(store_->read({.peer = kWang})->conversation->locale, "en");
}

TEST_P(StoreCommit, TwoFirstMessagesOfOnePeerAreOneConversation) {
  stored(kWang);
  auto other = unit_of("other");
  other.conversation = conversation_of(kWang);
  EXPECT_THAT(describe(store_->commit(other)), testing::StartsWith("conflict conversations"));
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM conversations"), "1");
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM inbox"), "1");
}

TEST_P(StoreCommit, EveryVersionedRowIsCompared) {
  auto base = unit_of("base");
  Contact contact;
  contact.id = ContactId{fresh_id()};
  base.contacts = {contact};
  base.tickets = {ticket_of(kWang, 1000)};
  base.surveys = {survey_of(kWang, base.tickets[0].id)};
  Staff staff;
  staff.id = StaffId{fresh_id()};
  base.staff = {staff};
  must_commit(base);
  const struct {
    const char* name;
    void (*keep)(UnitOfWork& unit, const UnitOfWork& from);
  } table[] = {{"contacts", [](UnitOfWork& unit, const UnitOfWork& from) { unit.contacts = from.contacts; }},
               {"tickets", [](UnitOfWork& unit, const UnitOfWork& from) { unit.tickets = from.tickets; }},
               {"surveys", [](UnitOfWork& unit, const UnitOfWork& from) { unit.surveys = from.surveys; }},
               {"staff", [](UnitOfWork& unit, const UnitOfWork& from) { unit.staff = from.staff; }}};
  for (const auto& row : table) {
    auto stale = unit_of(std::string("stale ") + row.name);
    row.keep(stale, base);  // still version 0
    EXPECT_THAT(describe(store_->commit(stale)), testing::StartsWith(std::string("conflict ") + row.name));
  }
  auto right = unit_of("right");
  right.contacts = base.contacts;
  right.tickets = base.tickets;
  right.surveys = base.surveys;
  right.staff = base.staff;
  right.contacts[0].version = right.tickets[0].version = right.surveys[0].version = right.staff[0].version = 1;
  right.tickets[0].status = TicketStatus::assigned;
  must_commit(right);
  EXPECT_EQ(store_->find_ticket({1000})->value().status, TicketStatus::assigned);
  EXPECT_EQ(store_->find_ticket({1000})->value().version, 2);
}

TEST_P(StoreCommit, ARepeatIsGivenTheFirstOnesReply) {
  auto first = unit_of("again");
  first.reply = reply_of("收到");
  first.tickets = {ticket_of(kWang, 1000)};
  must_commit(first);
  auto repeat = unit_of("again");
  repeat.reply = reply_of("something else");
  repeat.tickets = {ticket_of(kWang, 1001)};
  EXPECT_EQ(describe(store_->commit(repeat)), "duplicate 收到");
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM tickets"), "1");
  auto silent = unit_of("silent");
  must_commit(silent);
  EXPECT_EQ(describe(store_->commit(unit_of("silent"))), "duplicate");
}

TEST_P(StoreCommit, ARepeatIsADuplicateEvenWhereItsVersionIsStale) {
  auto row = stored(kWang);
  auto first = unit_of("again");
  first.conversation = row;
  first.reply = reply_of("once");
  must_commit(first);
  auto repeat = unit_of("again");
  repeat.conversation = row;
  EXPECT_EQ(describe(store_->commit(repeat)), "duplicate once");
}

TEST_P(StoreCommit, TheSameUnitAgainIsCommittedOnce) {
  auto unit = unit_of("again");
  unit.conversation = conversation_of(kWang);
  unit.tickets = {ticket_of(kWang, 1000)};
  must_commit(unit);
  must_commit(unit);  // as after an answer that was lost
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM tickets"), "1");
  EXPECT_EQ(stored_conversation(kWang)->version, 1);
}

TEST_P(StoreCommit, ALateReplyMovesToTheOutbox) {
  auto first = unit_of("slow");
  first.reply = reply_of("收到");
  must_commit(first);
  auto late = unit_of("late:slow");
  late.moves_reply_of = "slow";
  late.outbox = {text_to(kWang, "收到", kNoon)};
  must_commit(late);
  EXPECT_EQ(describe(store_->commit(unit_of("slow"))), "duplicate moved");
  EXPECT_EQ(describe(store_->commit(unit_of("late:slow"))), "duplicate");
  EXPECT_TRUE(store_->find_inbox("slow")->value().reply_moved);
}

TEST_P(StoreCommit, WhatTheDatabaseDoesNotTakeIsRefusedAndLeavesNothing) {
  auto unit = unit_of("bad");
  unit.tickets = {ticket_of(kWang, 1000)};
  unit.tickets[0].name = std::string(129, 'x');
  EXPECT_EQ(describe(store_->commit(unit)), "refused");
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM inbox"), "0");
  auto huge = unit_of("huge");
  huge.inbox.raw = std::string(13U << 20, 'x');
  EXPECT_EQ(describe(store_->commit(huge)), "refused");
  must_commit(unit_of("good"));
}

TEST_P(StoreCommit, AUnitOfSeveralMegabytesIsStored) {
  auto unit = unit_of("big");
  unit.inbox.raw = std::string(3U << 20, 'x');
  must_commit(unit);
  EXPECT_EQ(store_->find_inbox("big")->value().row.raw.size(), 3U << 20);
}

TEST_P(StoreCommit, AReceiptFindsTheRowByOurKeyOrTheProvidersId) {
  const Peer peer{"sms:estate", "+8613800138000"};
  auto unit = unit_of("send", peer);
  unit.outbox = {text_to(peer, "a", kNoon), text_to(peer, "b", kNoon), text_to(peer, "c", kNoon)};
  const auto rows = unit.outbox;
  must_commit(unit);
  ASSERT_TRUE(store_->settle("node-a",
                             {{.id = rows[0].id, .attempts = 1},
                              {.id = rows[1].id, .attempts = 1, .provider_id = "p2"},
                              {.id = rows[2].id, .attempts = 1, .provider_id = "p3"}},
                             {}, kNoon));
  auto receipts = unit_of("receipt", {"sms:estate", ""});
  receipts.receipts = {{rows[0].message.key, ReceiptState::delivered, ""},
                       {"p2", ReceiptState::failed, "no such number"},
                       {"nobody's", ReceiptState::delivered, ""}};
  must_commit(receipts);
  auto elsewhere = unit_of("other channel", {"sms:other", ""});
  elsewhere.receipts = {{"p3", ReceiptState::delivered, ""}};
  must_commit(elsewhere);
  const auto now = store_->outbox_of(peer).value();
  ASSERT_EQ(now.size(), 3U);
  EXPECT_EQ(now[0].state, OutboxState::delivered);
  EXPECT_EQ(now[1].state, OutboxState::dead);
  EXPECT_EQ(now[2].state, OutboxState::sent) << "a provider's ids are its own";
  auto late = unit_of("late failure", {"sms:estate", ""});
  late.receipts = {{rows[0].message.key, ReceiptState::failed, ""}};
  must_commit(late);
  EXPECT_EQ(store_->outbox_of(peer)->at(0).state, OutboxState::delivered);
}

TEST_P(StoreCommit, WhatWasGivenBackForNowIsQueuedAgain) {
  const Peer peer{"email:feedback", "wang@qq.com"};
  auto unit = unit_of("send", peer);
  unit.outbox = {text_to(peer, "full", kNoon), text_to(peer, "often enough", kNoon)};
  const auto rows = unit.outbox;
  must_commit(unit);
  ASSERT_TRUE(
      store_->settle("node-a", {{.id = rows[0].id, .attempts = 2}, {.id = rows[1].id, .attempts = 5}}, {}, kNoon));
  auto bounces = unit_of("bounces", {"email:feedback", ""});
  bounces.inbox.received = kNoon;
  for (const auto& row : rows)
    bounces.receipts.push_back(
        {.id = row.message.key, .state = ReceiptState::failed, .detail = "5.2.2 full", .may_pass = true});
  must_commit(bounces);
  const auto now = store_->outbox_of(peer).value();
  ASSERT_EQ(now.size(), 2U);
  EXPECT_EQ(now[0].state, OutboxState::waiting);
  EXPECT_EQ(now[0].due, kNoon + 4h);
  EXPECT_EQ(now[0].attempts, 2);
  EXPECT_EQ(now[1].state, OutboxState::dead);
  EXPECT_EQ(store_->lease_destinations("node-a", "email:feedback", kNoon + 4h, 30s, 10)->size(), 1U);
}

TEST_P(StoreCommit, AFiredTimerIsGoneWithItsUnit) {
  auto unit = unit_of("set");
  const Timer timer{TimerId{fresh_id()}, kNoon + 123ms, "draft", "7"};
  const Timer other{TimerId{fresh_id()}, kNoon, "draft", "8"};
  unit.timers = {timer, other};
  must_commit(unit);
  must_commit(unit_of("timer:" + std::to_string(timer.id.value) + ":" + format_utc(timer.due)));
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM timers WHERE id=" + std::to_string(timer.id.value)), "0");
  // A firing of the time before does not take away what has been set since.
  must_commit(unit_of("timer:" + std::to_string(other.id.value) + ":" +
                      std::to_string((kNoon - 1h).time_since_epoch().count())));
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM timers"), "1");
  auto cancel = unit_of("cancel");
  cancel.timers_cancelled = {other.id};
  must_commit(cancel);
  EXPECT_EQ(database_.ask("SELECT COUNT(*) FROM timers"), "0");
}

HUIYIN_FOR_EACH_DRIVER(StoreCommit);

}  // namespace
}  // namespace huiyin::db
