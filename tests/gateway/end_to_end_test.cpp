// The daemon, whole, in this process: the strict WeChat platform talks to its real webhook, the store is a real
// database.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "tests/gateway/installation.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using simulators::CausesEvent;
using simulators::SaysText;
using simulators::SendsPhoto;
using simulators::WeChatDelivery;

class EndToEnd : public testing::TestWithParam<db::Driver> {
 protected:
  EndToEnd() : installation_(GetParam()) { start(); }

  void start() {
    auto daemon = Daemon::start(installation_.load(installation_.write_config(0)), process_secrets());
    ASSERT_TRUE(daemon) << describe(daemon.error().front());
    daemon_ = *std::move(daemon);
    platform_ = installation_.platform(daemon_->hook_port());
  }
  WeChatDelivery says(const std::string& openid, const std::string& text) {
    auto delivery = platform_->send(openid, SaysText{text});
    EXPECT_EQ(delivery.violation, "") << text;
    return delivery;
  }
  /// Tells a whole report; the reply to its last message.
  std::string report(const std::string& openid) {
    std::string last;
    for (const auto& text : whole_report()) last = says(openid, text).shown;
    return last;
  }

  Installation installation_;
  std::unique_ptr<Daemon> daemon_;
  std::unique_ptr<simulators::WeChatPlatform> platform_;
};

TEST_P(EndToEnd, TheConsolesCheckOfTheUrlPasses) { EXPECT_EQ(platform_->verify_url(), ""); }

TEST_P(EndToEnd, AReportBecomesATicketAndTheOwnerIsToldItsNumber) {
  const auto number = ticket_number_in(report("oWang"));
  ASSERT_NE(number, "");
  EXPECT_EQ(installation_.count("tickets"), 1);
  EXPECT_EQ(installation_.ask("SELECT phone FROM tickets"), "+8613800138000");
  EXPECT_EQ(installation_.ask("SELECT category FROM tickets"), "repair");
  EXPECT_EQ(installation_.count("ticket_history WHERE action='open'"), 1);
  EXPECT_NE(says("oWang", "进度").shown.find(number), std::string::npos);
}

TEST_P(EndToEnd, APhotoSentAtAnyMomentIsInTheTicket) {
  (void)says("oWang", "报修");
  EXPECT_EQ(platform_->send("oWang", SendsPhoto{"media-1"}).violation, "");
  auto rest = whole_report();
  rest.erase(rest.begin());
  std::string last;
  for (const auto& text : rest) last = says("oWang", text).shown;
  if (ticket_number_in(last).empty()) last = says("oWang", "1").shown;
  ASSERT_NE(ticket_number_in(last), "") << last;
  EXPECT_EQ(installation_.count("attachments a JOIN tickets t ON a.ticket_id = t.id"), 1);
  EXPECT_EQ(installation_.ask("SELECT media_id FROM media_jobs"), "media-1");
}

TEST_P(EndToEnd, ARepeatGetsTheSameReplyAndHasNoSecondEffect) {
  const auto texts = whole_report();
  for (const auto& text : texts) {
    const auto message = platform_->prepare("oWang", SaysText{text});
    const auto first = platform_->deliver(message);
    const auto second = platform_->deliver(message);
    EXPECT_EQ(first.shown, second.shown) << text;
    EXPECT_EQ(second.violation, "");
  }
  EXPECT_EQ(installation_.count("tickets"), 1);
  EXPECT_EQ(installation_.count("inbox WHERE delivery_key LIKE 'wechat:%'"), static_cast<long long>(texts.size()));
}

TEST_P(EndToEnd, RepeatsThatOverlapGetOneReplyAndHaveOneEffect) {
  for (const auto& text : whole_report()) {
    const auto deliveries = platform_->deliver_at_once(platform_->prepare("oWang", SaysText{text}), 3);
    for (const auto& each : deliveries) {
      EXPECT_EQ(each.violation, "");
      EXPECT_EQ(each.shown, deliveries.front().shown);
    }
  }
  EXPECT_EQ(installation_.count("tickets"), 1);
}

TEST_P(EndToEnd, OpenidsThatDifferInCaseAreTwoPeople) {
  EXPECT_NE(ticket_number_in(report("oWang")), "");
  EXPECT_EQ(ticket_number_in(says("owang", "进度").shown), "");
  EXPECT_EQ(installation_.count("conversations"), 2);
}

