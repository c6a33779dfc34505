// The daemon, whole, between both sides of the simulated platform: what owners send, and the API that messages go to.
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "simulators/sample_media.h"
#include "tests/gateway/installation.h"
#include "tests/simulators/fake_api.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using simulators::CausesEvent;
using simulators::SaysText;
using simulators::SendsPhoto;

const std::string kWang = "oWang_0000000000000000000001";

class WeChatEnd : public testing::TestWithParam<db::Driver> {
 protected:
  WeChatEnd() : installation_(GetParam()) {
    std::ofstream(installation_.file("app_secret")) << "app-secret";
    const auto config = installation_.write_config(
        0, "spool.db",
        "    app_secret: {file: " + installation_.file("app_secret") + "}\n    api_url: " + fake_.url() +
            "\n    templates:\n      - carries: ticket_done\n        way: subscription\n        id: SUB1\n"
            "        fields: {character_string1: number, thing2: text}\n");
    auto daemon = Daemon::start(installation_.load(config), process_secrets());
    if (!daemon) throw std::runtime_error(describe(daemon.error().front()));
    daemon_ = *std::move(daemon);
    platform_ = installation_.platform(daemon_->hook_port());
    platform_->connect(fake_.api());
    store_ = db::open_store(installation_.database().options()).value();
  }
  ~WeChatEnd() override { daemon_->stop(); }

  void owe(const std::string& text, const std::string& template_name = {}) {
    const auto now = clock_.now();
    OutboxRow row{.id = ids_.next<OutboxId>(), .created = now, .due = now};
    row.message.key = "o" + std::to_string(row.id.value);
    row.message.to = {"wechat:main", kWang};
    row.message.template_name = template_name;
    row.message.data = {{"number", "HY1024-4"}};
    row.message.text = text;
    UnitOfWork unit{.id = ids_.next<UnitId>(), .inbox = {.key = "t:" + row.message.key, .received = now}};
    unit.outbox = {row};
    ASSERT_TRUE(std::holds_alternative<Committed>(store_->commit(std::move(unit))));
  }
  /// What was pushed as the n-th (0 is the first); empty where nothing came.
  std::string pushed(std::size_t number) {
    const auto push = fake_.api().wait_for_push(kWang, number, 20s);
    return push ? push->call + " " + push->shown : "";
  }
  bool becomes(const std::string& sql, const std::string& expect) {
    const auto give_up = std::chrono::steady_clock::now() + 60s;
    while (installation_.ask(sql) != expect && std::chrono::steady_clock::now() < give_up)
      std::this_thread::sleep_for(20ms);
    return installation_.ask(sql) == expect;
  }

  simulators::FakeApi fake_;
  Installation installation_;
  std::unique_ptr<Daemon> daemon_;
  std::unique_ptr<simulators::WeChatPlatform> platform_;
  std::unique_ptr<db::Store> store_;
  SystemClock clock_;
  IdSource ids_{clock_, 1000};
};

TEST_P(WeChatEnd, WhatIsOwedIsPushedOnceAndInOrder) {
  EXPECT_EQ(platform_->send(kWang, SaysText{"报修"}).violation, "");
  owe("师傅在路上了");
  EXPECT_EQ(pushed(0), "custom/send 师傅在路上了");
  owe("已完成");
  EXPECT_EQ(pushed(1), "custom/send 已完成");
  EXPECT_TRUE(becomes("SELECT count(*) FROM outbox WHERE state='sent'", "2"));
  EXPECT_EQ(fake_.api().pushes(kWang).size(), 2U);
  EXPECT_EQ(fake_.api().calls("stable_token"), 1);
}

TEST_P(WeChatEnd, ADeadTokenCostsNoMessage) {
  EXPECT_EQ(platform_->send(kWang, SaysText{"报修"}).violation, "");
  owe("一");
  EXPECT_EQ(pushed(0), "custom/send 一");
  fake_.api().expire_tokens();
  owe("二");
  EXPECT_EQ(pushed(1), "custom/send 二");
  EXPECT_EQ(fake_.api().pushes(kWang).size(), 2U);
}

TEST_P(WeChatEnd, AnAnswerThatBreaksOffIsNotTakenForALostMessage) {
  EXPECT_EQ(platform_->send(kWang, SaysText{"报修"}).violation, "");
  fake_.api().faults().add({.call = "custom/send", .kind = simulators::WeChatFault::Kind::half});
  owe("只到一次");
  EXPECT_EQ(pushed(0), "custom/send 只到一次");
  EXPECT_TRUE(becomes("SELECT state FROM outbox", "unknown"));
  EXPECT_EQ(fake_.api().pushes(kWang).size(), 1U);
}

TEST_P(WeChatEnd, PastTheWindowANoticeGoesThatTheOwnerAccepted) {
  EXPECT_EQ(platform_->send(kWang, SaysText{"报修"}).violation, "");
  const std::string accepts =
      "<SubscribeMsgPopupEvent><List><TemplateId><![CDATA[SUB1]]></TemplateId><SubscribeStatusString><![CDATA[accept]]>"
      "</SubscribeStatusString><PopupScene>1</PopupScene></List></SubscribeMsgPopupEvent>";
  EXPECT_EQ(platform_->send(kWang, CausesEvent{"subscribe_msg_popup_event", {}, accepts}).violation, "");
  fake_.api().owner_answered(kWang, "SUB1", true);
  fake_.api().faults().add({.call = "custom/send", .code = 45015});
  owe("电梯修好了", "ticket_done");
  EXPECT_EQ(pushed(0), "subscribe/bizsend character_string1：HY1024-4\nthing2：电梯修好了");
  EXPECT_TRUE(becomes("SELECT count(*) FROM outbox WHERE state='sent'", "1"));
  EXPECT_EQ(platform_->deliver_job_events(), 1);
}

TEST_P(WeChatEnd, APhotoIsFetchedToDisk) {
  EXPECT_EQ(platform_->send(kWang, SaysText{"报修"}).violation, "");
  EXPECT_EQ(platform_->send(kWang, SendsPhoto{}).violation, "");
  EXPECT_TRUE(becomes("SELECT mime_type FROM attachments", "image/jpeg"));
  EXPECT_EQ(
      installation_.count("attachments WHERE size_bytes=" + std::to_string(simulators::sample_photo().bytes.size())),
      1);
}

INSTANTIATE_TEST_SUITE_P(Drivers, WeChatEnd, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
