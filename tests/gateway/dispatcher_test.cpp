// The dispatcher on a real store, against servers that behave as providers do on their bad days.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "tests/gateway/sending_rig.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class DispatcherTest : public testing::TestWithParam<db::Driver> {
 protected:
  SendingRig rig_{GetParam()};
};

TEST_P(DispatcherTest, EverythingIsSentOnceAndInOrder) {
  Log log;
  FaultServer server([&](const FaultServer::Request& request) {
    log.add(request.body);
    return FaultServer::whole("accepted");
  });
  rig_.add_plain("web:sink", server);
  const std::vector<std::string> texts{"0", "1", "2", "3", "4"};
  std::vector<OutboxRow> rows;
  for (int i = 0; i < 40; ++i)
    for (auto& row : rig_.queue({"web:sink", "p" + std::to_string(i)}, texts)) rows.push_back(row);
  auto node = rig_.start("a");
  ASSERT_TRUE(becomes_true([&] { return rig_.count("outbox WHERE state='sent'") == 200; }));
  EXPECT_EQ(log.size(), 200U);
  for (const auto& [peer, got] : log.texts()) EXPECT_EQ(got, texts) << peer;
  EXPECT_EQ(rig_.stored(rows[0]).provider_id, "p");
  EXPECT_EQ(rig_.stored(rows[0]).attempts, 1);
  ASSERT_TRUE(becomes_true([&] { return rig_.count("outbox_queue") == 0; }));
  // What comes while it runs goes too.
  const auto later = rig_.queue({"web:sink", "p0"}, {"5"});
  ASSERT_TRUE(becomes_true([&] { return rig_.state(later[0]) == OutboxState::sent; }));
  EXPECT_THAT(rig_.metrics_.text(), HasSubstr(R"(huiyin_send_attempts_total{channel="web:sink",outcome="sent"} 201)"));
}

TEST_P(DispatcherTest, EachBadAnswerIsJudgedAndHoldsUpNoOtherChannel) {
  // Each destination's first attempt goes wrong in its own way; the second is taken.
  const std::map<std::string, FaultServer::Answer> faults{
      {"html", FaultServer::whole("<html>网关错误</html>", "502 Bad Gateway")},
      {"login", FaultServer::whole("<html>log in</html>")},
      {"half", {"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n{\"id\":", true}},
      {"closed", {"", true}},
      {"silent", {.hangs = true}},
      {"binary", FaultServer::whole(std::string("\xff\xfe\x00\x80", 4), "500 Oops")},
      {"busy", FaultServer::whole("", "429 Too Many Requests", "Retry-After: 1\r\n")}};
  std::mutex mutex;
  std::map<std::string, int> seen;
  FaultServer bad([&](const FaultServer::Request& request) {
    const std::lock_guard lock(mutex);
    for (const auto& [name, answer] : faults)
      if (request.body.find("\"to\":\"" + name + "\"") != std::string::npos && ++seen[name] == 1) return answer;
    if (request.body.find("\"to\":\"refused\"") != std::string::npos)
      return FaultServer::whole(R"({"error":"no such person"})");
    return FaultServer::whole(R"({"id":"7"})");
  });
  FaultServer good([](const auto&) { return FaultServer::whole("accepted"); });
  rig_.add("web:bad", std::make_unique<web::Webhook>(web::Webhook::Config{.url = bad.url("/")})).limits.timeout_s = 8;
  rig_.add_plain("web:good", good);
  std::map<std::string, OutboxRow> rows;
  for (const auto& [name, answer] : faults) rows[name] = rig_.queue({"web:bad", name}, {"x"})[0];
  const auto refused = rig_.queue({"web:bad", "refused"}, {"x", "y"});
  auto node = rig_.start("a");
  ASSERT_TRUE(becomes_true([&] {
    const std::lock_guard lock(mutex);
    return seen.size() == faults.size();
  }));
  const auto elsewhere = rig_.queue({"web:good", "p"}, {"1", "2"});
  EXPECT_TRUE(becomes_true([&] { return rig_.state(elsewhere[1]) == OutboxState::sent; }, 7s))
      << "while the silent one is still waited for";
  for (const auto& [name, row] : rows) {
    EXPECT_TRUE(becomes_true([&, &sent = row] { return rig_.state(sent) == OutboxState::sent; })) << name;
    EXPECT_EQ(rig_.stored(row).attempts, 2) << name;
  }
  EXPECT_EQ(rig_.state(refused[0]), OutboxState::dead);
  EXPECT_THAT(rig_.stored(refused[0]).last_error, HasSubstr("no such person"));
  EXPECT_EQ(rig_.state(refused[1]), OutboxState::dead) << "a dead row lets the next pass";
}

