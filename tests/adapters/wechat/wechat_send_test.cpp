#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/text.h"
#include "tests/adapters/wechat/wechat_sending.h"

namespace huiyin::wechat {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const WeChat& account() {
  static const WeChat kAccount(sending_config());
  return kAccount;
}

/// The call's body, or `Rejected CODE: WHY`.
std::string composed(const OutboundMessage& message, const Sending& sending) {
  const auto call = account().compose(message, sending);
  return call ? call->body : "Rejected " + call.error().code + ": " + call.error().why;
}

std::string pushed(const OutboundMessage& message) { return composed(message, sending_by(Way::push)); }

TEST(WeChatSend, AText) {
  const auto call = account().compose(message_to_owner("电梯修好了 🏠 \"引号\"\n第二行\x01"), sending_by(Way::push));
  ASSERT_TRUE(call);
  EXPECT_EQ(call->method, "POST");
  EXPECT_EQ(call->url, "http://api.test/cgi-bin/message/custom/send?access_token=TOKEN");
  EXPECT_EQ(call->body,
            "{\"touser\":\"oHuiYin6tQx8AbCdEfGhIjKlMn_0\",\"msgtype\":\"text\",\"text\":{\"content\":"
            "\"电梯修好了 🏠 \\\"引号\\\"\\n第二行\"}}");
}

TEST(WeChatSend, ATextOverTheLimitEndsInDots) {
  std::string text;
  while (text.size() < 3000) text += "电梯👨‍👩‍👧‍👦";
  const auto content = json::parse(pushed(message_to_owner(text))).at("text").at("content").get<std::string>();
  EXPECT_LE(content.size(), 2048U);
  EXPECT_GT(content.size(), 2000U);
  EXPECT_TRUE(content.ends_with("…"));
  EXPECT_TRUE(is_valid_utf8(content));
}

TEST(WeChatSend, ChoicesWithNumbersAreAMenu) {
  auto message = message_to_owner("工单 HY1024-4 已完成，请打分：\n1. 不满意\n5. 非常满意\n谢谢！");
  message.choices = {{"1", "不满意"}, {"5", "非常满意"}};
  EXPECT_EQ(pushed(message),
            "{\"touser\":\"oHuiYin6tQx8AbCdEfGhIjKlMn_0\",\"msgtype\":\"msgmenu\",\"msgmenu\":{\"head_content\":\"工单 "
            "HY1024-4 已完成，请打分：\",\"list\":[{\"id\":\"1\",\"content\":\"不满意\"},{\"id\":\"5\",\"content\":"
            "\"非常满意\"}],\"tail_content\":\"谢谢！\"}}");
}

TEST(WeChatSend, ChoicesWithOtherIdsAreLinesThatCanBeTapped) {
  auto message = message_to_owner("请选：\n1. 报修");
  message.choices = {{"repair", "报修"}};
  EXPECT_THAT(pushed(message), HasSubstr("weixin://bizmsgmenu?msgmenucontent=报修&msgmenuid=repair"));
}

TEST(WeChatSend, AMenuThatTheAccountMayNotSendGoesAsText) {
  auto message = message_to_owner("请打分：\n1. 满意");
  message.choices = {{"1", "满意"}};
  auto sending = sending_by(Way::push);
  const auto refused =
      account().judge({.body = "{\"errcode\":40008,\"errmsg\":\"invalid message type\"}"}, message, sending);
  ASSERT_TRUE(std::holds_alternative<NextStep>(refused));
  sending.step = 1;
  sending.previous = std::get<NextStep>(refused).previous;
  EXPECT_THAT(composed(message, sending), HasSubstr("\"msgtype\":\"text\""));
  EXPECT_FALSE(std::holds_alternative<NextStep>(
      account().judge({.body = "{\"errcode\":40008,\"errmsg\":\"\"}"}, message, sending)));
}

TEST(WeChatSend, NewsAndMedia) {
  auto message = message_to_owner("");
  message.articles = {{"停水通知", "明天 9 点", "https://p.test/1.jpg", "https://p.test/1"}};
  EXPECT_THAT(pushed(message),
              HasSubstr("\"news\":{\"articles\":[{\"title\":\"停水通知\",\"description\":\"明天 9 点\","
                        "\"url\":\"https://p.test/1\",\"picurl\":\"https://p.test/1.jpg\"}]}"));
  message.articles.push_back({"第二条", "", "", ""});
  EXPECT_THAT(pushed(message),
              HasSubstr("\"text\":{\"content\":\"<a href=\\\"https://p.test/1\\\">停水通知</a>\\n第二条\"}"));
  message.articles.clear();
  message.media = {{MediaKind::voice, "M1"}};
  EXPECT_THAT(pushed(message), HasSubstr("\"msgtype\":\"voice\",\"voice\":{\"media_id\":\"M1\"}"));
}

TEST(WeChatSend, WhatCannotBeSentIsRefusedBeforehand) {
  EXPECT_EQ(pushed(message_to_owner(" \n ")), "Rejected empty: nothing that WeChat can be sent");
  auto message = message_to_owner("好");
  message.to.address = "o x\"";
  EXPECT_EQ(pushed(message), "Rejected openid: the address is no openid");
  message.to.address.clear();
  EXPECT_EQ(pushed(message), "Rejected openid: the address is no openid");
  EXPECT_EQ(composed(message_to_owner("好"), sending_by(Way::subscription, "NONE")),
            "Rejected template: template NONE is not configured");
  EXPECT_EQ(composed(message_to_owner("好"), sending_by(Way::subscription, "TPL1")),
            "Rejected template: template TPL1 is not configured");
  const WeChat receiving(test_config(Mode::safe));
  EXPECT_FALSE(receiving.compose(message_to_owner("好"), sending_by(Way::push)));
  EXPECT_FALSE(receiving.capabilities().sends);
  EXPECT_TRUE(receiving.provider_templates().empty());
}

TEST(WeChatSend, ASubscriptionNotice) {
  auto message = message_to_owner("已登记");
  message.data = {{"number", "HY1024-4"},
                  {"description", "三号楼二单元\n电梯从昨天晚上起一直不动了请尽快派人"},
                  {"url", "https://t.test/t/1"}};
  const auto call = account().compose(message, sending_by(Way::subscription, "SUB1"));
  ASSERT_TRUE(call);
  EXPECT_EQ(call->url, "http://api.test/cgi-bin/message/subscribe/bizsend?access_token=TOKEN");
  EXPECT_EQ(
      call->body,
      "{\"touser\":\"oHuiYin6tQx8AbCdEfGhIjKlMn_0\",\"template_id\":\"SUB1\",\"page\":\"https://t.test/t/1\",\"data\":"
      "{\"character_string1\":{\"value\":\"HY1024-4\"},\"thing2\":{\"value\":\"三号楼二单元 "
      "电梯从昨天晚上起一直不动…\"}}}");
  message.data = {{"number", "HY1024-4"}};
  EXPECT_THAT(composed(message, sending_by(Way::subscription, "SUB1")), HasSubstr("\"thing2\":{\"value\":\"见工单\"}"));
  message.data = {{"number", "工单4"}};
  EXPECT_EQ(composed(message, sending_by(Way::subscription, "SUB1")),
            "Rejected field: template SUB1: character_string1 (number): holds more than letters, digits and symbols");
}

TEST(WeChatSend, ATemplateMessageIsKnownByItsKey) {
  auto message = message_to_owner("已完成");
  message.data = {{"status", "已完成"}};
  EXPECT_EQ(composed(message, sending_by(Way::template_notice, "TPL1")),
            "{\"touser\":\"oHuiYin6tQx8AbCdEfGhIjKlMn_0\",\"template_id\":\"TPL1\",\"client_msg_id\":\"o42\",\"data\":{"
            "\"thing1\":{\"value\":\"已完成\"},\"phrase2\":{\"value\":\"已完成\"}}}");
  message.key = std::string(200, 'k');
  const auto id = json::parse(composed(message, sending_by(Way::template_notice, "TPL1"))).at("client_msg_id");
  EXPECT_EQ(id.get<std::string>().size(), 32U);
  message.data.clear();
  EXPECT_EQ(composed(message, sending_by(Way::template_notice, "TPL1")),
            "Rejected field: template TPL1: phrase2 (status): empty");
}

TEST(WeChatSend, TheTemplatesThatThePlannerMayUse) {
  std::string listed;
  for (const auto& with : account().provider_templates())
    listed += with.template_name + " " + std::string(to_string(with.way)) + " " + with.template_id + "; ";
  EXPECT_EQ(
      listed,
      "ticket_received subscription SUB1; ticket_done template_notice TPL1; ticket_received template_notice TPL1; ");
}

TEST(WeChatSend, Typing) {
  const auto call = typing_call("http://api.test", "TOKEN", kOwner, true);
  EXPECT_EQ(call.url, "http://api.test/cgi-bin/message/custom/typing?access_token=TOKEN");
  EXPECT_EQ(call.body, "{\"touser\":\"oHuiYin6tQx8AbCdEfGhIjKlMn_0\",\"command\":\"Typing\"}");
}

}  // namespace
}  // namespace huiyin::wechat
