#include "adapters/workchat/wecom_send.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/workchat/wecom_card.h"
#include "core/text.h"
#include "tests/adapters/workchat/wecom_requests.h"

namespace huiyin::workchat {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const WeCom& app() {
  static const WeCom kApp(test_config());
  return kApp;
}

/// The call's body, or `Rejected CODE: WHY`.
std::string composed(const OutboundMessage& message, const std::string& previous = {}) {
  auto sending = sending_now();
  sending.previous = previous;
  const auto call = app().compose(message, sending);
  return call ? call->body : "Rejected " + call.error().code + ": " + call.error().why;
}

TEST(WeComSend, AText) {
  const auto call = app().compose(message_to_staff("HY1024-4 超时了 \"快\"\n第二行\x01"), sending_now());
  ASSERT_TRUE(call);
  EXPECT_EQ(call->url, "http://api.test/cgi-bin/message/send?access_token=TOKEN");
  const auto body = json::parse(call->body);
  EXPECT_EQ(body.at("touser"), "zhangsan");
  EXPECT_EQ(body.at("msgtype"), "text");
  EXPECT_EQ(body.at("agentid"), 1000002);
  EXPECT_EQ(body.at("text").at("content"), "HY1024-4 超时了 \"快\"\n第二行");
  EXPECT_EQ(body.at("enable_duplicate_check"), 1);
  EXPECT_GE(body.at("duplicate_check_interval"), 1800);
  EXPECT_LT(body.at("duplicate_check_interval"), 2400);
}

TEST(WeComSend, ARepeatIsTheSameBytesAndAnotherMessageIsNot) {
  auto message = message_to_staff("HY1024-4 还没有人接单");
  const auto first = composed(message);
  EXPECT_EQ(composed(message), first);
  message.key = "o43";  // the second reminder: it must not be taken for a repeat of the first
  EXPECT_NE(composed(message), first);
}

TEST(WeComSend, ACardWithButtons) {
  EXPECT_EQ(
      composed(ticket_card()),
      "{\"touser\":\"zhangsan\",\"msgtype\":\"template_card\",\"agentid\":1000002,\"template_card\":{\"card_type\":"
      "\"button_interaction\",\"source\":{\"desc\":\"物业工单\"},\"main_title\":{\"title\":\"新工单 HY1024-4\","
      "\"desc\":\"3号楼2单元602\"},\"sub_title_text\":\"厨房水管漏水\",\"horizontal_content_list\":[{\"keyname\":"
      "\"期限\",\"value\":\"今天 14:00\"},{\"keyname\":\"电话\",\"value\":\"138****8000\"}],\"card_action\":{\"type\":"
      "1,\"url\":\"https://hy.test/t/abc\"},\"task_id\":\"HY1024-4@1\",\"button_list\":[{\"text\":\"接单\",\"style\":"
      "1,\"key\":\"accept\"},{\"text\":\"转派\",\"style\":2,\"key\":\"transfer\"}]}}");
}

TEST(WeComSend, WhatACardHasNoRoomForIsCutByCharactersOrMoved) {
  auto message = ticket_card();
  message.card.title = std::string(120, 'x') + "\n电梯";
  message.card.lines = {
      {"一二三四五六", "1\n2"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", "5"}, {"f", "6"}, {"第七", "7"}};
  message.choices.clear();
  for (const char* id : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"})
    message.choices.push_back({id, std::string(id) + "很长很长很长很长的按钮名字"});
  const auto card = json::parse(composed(message)).at("template_card");
  EXPECT_EQ(count_characters(card.at("main_title").at("title").get<std::string>()), 36U);
  EXPECT_EQ(card.at("horizontal_content_list").size(), 6U);
  EXPECT_EQ(card.at("horizontal_content_list")[0].at("keyname"), "一二三四…");
  EXPECT_EQ(card.at("horizontal_content_list")[0].at("value"), "1 2");
  EXPECT_EQ(card.at("sub_title_text"), "厨房水管漏水\n第七：7");
  EXPECT_EQ(card.at("button_list").size(), 6U);
  EXPECT_EQ(card.at("button_list")[0].at("text"), "a很长很长很长很长…");
  EXPECT_EQ(card.at("action_menu").at("action_list").size(), 3U);
  EXPECT_EQ(card.at("action_menu").at("action_list")[0].at("key"), "g");
}

TEST(WeComSend, ACardWithoutButtonsLeadsSomewhereOrIsMarkdown) {
  auto message = ticket_card();
  message.choices.clear();
  const auto notice = json::parse(composed(message));
  EXPECT_EQ(notice.at("template_card").at("card_type"), "text_notice");
  EXPECT_FALSE(notice.at("template_card").contains("task_id"));
  EXPECT_EQ(notice.at("enable_duplicate_check"), 1);
  message.card.url.clear();
  message.card.text = "[点我](https://evil.test) *重要* <font>";
  const auto markdown = json::parse(composed(message));
  EXPECT_EQ(markdown.at("msgtype"), "markdown");
  EXPECT_EQ(markdown.at("markdown").at("content"),
            "**新工单 HY1024-4**\n3号楼2单元602\n【点我】(https://evil.test) ＊重要＊ ＜font＞\n> 期限：今天 14:00\n> "
            "电话：138＊＊＊＊8000");
}

TEST(WeComSend, ASentCardIsChanged) {
  auto message = ticket_card();
  message.card = {.title = "李秀英 14:05 已接单", .replaces = "RESPONSE-1"};
  const auto call = app().compose(message, sending_now());
  EXPECT_EQ(call->url, "http://api.test/cgi-bin/message/update_template_card?access_token=TOKEN");
  EXPECT_EQ(call->body,
            "{\"userids\":[\"zhangsan\"],\"agentid\":1000002,\"response_code\":\"RESPONSE-1\",\"button\":"
            "{\"replace_name\":\"李秀英 14:05 已接单\"}}");
  message = ticket_card();
  message.card.replaces = "RESPONSE-1";
  const auto whole = json::parse(composed(message));
  EXPECT_EQ(whole.at("template_card").at("card_type"), "button_interaction");
  EXPECT_FALSE(whole.at("template_card").contains("task_id")) << "a card keeps the id that it was sent with";
  EXPECT_THAT(composed(message, encode(Stage{.kind = Stage::Kind::words})), HasSubstr("\"msgtype\":\"text\""))
      << "a card that cannot be changed is said in words";
}

TEST(WeComSend, PhotosGoUpFirst) {
  auto message = message_to_staff("");
  message.media = {{MediaKind::image, "", "/media/ab/abcd"}, {MediaKind::voice, "V1"}};
  const auto upload = app().compose(message, sending_now());
  EXPECT_EQ(upload->url, "http://api.test/cgi-bin/media/upload?access_token=TOKEN&type=image");
  ASSERT_TRUE(upload->upload);
  EXPECT_EQ(upload->upload->field, "media");
  EXPECT_EQ(upload->upload->file, "/media/ab/abcd");
  EXPECT_EQ(upload->upload->name, "abcd.jpg");
  const auto shown = json::parse(composed(message, encode(Stage{.kind = Stage::Kind::show, .media_id = "M7"})));
  EXPECT_EQ(shown.at("msgtype"), "image");
  EXPECT_EQ(shown.at("image").at("media_id"), "M7");
}

TEST(WeComSend, NewsOfEightAtMost) {
  auto message = message_to_staff("");
  for (int i = 0; i < 10; ++i) message.articles.push_back({"待办", std::string(600, 'd'), "", "https://hy.test/t/1"});
  const auto articles = json::parse(composed(message)).at("news").at("articles");
  EXPECT_EQ(articles.size(), 8U);
  EXPECT_LE(articles[0].at("description").get<std::string>().size(), 512U);
}

TEST(WeComSend, RefusesWhatCannotBeSent) {
  EXPECT_EQ(composed(message_to_staff(" ")), "Rejected empty: nothing that WeCom can be sent");
  auto nobody = message_to_staff("x");
  for (const char* address : {"", "a b", "张三", "a|b", "@all|x"}) {
    nobody.to.address = address;
    EXPECT_EQ(composed(nobody), "Rejected userid: the address is no user id") << address;
  }
  auto card = ticket_card();
  for (const auto& id : {std::string("HY 1"), std::string("工单"), std::string(129, 'a')}) {
    card.card.id = id;
    EXPECT_THAT(composed(card), HasSubstr("Rejected card: ")) << id;
  }
  auto config = test_config();
  config.secret = {};
  const WeCom silent(std::move(config));
  EXPECT_FALSE(silent.compose(message_to_staff("x"), sending_now()));
  EXPECT_FALSE(silent.capabilities().sends);
  EXPECT_EQ(silent.shortcomings().size(), 1U);
}

TEST(WeComSend, AStageIsReadAsItWasWritten) {
  const Stage stage{.kind = Stage::Kind::show, .photo = 2, .media_id = "M", .sent = "R"};
  const auto back = decode_stage(encode(stage));
  EXPECT_EQ(back.kind, stage.kind);
  EXPECT_EQ(back.photo, 2U);
  EXPECT_EQ(back.media_id, "M");
  EXPECT_EQ(back.sent, "R");
  EXPECT_EQ(decode_stage("plain").kind, Stage::Kind::whole);
}

}  // namespace
}  // namespace huiyin::workchat