TEST_P(DispatcherTest, WhatMayHaveArrivedIsNotSentAgainBlindly) {
  Log log;
  FaultServer server([&](const FaultServer::Request& request) {
    log.add(request.body);
    if (request.body.ends_with("lost")) return FaultServer::Answer{.hangs = true};
    if (request.body.ends_with("throws")) return FaultServer::whole("throws");
    return FaultServer::whole("accepted");
  });
  rig_.add_plain("web:once", server, {.receipts = true});
  const auto rows = rig_.queue({"web:once", "p"}, {"lost", "throws", "next"});
  auto node = rig_.start("a");
  ASSERT_TRUE(becomes_true([&] { return rig_.state(rows[2]) == OutboxState::sent; }));
  EXPECT_EQ(rig_.state(rows[0]), OutboxState::unknown);
  EXPECT_EQ(rig_.state(rows[1]), OutboxState::unknown) << "an adapter that throws is not the dispatcher's end";
  EXPECT_THAT(log.texts().at("p"), ElementsAre("lost", "throws", "next"));
  UnitOfWork receipt;
  receipt.inbox.channel = "web:once";
  receipt.receipts = {{rows[0].message.key, ReceiptState::delivered, ""}};
  rig_.commit(receipt);
  EXPECT_EQ(rig_.state(rows[0]), OutboxState::delivered);
}

TEST_P(DispatcherTest, AReceiptThatComesBeforeTheAnswerIsAppliedWhenTheSendingIsWrittenDown) {
  FaultServer server([&](const FaultServer::Request& request) {
    const auto text = request.body.substr(request.body.rfind(' ') + 1);
    UnitOfWork receipt;
    receipt.inbox.channel = "web:fast";
    receipt.receipts = {{"id-" + text, text == "bad" ? ReceiptState::failed : ReceiptState::delivered, text}};
    rig_.commit(receipt);
    return FaultServer::whole("accepted as id-" + text);
  });
  rig_.add_plain("web:fast", server, {.receipts = true});
  const auto rows = rig_.queue({"web:fast", "p"}, {"good", "bad"});
  auto node = rig_.start("a");
  EXPECT_TRUE(becomes_true([&] { return rig_.state(rows[0]) == OutboxState::delivered; }));
  EXPECT_TRUE(becomes_true([&] { return rig_.state(rows[1]) == OutboxState::dead; }));
  EXPECT_EQ(rig_.count("early_receipts"), 0);
}

TEST_P(DispatcherTest, ARowThatRetriesHoldsUpThoseBehindItForMinutesOnly) {
  Log log;
  FaultServer server([&](const FaultServer::Request& request) {
    log.add(request.body);
    return FaultServer::whole(request.body.ends_with("stuck") ? "again" : "accepted");
  });
  rig_.add_plain("web:sink", server);
  const auto fresh = rig_.queue({"web:sink", "fresh"}, {"stuck", "behind"});
  UnitOfWork unit;
  for (const auto* text : {"stuck", "behind"}) unit.outbox.push_back(rig_.row_to({"web:sink", "old"}, text));
  for (const auto* text : {"stuck", "behind"}) unit.outbox.push_back(rig_.row_to({"web:sink", "ordered"}, text));
  for (auto& row : unit.outbox) row.created -= 10min;
  unit.outbox[2].ordered = true;
  const auto old = unit.outbox;
  rig_.commit(unit);
  auto node = rig_.start("a");
  ASSERT_TRUE(becomes_true([&] { return rig_.state(old[1]) == OutboxState::sent; }));
  ASSERT_TRUE(becomes_true([&] { return rig_.stored(fresh[0]).attempts >= 2; }));
  EXPECT_EQ(rig_.state(fresh[1]), OutboxState::waiting);
  EXPECT_EQ(rig_.state(old[3]), OutboxState::waiting) << "nothing overtakes what is ordered";
  EXPECT_EQ(log.texts().at("old")[1], "behind");
}

