#include "adapters/workchat/wecom_robot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/adapters/workchat/wecom_requests.h"
#include "tests/describe.h"

namespace huiyin::workchat {
namespace {

using nlohmann::json;
using testing::HasSubstr;

WeComRobot robot() {
  return WeComRobot({.channel = "workchat:group",
                     .key = Secret("0b1c2d3e-0000-4000-8000-000000000001"),
                     .api_url = "http://api.test",
                     .source = "物业工单"});
}

OutboundMessage to_group(OutboundMessage message, const std::string& address = "group") {
  message.to = {"workchat:group", address};
  return message;
}

json composed(const OutboundMessage& message) { return json::parse(robot().compose(message, {})->body); }

TEST(WeComRobot, ATextMentionsWhomItsAddressNames) {
  const auto call = robot().compose(to_group(message_to_staff("HY1024-4 新工单")), {});
  EXPECT_EQ(call->url, "http://api.test/cgi-bin/webhook/send?key=0b1c2d3e-0000-4000-8000-000000000001");
  EXPECT_EQ(call->body, "{\"msgtype\":\"text\",\"text\":{\"content\":\"HY1024-4 新工单\"}}");
  EXPECT_EQ(composed(to_group(message_to_staff("x"), "zhangsan|lisi")).at("text").at("mentioned_list"),
            json({"zhangsan", "lisi"}));
  EXPECT_EQ(composed(to_group(message_to_staff("x"), "@all")).at("text").at("mentioned_list"), json({"@all"}));
  for (const char* address : {"", "a b", "zhangsan||lisi"})
    EXPECT_FALSE(robot().compose(to_group(message_to_staff("x"), address), {})) << address;
}

TEST(WeComRobot, ACardLeadsToItsPageAndHasNoButtons) {
  const auto card = composed(to_group(ticket_card())).at("template_card");
  EXPECT_EQ(card.at("card_type"), "text_notice");
  EXPECT_FALSE(card.contains("button_list"));
  EXPECT_EQ(card.at("card_action").at("url"), "https://hy.test/t/abc");
  const auto mentioning = composed(to_group(ticket_card(), "zhangsan"));
  EXPECT_EQ(mentioning.at("msgtype"), "markdown");
  EXPECT_THAT(mentioning.at("markdown").at("content").get<std::string>(),
              HasSubstr("[打开 open](https://hy.test/t/abc)\n<@zhangsan>"));
}

TEST(WeComRobot, MarkdownKeepsItsLinkHoweverLongTheOwnerWrote) {
  auto message = to_group(ticket_card(), "@all");
  message.card.text.clear();
  while (message.card.text.size() < 20000) message.card.text += "漏水<@all>";
  const auto content = composed(message).at("markdown").at("content").get<std::string>();
  EXPECT_LE(content.size(), 4096U);
  EXPECT_THAT(content, HasSubstr("](https://hy.test/t/abc)"));
  EXPECT_EQ(content.find("<@all>"), content.rfind("<@all>")) << "only ours";
}

TEST(WeComRobot, ArticlesAreNewsAndNothingIsRefused) {
  auto message = to_group(message_to_staff(""));
  EXPECT_FALSE(robot().compose(message, {}));
  message.articles = {{"日报", "昨天 12 件", "", "https://hy.test/r"}};
  EXPECT_EQ(composed(message).at("msgtype"), "news");
}

TEST(WeComRobot, JudgesTheReply) {
  const struct {
    HttpReply reply;
    const char* expect;
  } table[] = {
      {{.body = R"({"errcode":0,"errmsg":"ok"})"}, "Accepted "},
      {{.body = R"({"errcode":45009,"errmsg":"api freq out of limit"})"},
       "RetryAfter 65s: 45009 too many calls: api freq out of limit"},
      {{.body = R"({"errcode":45033,"errmsg":""})"}, "RetryAfter 1s: 45033 too many calls at once"},
      {{.body = R"({"errcode":93000,"errmsg":"invalid webhook url"})"},
       "RetryAfter 600s: 93000 the robot's address is wrong, or it was removed from the group: invalid webhook url "
       "ALARM"},
      {{.body = R"({"errcode":40058,"errmsg":"exceed max length 4096"})"},
       "Rejected 40058: 40058 parameter, or content over its limit: exceed max length 4096"},
      {{.body = R"({"errcode":40008})"}, "Rejected 40008: 40008 media, its type or its size"},
      {{.status = 502, .body = "<html>"}, "Unknown: HTTP 502, and 6 bytes that are no answer of the API"},
      {{.failure = "timeout", .request_left = true}, "Unknown: timeout"},
      {{.failure = "no route"}, "RetryAfter 5s: no route"},
  };
  for (const auto& row : table)
    EXPECT_EQ(describe(robot().judge(row.reply, message_to_staff("x"), {})), row.expect) << row.reply.body;
  EXPECT_FALSE(robot().capabilities().idempotent) << "a repeat is shown twice";
}

TEST(WeComRobot, HearsNothing) {
  EXPECT_EQ(describe(robot().parse(callback(payload("text-command.xml")))),
            "Reject unsupported: a group robot hears nothing");
}

}  // namespace
}  // namespace huiyin::workchat
