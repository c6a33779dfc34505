// Our robots against simulated DingTalk and Feishu, over real HTTP: two implementations that share no code.
#include <gmock/gmock.h>

#include "net/http_client.h"
#include "simulators/chat_server.h"
#include "simulators/dingtalk_api.h"
#include "simulators/feishu_api.h"
#include "tests/adapters/workchat/robot_requests.h"
#include "tests/describe.h"
#include "tests/simulators/fake_account.h"

namespace huiyin::simulators {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;
using workchat::message_to_staff;
using workchat::ticket_card;
using workchat::to_group;

class AdapterMeetsRobots : public testing::Test {
 protected:
  ~AdapterMeetsRobots() override {
    ding_server_.stop();
    lark_server_.stop();
  }
  std::string send(const Channel& robot, const OutboundMessage& message, Millis clock_off = {}) {
    const Sending sending{.now = clock_.now() + clock_off};
    const auto call = robot.compose(message, sending);
    return call ? describe(robot.judge(http_.call(*call), message, sending)) : call.error().code;
  }
  std::string ding_shows() { return api_shows(ding_, "group:" + std::string(workchat::kDingTalkToken)); }
  std::string lark_shows() { return api_shows(lark_, "group:" + std::string(workchat::kFeishuKey)); }
  template <class Api>
  static std::string api_shows(Api& api, const std::string& group) {
    const auto screen = api.screens().of(group);
    return screen.empty() ? "" : screen.back().shown;
  }
  static std::vector<OutboundMessage> messages() {
    auto wide = to_group(ticket_card());
    while (wide.text.size() < 30000)
      wide.text += "电梯👨‍👩‍👧‍👦 \"引号\" \\ \t\x01 [x](y) <at user_id=\"all\">";
    wide.card.title = wide.card.subtitle = wide.card.text = wide.text;
    wide.card.lines = std::vector(20, std::pair(wide.text, wide.text));
    wide.choices = std::vector(20, Choice{"accept", wide.text});
    auto long_text = to_group(message_to_staff(wide.text));
    auto news = to_group(message_to_staff("日报"));
    news.articles = {{"昨天 12 件", "", "", "https://hy.test/r"}};
    return {to_group(message_to_staff("新工单 HY1024-4")),
            to_group(ticket_card()),
            to_group(ticket_card(), "ou_1|u2"),
            to_group(message_to_staff("x"), "@all"),
            wide,
            long_text,
            news};
  }