TEST_P(DispatcherTest, AnExpiredTokenIsRefusedOnceAndTheMessageKept) {
  FaultServer server([](const FaultServer::Request& request) {
    return FaultServer::whole(request.path.ends_with("t1") ? "expired" : "accepted");
  });
  rig_.add_plain("web:token", server);
  const auto rows = rig_.queue({"web:token", "p"}, {"1", "2"});
  auto node = rig_.start("a");
  ASSERT_TRUE(becomes_true([&] { return rig_.credentials_.refusals() == 1; }));
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(rig_.state(rows[0]), OutboxState::waiting);
  EXPECT_EQ(server.requests(), 1) << "nothing is sent without a token";
  rig_.credentials_.refresh("web:token");
  ASSERT_TRUE(becomes_true([&] { return rig_.state(rows[1]) == OutboxState::sent; }));
  EXPECT_EQ(rig_.stored(rows[0]).attempts, 1);
  EXPECT_EQ(server.requests(), 3);
}

TEST_P(DispatcherTest, AMessageOfTwoStepsGoesOnWithWhatTheFirstGave) {
  FaultServer server([](const FaultServer::Request& request) {
    return FaultServer::whole(request.path.starts_with("/0") ? "next" : "accepted");
  });
  rig_.add_plain("web:steps", server);
  const auto rows = rig_.queue({"web:steps", "p"}, {"1"});
  auto node = rig_.start("a");
  ASSERT_TRUE(becomes_true([&] { return rig_.state(rows[0]) == OutboxState::sent; }));
  EXPECT_EQ(server.requests(), 2);
}

TEST_P(DispatcherTest, ASpentPushIsCommittedBeforeTheMessageGoes) {
  const Peer wang{"web:window", "wang"};
  std::atomic<long long> left_when_sent{-1};
  FaultServer server([&](const auto&) {
    const auto read = rig_.store_->conversations_of({wang}).value();
    left_when_sent = read[0].windows.empty() ? 0 : read[0].windows[0].remaining;
    return FaultServer::whole("accepted");
  });
  rig_.add_plain("web:window", server, {.push_windows = true});
  rig_.know({.peer = wang, .windows = {{rig_.clock_.now() + 47h, 2}}});
  const auto rows = rig_.queue(wang, {"1", "2"});
  auto node = rig_.start("a");
  ASSERT_TRUE(becomes_true([&] { return rig_.state(rows[0]) == OutboxState::sent; }));
  EXPECT_EQ(left_when_sent, 1);
  ASSERT_TRUE(becomes_true([&] { return !rig_.stored(rows[1]).last_error.empty(); }));
  EXPECT_EQ(rig_.state(rows[1]), OutboxState::waiting) << "the last push is kept for the result";
  EXPECT_THAT(rig_.stored(rows[1]).last_error, HasSubstr("kept for the result"));
  EXPECT_EQ(server.requests(), 1);
  EXPECT_EQ(rig_.count("inbox WHERE delivery_key='plan:" + rows[0].message.key + ":0'"), 1);
}

TEST_P(DispatcherTest, APushThatDidNotGoIsGivenBack) {
  const Peer wang{"web:window", "wang"};
  std::atomic<int> tries{0};
  FaultServer server([&](const auto&) { return FaultServer::whole(++tries <= 2 ? "again" : "accepted"); });
  rig_.add_plain("web:window", server, {.push_windows = true});
  rig_.know({.peer = wang, .windows = {{rig_.clock_.now() + 47h, 2}}});
  const auto rows = rig_.queue(wang, {"1"});
  auto node = rig_.start("a");
  ASSERT_TRUE(becomes_true([&] { return rig_.state(rows[0]) == OutboxState::sent; }));
  EXPECT_EQ(tries, 3);
  ASSERT_EQ(rig_.store_->conversations_of({wang})->at(0).windows.size(), 1U);
  EXPECT_EQ(rig_.store_->conversations_of({wang})->at(0).windows[0].remaining, 1) << "only one was used";
}