TEST_P(EndToEnd, SomebodyElsesTicketIsNotShown) {
  const auto number = ticket_number_in(report("oWang"));
  EXPECT_EQ(says("oLi", number).shown.find("602"), std::string::npos);
  EXPECT_EQ(says("oLi", "进度 " + number).shown.find("602"), std::string::npos);
}

TEST_P(EndToEnd, DangerIsAnsweredAtOnceAndOpensAnUrgentTicket) {
  const auto reply = says("oWang", "我家煤气味好大").shown;
  EXPECT_NE(reply.find("96777"), std::string::npos) << reply;
  EXPECT_NE(ticket_number_in(reply), "") << reply;
  EXPECT_EQ(installation_.ask("SELECT priority FROM tickets"), "urgent");
}

TEST_P(EndToEnd, OwnersInParallelEachGetTheirOwnTicket) {
  constexpr int kOwners = 12;
  std::vector<std::future<std::string>> numbers;
  for (int i = 0; i < kOwners; ++i)
    numbers.push_back(
        std::async(std::launch::async, [this, i] { return ticket_number_in(report("oOwner" + std::to_string(i))); }));
  std::set<std::string> distinct;
  for (auto& number : numbers) distinct.insert(number.get());
  EXPECT_EQ(distinct.size(), static_cast<std::size_t>(kOwners));
  EXPECT_EQ(distinct.count(""), 0U);
  EXPECT_EQ(installation_.count("tickets"), kOwners);
}

TEST_P(EndToEnd, EventsOfEveryKindAreTaken) {
  for (const char* event : {"subscribe", "unsubscribe", "SCAN", "LOCATION", "CLICK", "VIEW", "kf_create_session",
                            "kf_close_session", "hy_future_event"}) {
    const auto delivery = platform_->send("oWang", CausesEvent{event, "KEY", ""});
    EXPECT_EQ(delivery.violation, "") << event;
    EXPECT_EQ(delivery.tries, 1) << event;
  }
}

TEST_P(EndToEnd, WhatIsStoredIsWhatWasSaid) {
  (void)says("oWang", "报修");
  (void)says("oWang", "𠮷🏠田");
  EXPECT_EQ(says("oWang", "\xE2\x80\xAE\xE2\x80\xAB abc").tries, 1);
  const auto raw = installation_.ask("SELECT raw FROM inbox ORDER BY id LIMIT 1 OFFSET 1");
  EXPECT_NE(raw.find("𠮷🏠田"), std::string::npos);
}

TEST_P(EndToEnd, GarbageIsRefusedWithoutDetail) {
  HttpClient client;
  const auto hook = "http://127.0.0.1:" + std::to_string(daemon_->hook_port()) + "/hook/wechat/main";
  const auto forged = client.call({.url = hook + "?signature=00&timestamp=1&nonce=2", .body = "<xml/>"});
  EXPECT_EQ(forged.status, 403);
  EXPECT_EQ(forged.body, "");
  EXPECT_EQ(client.call({.url = hook, .body = std::string(2U << 20, 'x')}).status, 413);
  EXPECT_EQ(client.call({.url = hook + "x", .body = "<xml/>"}).status, 404);
  EXPECT_EQ(platform_->post_garbage("this is not XML").status, 400);
  EXPECT_EQ(installation_.count("inbox"), 0);
}

TEST_P(EndToEnd, TheMonitorTellsWhatHappened) {
  (void)says("oWang", "你好");
  HttpClient client;
  const auto monitor = "http://127.0.0.1:" + std::to_string(daemon_->monitor_port());
  EXPECT_EQ(client.call({.url = monitor + "/healthz", .method = "GET"}).status, 200);
  EXPECT_EQ(client.call({.url = monitor + "/readyz", .method = "GET"}).status, 200);
  const auto metrics = client.call({.url = monitor + "/metrics", .method = "GET"}).body;
  EXPECT_NE(metrics.find("huiyin_requests_received_total{channel=\"wechat:main\"} 1"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("huiyin_turns_total{outcome=\"committed\"} 1"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("huiyin_commit_group_units_count 1"), std::string::npos) << metrics;
}

TEST_P(EndToEnd, AConversationGoesOnAfterARestart) {
  const auto texts = whole_report();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto reply = says("oWang", texts[i]).shown;
    if (i + 1 == texts.size()) {
      EXPECT_NE(ticket_number_in(reply), "");
    }
    if (i == 3) {
      daemon_->stop();
      daemon_ = nullptr;
      start();
    }
  }
  EXPECT_EQ(installation_.count("tickets"), 1);
}

INSTANTIATE_TEST_SUITE_P(Drivers, EndToEnd, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
