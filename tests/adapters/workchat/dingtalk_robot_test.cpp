#include "adapters/workchat/dingtalk_robot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/adapters/workchat/robot_requests.h"
#include "tests/adapters/workchat/vectors.h"
#include "tests/describe.h"

namespace huiyin::workchat {
namespace {

using nlohmann::json;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

DingTalkRobot robot(const std::string& keyword = {}) {
  auto config = dingtalk_robot_config();
  config.keyword = keyword;
  return DingTalkRobot(std::move(config));
}

json composed(const OutboundMessage& message, const std::string& keyword = {}) {
  return json::parse(robot(keyword).compose(message, {})->body);
}

TEST(DingTalkRobot, SignsAsTheVendorsVectorsDo) {
  const auto vectors = vectors_of("dingtalk.robot_sign.");
  ASSERT_EQ(vectors.size(), 6U);
  for (const auto& vector : vectors) {
    const auto& in = vector.at("inputs");
    DingTalkRobot::Config config{.channel = "workchat:x",
                                 .token = Secret(in.at("access_token").get<std::string>()),
                                 .secret = Secret(in.at("secret").get<std::string>()),
                                 .api_url = "https://oapi.dingtalk.com"};
    const auto now = Time(Millis(std::stoll(in.at("timestamp").get<std::string>())));
    const auto call = DingTalkRobot(std::move(config)).compose(to_group(message_to_staff("x")), {.now = now});
    EXPECT_EQ(call->url, vector.at("expected").at("url").get<std::string>()) << vector.at("name");
  }
}

TEST(DingTalkRobot, ATextMentionsWhomItsAddressNames) {
  const auto words = to_group(message_to_staff("HY1024-4 新工单"));
  EXPECT_EQ(robot().compose(words, {})->body, R"({"msgtype":"text","text":{"content":"HY1024-4 新工单"}})");
  const auto some = composed(to_group(message_to_staff("x"), "manager4220|13800138000"));
  EXPECT_EQ(some.at("text").at("content"), "x @manager4220 @13800138000");
  EXPECT_EQ(some.at("at"), json::parse(R"({"atMobiles":["13800138000"],"atUserIds":["manager4220"],"isAtAll":false})"));
  const auto all = composed(to_group(message_to_staff("x"), "@all"));
  EXPECT_EQ(all.at("at").at("isAtAll"), true);
  EXPECT_EQ(all.at("text").at("content"), "x");
  for (const char* address : {"", "a b", "zhangsan||lisi"})
    EXPECT_FALSE(robot().compose(to_group(message_to_staff("x"), address), {})) << address;
}

TEST(DingTalkRobot, ACardLeadsToItsPageAndSaysWhatCanBeAnswered) {
  const auto message = composed(to_group(ticket_card()));
  EXPECT_EQ(message.at("msgtype"), "actionCard");
  const auto& card = message.at("actionCard");
  EXPECT_EQ(card.at("singleURL"), "https://hy.test/t/abc");
  EXPECT_EQ(card.at("title"), "新工单 HY1024-4");
  const auto text = card.at("text").get<std::string>();
  EXPECT_THAT(text, StartsWith("**新工单 HY1024-4**  \n3号楼2单元602  \n厨房水管漏水  \n> 期限：今天 14:00"));
  EXPECT_THAT(text, EndsWith("回复：接单 HY1024-4 · 转派 HY1024-4"));
  const auto mentioning = composed(to_group(ticket_card(), "manager4220"));
  EXPECT_EQ(mentioning.at("msgtype"), "markdown") << "a card mentions nobody";
  EXPECT_THAT(mentioning.at("markdown").at("text").get<std::string>(),
              EndsWith("[打开 open](https://hy.test/t/abc) @manager4220"));
}

TEST(DingTalkRobot, StrangersWordsAreNoMarks) {
  auto message = to_group(ticket_card());
  message.card.text = "[点我](https://evil.test) ![x](y) # 大";
  EXPECT_THAT(composed(message).at("actionCard").at("text").get<std::string>(),
              HasSubstr("【点我】(https://evil.test) !【x】(y) ＃ 大"));
}

TEST(DingTalkRobot, EveryMessageHoldsTheKeyword) {
  EXPECT_EQ(composed(to_group(message_to_staff("新报修")), "工单").at("text").at("content"), "【工单】新报修");
  EXPECT_EQ(composed(to_group(message_to_staff("新工单")), "工单").at("text").at("content"), "新工单");
  EXPECT_THAT(composed(to_group(ticket_card()), "物业").at("actionCard").at("text").get<std::string>(),
              StartsWith("【物业】"));
}

TEST(DingTalkRobot, ArticlesAreAFeedAndNothingIsRefused) {
  auto message = to_group(message_to_staff(""));
  EXPECT_FALSE(robot().compose(message, {}));
  message.articles = {{"日报", "昨天 12 件", "", "https://hy.test/r"}};
  EXPECT_EQ(composed(message).at("feedCard").at("links")[0].at("messageURL"), "https://hy.test/r");
}

TEST(DingTalkRobot, JudgesTheReply) {
  const struct {
    HttpReply reply;
    const char* expect;
  } table[] = {
      {{.body = R"({"errcode":0,"errmsg":"ok"})"}, "Accepted "},
      {{.body = R"({"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"})"},
       "RetryAfter 610s: 130101 over 20 messages a minute: the robot is mute for ten: send too fast, exceed 20 times "
       "per minute"},
      {{.body = R"({"errcode":410100,"errmsg":""})"},
       "RetryAfter 610s: 410100 over 20 messages a minute: the robot is mute for ten"},
      {{.body = R"({"errcode":-1,"errmsg":"busy"})"}, "RetryAfter 1s: -1 system busy: busy"},
      {{.body = R"({"errcode":310000,"errmsg":"sign not match"})"},
       "RetryAfter 600s: 310000 the robot's security setting: secret, keyword or addresses: sign not match ALARM"},
      {{.body = R"({"errcode":300005,"errmsg":"token is not exist"})"},
       "RetryAfter 600s: 300005 the robot's token is unknown: token is not exist ALARM"},
      {{.body = R"({"errcode":88,"errmsg":"x","sub_code":"60011","sub_msg":"no right"})"},
       "RetryAfter 600s: 88 refused by the platform's gateway: x (60011 no right) ALARM"},
      {{.body = R"({"errcode":430101,"errmsg":"unsafe"})"},
       "Rejected 430101: 430101 a link, words or a picture that the platform holds for unsafe: unsafe"},
      {{.body = R"({"errcode":777777,"errmsg":"new"})"}, "RetryAfter 60s: 777777: new ALARM"},
      {{.status = 502, .body = "<html>"}, "Unknown: HTTP 502, and 6 bytes that are no answer of the API"},
      {{.failure = "timeout", .request_left = true}, "Unknown: timeout"},
      {{.failure = "no route"}, "RetryAfter 5s: no route"},
  };
  for (const auto& row : table)
    EXPECT_EQ(describe(robot().judge(row.reply, message_to_staff("x"), {})), row.expect) << row.reply.body;
  EXPECT_FALSE(robot().capabilities().idempotent) << "a repeat is shown twice";
  EXPECT_EQ(robot().capabilities().per_minute, 18);
}

}  // namespace
}  // namespace huiyin::workchat