TEST_P(DispatcherTest, APlanThatDiffersFromTheOneBeforeACrashIsCarriedOut) {
  // The push was spent, then the node was killed. Now another way is open: the key of the first plan is taken.
  const Peer wang{"web:window", "wang"}, phone{"web:phone", "+8613800138000"};
  FaultServer server([](const auto&) { return FaultServer::whole("accepted"); });
  rig_.add_plain("web:window", server, {.push_windows = true});
  rig_.add_plain("web:phone", server);
  UnitOfWork verified;
  verified.verified_peers = {{wang, {7}, rig_.clock_.now()}, {phone, {7}, rig_.clock_.now()}};
  rig_.commit(verified);
  rig_.know({.peer = wang, .contact = {7}});
  UnitOfWork unit;
  unit.outbox.push_back(rig_.row_to(wang, "urgent"));
  unit.outbox[0].urgent = true;
  const auto row = unit.outbox[0];
  rig_.commit(unit);
  UnitOfWork before;
  before.inbox.key = "plan:" + row.message.key + ":0";
  rig_.commit(before);
  auto node = rig_.start("a");
  ASSERT_TRUE(becomes_true([&] { return rig_.count("outbox WHERE channel='web:phone' AND state='sent'") == 1; }));
  EXPECT_EQ(rig_.state(row), OutboxState::cancelled);
}

TEST_P(DispatcherTest, WhatWaitsForAnOwnerGoesWhenHeWrites) {
  const Peer wang{"web:window", "wang"};
  FaultServer server([](const auto&) { return FaultServer::whole("accepted"); });
  rig_.add_plain("web:window", server, {.push_windows = true});
  rig_.know({.peer = wang});
  const auto rows = rig_.queue(wang, {"1"});
  auto node = rig_.start("a");
  ASSERT_TRUE(becomes_true([&] { return !rig_.stored(rows[0]).last_error.empty(); }));
  UnitOfWork turn;
  turn.conversation = rig_.store_->conversations_of({wang})->at(0);
  turn.conversation->windows = {{rig_.clock_.now() + 47h, 5}};
  rig_.commit(turn);
  node.dispatcher->he_wrote(wang);
  EXPECT_TRUE(becomes_true([&] { return rig_.state(rows[0]) == OutboxState::sent; }));
}

TEST_P(DispatcherTest, AClosedNoticeGoesTheNextWay) {
  struct Noticing final : public Channel {
    explicit Noticing(const FaultServer& server) : plain(server.url(""), {.sends = true, .push_windows = true}) {}
    tl::expected<Inbound, Reject> parse(const HttpRequest& request) const override { return plain.parse(request); }
    HttpReply acknowledge(const Inbound&, const std::optional<OutboundMessage>&, const Envelope&) const override {
      return {};
    }
    Capabilities capabilities() const override { return plain.capabilities(); }
    tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message, const Sending& sending) const override {
      auto call = plain.compose(message, sending);
      if (call) call->body += " by " + sending.template_id;
      return call;
    }
    SendResult judge(const HttpReply& reply, const OutboundMessage& message, const Sending& sending) const override {
      return plain.judge(reply, message, sending);
    }
    PlainChannel plain;
  };
  const Peer wang{"web:window", "wang"}, phone{"web:phone", "+8613800138000"};
  Log log;
  FaultServer server([&](const FaultServer::Request& request) {
    log.add(request.body);
    return FaultServer::whole("closed");
  });
  FaultServer sms([](const auto&) { return FaultServer::whole("accepted"); });
  auto& channel = rig_.add("web:window", std::make_unique<Noticing>(server));
  channel.rules.notices = {{"done", Way::subscription, "SUB"}, {"done", Way::template_notice, "TPL"}};
  rig_.add_plain("web:phone", sms);
  UnitOfWork verified;
  verified.verified_peers = {{wang, {7}, rig_.clock_.now()}, {phone, {7}, rig_.clock_.now()}};
  rig_.commit(verified);
  rig_.know({.peer = wang, .contact = {7}, .consents = {"SUB", "SUB"}});
  UnitOfWork unit;
  auto& row = unit.outbox.emplace_back(rig_.row_to(wang, "fixed"));
  row.message.template_name = "done";
  row.urgent = true;
  const auto queued = row;
  rig_.commit(unit);
  auto node = rig_.start("a");
  ASSERT_TRUE(becomes_true([&] { return rig_.state(queued) == OutboxState::cancelled; }));
  ASSERT_TRUE(becomes_true([&] { return sms.requests() == 1; }));
  EXPECT_THAT(log.texts().at("wang"), ElementsAre("fixed by SUB", "fixed by TPL"));
  EXPECT_TRUE(rig_.store_->conversations_of({wang})->at(0).consents.empty());
  ASSERT_TRUE(becomes_true([&] { return rig_.count("outbox WHERE channel='web:phone' AND state='sent'") == 1; }));
}