  ManualClock clock_{Time(Millis(1763890000000))};
  SequenceRandom random_;
  HttpClient http_{};
  DingTalkApi ding_{{.robots = {{workchat::kDingTalkToken, {workchat::kDingTalkSecret, "工单"}}}}, clock_, random_};
  FeishuApi lark_{{.bots = {{workchat::kFeishuKey, {workchat::kFeishuSecret, "工单"}}}}, clock_, random_};
  ChatServer ding_server_{
      {[this](const auto& request) { return ding_.answer(request); }, ding_.faults(), ding_.screens()}, clock_};
  ChatServer lark_server_{
      {[this](const auto& request) { return lark_.answer(request); }, lark_.faults(), lark_.screens()}, clock_};
  workchat::DingTalkRobot::Config ding_config_ = workchat::dingtalk_robot_config(ding_server_.start().value());
  workchat::FeishuBot::Config lark_config_ = workchat::feishu_bot_config(lark_server_.start().value());
};

TEST_F(AdapterMeetsRobots, EveryMessageOfOursIsTaken) {
  ding_config_.keyword = lark_config_.keyword = "工单";
  const workchat::DingTalkRobot ding(ding_config_);
  const workchat::FeishuBot lark(lark_config_);
  for (const auto& message : messages()) {
    EXPECT_EQ(send(ding, message), "Accepted ") << message.to.address;
    EXPECT_EQ(send(lark, message), "Accepted ") << message.to.address;
    clock_.advance(1s);
  }
  EXPECT_THAT(ding_shows(), HasSubstr("昨天 12 件"));
  EXPECT_THAT(lark_shows(), HasSubstr("昨天 12 件"));
}

TEST_F(AdapterMeetsRobots, SignatureTimeAndKeywordAreChecked) {
  const auto text = to_group(message_to_staff("新工单"));
  EXPECT_EQ(send(workchat::DingTalkRobot(ding_config_), text), "Accepted ");
  EXPECT_EQ(send(workchat::FeishuBot(lark_config_), text), "Accepted ");
  EXPECT_EQ(send(workchat::DingTalkRobot(ding_config_), text, 59min), "Accepted ");
  EXPECT_EQ(send(workchat::FeishuBot(lark_config_), text, -59min), "Accepted ");
  EXPECT_THAT(send(workchat::DingTalkRobot(ding_config_), text, 61min), HasSubstr("invalid timestamp"));
  EXPECT_THAT(send(workchat::FeishuBot(lark_config_), text, -61min), HasSubstr("19021"));
  const auto without = to_group(message_to_staff("新报修"));
  EXPECT_THAT(send(workchat::DingTalkRobot(ding_config_), without), HasSubstr("keywords not in content"));
  EXPECT_THAT(send(workchat::FeishuBot(lark_config_), without), HasSubstr("19024"));
  ding_config_.secret = Secret("SECffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
  lark_config_.secret = Secret("another");
  EXPECT_THAT(send(workchat::DingTalkRobot(ding_config_), text), HasSubstr("sign not match"));
  EXPECT_THAT(send(workchat::FeishuBot(lark_config_), text), HasSubstr("19021"));
  ding_config_.token = Secret("removed");
  lark_config_.key = Secret("00000000");
  EXPECT_THAT(send(workchat::DingTalkRobot(ding_config_), text), HasSubstr("300005"));
  EXPECT_THAT(send(workchat::FeishuBot(lark_config_), text), HasSubstr("19001"));
}

TEST_F(AdapterMeetsRobots, OverTwentyAMinuteDingTalkIsDeafForTen) {
  const workchat::DingTalkRobot ding(ding_config_);
  const auto text = to_group(message_to_staff("新工单"));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(send(ding, text), "Accepted ");
  EXPECT_THAT(send(ding, text), StartsWith("RetryAfter 610s: 130101"));
  clock_.advance(9min);
  EXPECT_THAT(send(ding, text), StartsWith("RetryAfter 610s: 130101"));
  clock_.advance(61s);
  EXPECT_EQ(send(ding, text), "Accepted ");
}

TEST_F(AdapterMeetsRobots, OverFiveASecondFeishuAsksForPatience) {
  const workchat::FeishuBot lark(lark_config_);
  const auto text = to_group(message_to_staff("新工单"));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send(lark, text), "Accepted ");
  EXPECT_THAT(send(lark, text), StartsWith("RetryAfter 20s: 11232"));
  clock_.advance(20s);
  EXPECT_EQ(send(lark, text), "Accepted ");
}

TEST_F(AdapterMeetsRobots, WhatIsNoAnswerIsNotTakenForOne) {
  const workchat::DingTalkRobot ding(ding_config_);
  const workchat::FeishuBot lark(lark_config_);
  const auto text = to_group(message_to_staff("新工单"));
  using Kind = WeChatFault::Kind;
  for (const auto kind : {Kind::half, Kind::empty, Kind::html}) {
    ding_.faults().add({.call = "robot/send", .kind = kind});
    lark_.faults().add({.kind = kind});
    EXPECT_THAT(send(ding, text), StartsWith("Unknown")) << "it may stand there already";
    EXPECT_THAT(send(lark, text), StartsWith("Unknown"));
  }
  ding_.faults().add({.kind = Kind::status, .code = 404});
  lark_.faults().add({.kind = Kind::code, .code = 19022});
  EXPECT_THAT(send(ding, text), HasSubstr("ALARM"));
  EXPECT_THAT(send(lark, text), HasSubstr("ALARM"));
}

}  // namespace
}  // namespace huiyin::simulators