TEST_P(DispatcherTest, ARefusalTeachesTheConversation) {
  const Peer closed{"web:window", "closed"}, gone{"web:window", "gone"};
  FaultServer server([](const FaultServer::Request& request) {
    return FaultServer::whole(request.body.find("closed") != std::string::npos ? "closed" : "gone");
  });
  rig_.add_plain("web:window", server, {.push_windows = true});
  for (const auto& peer : {closed, gone}) rig_.know({.peer = peer, .windows = {{rig_.clock_.now() + 47h, 5}}});
  const auto to_closed = rig_.queue(closed, {"x"}), to_gone = rig_.queue(gone, {"x"});
  auto node = rig_.start("a");
  ASSERT_TRUE(becomes_true([&] { return rig_.state(to_gone[0]) == OutboxState::dead; }));
  EXPECT_THAT(rig_.stored(to_gone[0]).last_error, HasSubstr("unfollowed"));
  EXPECT_TRUE(rig_.store_->conversations_of({gone})->at(0).gone);
  ASSERT_TRUE(becomes_true([&] { return rig_.store_->conversations_of({closed})->at(0).windows.empty(); }));
  std::this_thread::sleep_for(200ms);
  EXPECT_EQ(rig_.state(to_closed[0]), OutboxState::waiting);
  EXPECT_EQ(server.requests(), 2) << "a send that would be refused is not tried";
}

TEST_P(DispatcherTest, TheRateIsKept) {
  FaultServer server([](const auto&) { return FaultServer::whole("accepted"); });
  auto& channel = rig_.add_plain("web:slow", server);
  channel.limits.rate_per_s = 20;
  channel.limits.burst = 5;
  std::vector<OutboxRow> rows;
  for (int i = 0; i < 15; ++i) rows.push_back(rig_.queue({"web:slow", "p" + std::to_string(i)}, {"x"})[0]);
  const auto began = std::chrono::steady_clock::now();
  auto node = rig_.start("a");
  ASSERT_TRUE(becomes_true([&] { return rig_.count("outbox WHERE state='sent'") == 15; }));
  EXPECT_GE(std::chrono::steady_clock::now() - began, 450ms) << "five at once, then one each 50 ms";
}

TEST_P(DispatcherTest, OverALimitPerMinuteTheRestBecomesADigest) {
  Log log;
  FaultServer server([&](const FaultServer::Request& request) {
    log.add(request.body);
    return FaultServer::whole("accepted");
  });
  rig_.add_plain("web:group", server).limits.per_minute = 3;
  const auto rows = rig_.queue({"web:group", "staff"}, {"1", "2", "3", "4", "5"});
  auto node = rig_.start("a");
  ASSERT_TRUE(becomes_true([&] { return rig_.count("outbox WHERE state='sent'") == 5; }));
  EXPECT_THAT(log.texts().at("staff"), ElementsAre("1", "2", "3\n\n4\n\n5"));
  const auto surplus = rig_.queue({"web:group", "staff"}, {"6"});
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(rig_.state(surplus[0]), OutboxState::waiting);
  EXPECT_THAT(log.bodies(), SizeIs(3));
}

TEST_P(DispatcherTest, ADeadMessageRaisesOneAlarm) {
  Log pages;
  FaultServer server([](const auto&) { return FaultServer::whole("rejected"); });
  FaultServer pager([&](const FaultServer::Request& request) {
    pages.add(request.body);
    return FaultServer::whole("accepted");
  });
  rig_.alarms_to_ = {{"web:pager", "ops"}};
  rig_.add_plain("web:sink", server);
  rig_.add_plain("web:pager", pager);
  const auto rows = rig_.queue({"web:sink", "p"}, {"1", "2", "impossible"});
  auto node = rig_.start("a"), other = rig_.start("b");
  ASSERT_TRUE(becomes_true([&] { return rig_.state(rows[2]) == OutboxState::dead; }));
  EXPECT_EQ(server.requests(), 2) << "what breaks the provider's rules is not tried";
  ASSERT_TRUE(becomes_true([&] { return pages.size() == 1; }));
  other.alarms->raise("dead:web:sink", "by another node, in the same hour");
  std::this_thread::sleep_for(200ms);
  EXPECT_EQ(pages.size(), 1U);
  EXPECT_THAT(pages.bodies()[0], HasSubstr("web:sink"));
}

TEST_P(DispatcherTest, TwoNodesShareADrainWithoutDoubling) {
  Log log;
  FaultServer server([&](const FaultServer::Request& request) {
    log.add(request.body);
    return FaultServer::whole("accepted");
  });
  rig_.add_plain("web:sink", server);
  std::vector<OutboxRow> rows;
  for (int i = 0; i < 300; ++i)
    for (auto& row : rig_.queue({"web:sink", "p" + std::to_string(i)}, {"0", "1", "2"})) rows.push_back(row);
  auto one = rig_.start("a"), two = rig_.start("b");
  ASSERT_TRUE(becomes_true([&] { return rig_.count("outbox WHERE state='sent'") == 900; }));
  EXPECT_EQ(log.size(), 900U);
  for (const auto& [peer, texts] : log.texts()) EXPECT_THAT(texts, ElementsAre("0", "1", "2")) << peer;
}

TEST_P(DispatcherTest, StoppingFinishesWhatIsInFlightAndGivesTheRestBack) {
  Log log;
  FaultServer server([&](const FaultServer::Request& request) {
    log.add(request.body);
    std::this_thread::sleep_for(250ms);
    return FaultServer::whole("accepted");
  });
  rig_.add_plain("web:sink", server);
  for (int i = 0; i < 64; ++i) rig_.queue({"web:sink", "p" + std::to_string(i)}, {"0", "1"});
  auto node = rig_.start("a");
  ASSERT_TRUE(becomes_true([&] { return log.size() >= 8; }));
  node.dispatcher->stop(60s);
  const auto sent = log.size();
  EXPECT_LT(sent, 128U);
  EXPECT_EQ(rig_.count("outbox WHERE state='sent'"), static_cast<long long>(sent));
  EXPECT_EQ(rig_.count("outbox_queue WHERE lease_owner<>''"), 0) << "others need not wait for a lease to expire";
  auto next = rig_.start("b");
  ASSERT_TRUE(becomes_true([&] { return rig_.count("outbox WHERE state='sent'") == 128; }));
  EXPECT_EQ(log.size(), 128U);
}

TEST_P(DispatcherTest, WhatANodeHeldGoesOnElsewhereWhenItsLeaseExpires) {
  std::atomic<Time> asked{};
  FaultServer server([&](const auto&) {
    asked = rig_.clock_.now();
    return FaultServer::whole("accepted");
  });
  rig_.add_plain("web:sink", server);
  const auto rows = rig_.queue({"web:sink", "p"}, {"1"});
  const auto leased = rig_.clock_.now();
  ASSERT_THAT(rig_.store_->lease_destinations("killed", "web:sink", leased, 1s, 10).value(), SizeIs(1));
  auto node = rig_.start("b");
  ASSERT_TRUE(becomes_true([&] { return rig_.state(rows[0]) == OutboxState::sent; }));
  EXPECT_GE(asked.load(), leased + 1s);
  EXPECT_EQ(server.requests(), 1);
}

TEST_P(DispatcherTest, ALeaseIsRenewedWhileItIsNeeded) {
  FaultServer server([](const auto&) { return FaultServer::whole("accepted"); });
  auto& channel = rig_.add_plain("web:slow", server);
  channel.limits.rate_per_s = 4;
  channel.limits.burst = 1;
  channel.limits.timeout_s = 1;
  for (int i = 0; i < 12; ++i) rig_.queue({"web:slow", "p" + std::to_string(i)}, {"x"});
  auto one = rig_.start("a", 1500ms), two = rig_.start("b", 1500ms);
  ASSERT_TRUE(becomes_true([&] { return rig_.count("outbox WHERE state='sent'") == 12; }));
  EXPECT_EQ(server.requests(), 12);
}

INSTANTIATE_TEST_SUITE_P(Drivers, DispatcherTest, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
