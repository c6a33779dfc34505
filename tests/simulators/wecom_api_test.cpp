#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/simulators/fake_wecom.h"

namespace huiyin::simulators {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

class WeComApiTest : public testing::Test {
 protected:
  std::string token() {
    const auto reply = fake_.get("/cgi-bin/gettoken?corpid=ww0123456789abcdef&corpsecret=app-secret");
    return json::parse(reply.body).at("access_token");
  }
  json send(const json& message, const std::string& call = "message/send") {
    return json::parse(fake_.post("/cgi-bin/" + call + "?access_token=" + token(), message.dump()).body);
  }
  int code(const json& message) { return send(message).at("errcode"); }
  static json text(const std::string& content, const std::string& to = "zhangsan") {
    return {{"touser", to}, {"msgtype", "text"}, {"agentid", 1000002}, {"text", {{"content", content}}}};
  }
  static json card(const std::string& task = "HY1024-4@1", const std::string& to = "zhangsan") {
    return {{"touser", to},
            {"msgtype", "template_card"},
            {"agentid", 1000002},
            {"template_card",
             {{"card_type", "button_interaction"},
              {"main_title", {{"title", "新工单 HY1024-4"}}},
              {"task_id", task},
              {"button_list", {{{"text", "接单"}, {"style", 1}, {"key", "accept"}}}}}}};
  }
  static json with(json message, const std::string& pointer, const json& value) {
    message[json::json_pointer(pointer)] = value;
    return message;
  }
  FakeWeCom fake_;
};

TEST_F(WeComApiTest, ATokenIsTheSameForAllUntilItEnds) {
  const auto first = token();
  EXPECT_EQ(token(), first);
  fake_.api().expire_tokens();
  EXPECT_EQ(json::parse(fake_.post("/cgi-bin/message/send?access_token=" + first, "{}").body).at("errcode"), 40014);
  EXPECT_NE(token(), first);
  fake_.clock().advance(2h + 1s);
  EXPECT_THAT(fake_.get("/cgi-bin/gettoken?corpid=ww0&corpsecret=app-secret").body, HasSubstr("40013"));
  EXPECT_THAT(fake_.get("/cgi-bin/gettoken?corpid=ww0123456789abcdef&corpsecret=x").body, HasSubstr("40001"));
  EXPECT_EQ(json::parse(fake_.post("/cgi-bin/message/send", "{}").body).at("errcode"), 41001);
}

TEST_F(WeComApiTest, RefusesWhatTheVendorDoesNotAllow) {
  const struct {
    const char* name;
    json message;
    int code;
  } table[] = {
      {"good text", text("新工单"), 0},
      {"good card", card(), 0},
      {"empty", text(" "), 44004},
      {"too long", text(std::string(2049, 'x')), 45002},
      {"unknown parameter", with(text("x"), "/txt", 1), 40058},
      {"unknown member of it", with(text("x"), "/text/colour", "red"), 40058},
      {"another agent", with(text("x"), "/agentid", 7), 40056},
      {"no such type", with(text("x"), "/msgtype", "hologram"), 40008},
      {"nobody", text("x", ""), 40063},
      {"a stranger", text("x", "wangwu"), 81013},
      {"media", json{{"touser", "lisi"}, {"msgtype", "image"}, {"agentid", 1000002}, {"image", {{"media_id", "M"}}}},
       40007},
      {"news", with(with(text("x"), "/msgtype", "news"), "/news", {{"articles", json::array()}}), 45008},
      {"interval", with(with(text("x"), "/enable_duplicate_check", 1), "/duplicate_check_interval", 99999), 40058},
      {"no task id", with(card(), "/template_card/task_id", ""), 40063},
      {"Chinese task id", with(card(), "/template_card/task_id", "工单"), 40058},
      {"no buttons", with(card("a1"), "/template_card/button_list", json::array()), 40058},
      {"long button", with(card("a2"), "/template_card/button_list/0/text", "一二三四五六七八九十一"), 40058},
      {"button without key", with(card("a3"), "/template_card/button_list/0/key", ""), 40058},
      {"style", with(card("a4"), "/template_card/button_list/0/style", 5), 40058},
      {"no title", with(card("a5"), "/template_card/main_title/title", ""), 40063},
      {"unknown member of a card", with(card("a6"), "/template_card/subtitle", "x"), 40058},
      {"notice that leads nowhere",
       with(with(card("a7"), "/template_card/card_type", "text_notice"), "/template_card/button_list", nullptr), 40063},
      {"not a page", with(card("a8"), "/template_card/card_action", {{"type", 1}, {"url", "javascript:1"}}), 40058},
  };
  for (const auto& row : table) EXPECT_EQ(code(row.message), row.code) << row.name;
  EXPECT_THAT(send(with(text("x"), "/agentid", "1000002")).at("errmsg").get<std::string>(),
              HasSubstr("wrong json format"));
  EXPECT_EQ(json::parse(fake_.post("/cgi-bin/message/send?access_token=" + token(), "{\"touser\":\"\\u4e2d\"}").body)
                .at("errcode"),
            47001);
}

TEST_F(WeComApiTest, SuccessIsPartial) {
  const auto answer = send(text("x", "ZhangSan|wangwu"));
  EXPECT_EQ(answer.at("errcode"), 0);
  EXPECT_EQ(answer.at("invaliduser"), "wangwu");
  EXPECT_EQ(fake_.api().screen("zhangsan").size(), 1U) << "user ids do not tell case apart";
}

TEST_F(WeComApiTest, ARepeatIsDroppedOrRefused) {
  auto checked = text("x");
  checked["enable_duplicate_check"] = 1;
  EXPECT_EQ(code(checked), 0);
  EXPECT_EQ(code(checked), 0);
  EXPECT_EQ(fake_.api().screen("zhangsan").size(), 1U);
  fake_.clock().advance(30min + 1s);
  EXPECT_EQ(code(checked), 0);
  EXPECT_EQ(fake_.api().screen("zhangsan").size(), 2U);
  EXPECT_EQ(code(card()), 0);
  EXPECT_EQ(code(card()), 42014);
  EXPECT_EQ(fake_.api().screen("zhangsan").size(), 3U);
}

TEST_F(WeComApiTest, OverThirtyAMinuteAreDroppedWithoutAWord) {
  for (int i = 0; i < 35; ++i) EXPECT_EQ(code(text("x" + std::to_string(i))), 0);
  EXPECT_EQ(fake_.api().screen("zhangsan").size(), 30U);
  EXPECT_EQ(fake_.api().dropped(), 5);
  fake_.clock().advance(1min);
  EXPECT_EQ(code(text("again")), 0);
  EXPECT_EQ(fake_.api().screen("zhangsan").size(), 31U);
}

TEST_F(WeComApiTest, ACardIsChangedOnceWithin72Hours) {
  const auto change = [](const std::string& by, const std::string& whom = "zhangsan") {
    return json{
        {"userids", {whom}}, {"agentid", 1000002}, {"response_code", by}, {"button", {{"replace_name", "已接单"}}}};
  };
  const auto update = [&](const json& what) {
    return send(what, "message/update_template_card").at("errcode").get<int>();
  };
  const auto by = send(card()).at("response_code").get<std::string>();
  EXPECT_EQ(update(change(by, "lisi")), 81013) << "he never had it";
  EXPECT_EQ(update(change("guess")), 40058);
  EXPECT_EQ(update(change(by)), 0);
  EXPECT_EQ(update(change(by)), 40058) << "a code works once";
  EXPECT_EQ(fake_.api().screen("zhangsan").front().replaced, "已接单");
  EXPECT_TRUE(fake_.api().screen("zhangsan").front().buttons.empty());
  const auto late = send(card("HY1024-4@2")).at("response_code").get<std::string>();
  fake_.clock().advance(72h + 1s);
  EXPECT_EQ(update(change(late)), 40058);
}

TEST_F(WeComApiTest, ARobotTakesTwentyAMinute) {
  const auto say = [&](const json& what, const std::string& key = "0b1c2d3e") {
    return json::parse(fake_.post("/cgi-bin/webhook/send?key=" + key, what.dump()).body).at("errcode").get<int>();
  };
  const json hello{{"msgtype", "text"}, {"text", {{"content", "新工单"}, {"mentioned_list", {"@all"}}}}};
  EXPECT_EQ(say(hello, "guess"), 93000);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(say(hello), 0);
  EXPECT_EQ(say(hello), 45009);
  EXPECT_EQ(fake_.api().screen("group:0b1c2d3e").size(), 20U);
  EXPECT_EQ(fake_.api().screen("group:0b1c2d3e").front().shown, "新工单 @@all");
  fake_.clock().advance(1min);
  auto buttons = card();
  EXPECT_EQ(say({{"msgtype", "template_card"}, {"template_card", buttons.at("template_card")}}), 40058);
}

TEST_F(WeComApiTest, DoesWrongOnRequestAndTellsWhatIsSeen) {
  EXPECT_EQ(fake_.post("/simulator/fault", R"({"call":"message/send","answer":45009,"times":1})").status, 200);
  EXPECT_EQ(code(text("x")), 45009);
  EXPECT_EQ(code(text("x")), 0);
  EXPECT_EQ(fake_.post("/simulator/fault", R"({"answer":"sideways"})").status, 400);
  EXPECT_EQ(code(card()), 0);
  const auto screen = json::parse(fake_.get("/simulator/screen?member=zhangsan").body);
  ASSERT_EQ(screen.size(), 2U);
  EXPECT_EQ(screen[1].at("shown"), "新工单 HY1024-4");
  EXPECT_EQ(screen[1].at("buttons")[0].at("text"), "接单");
  EXPECT_EQ(fake_.post("/simulator/tap?member=zhangsan&button=" + url_encode("接单"), "").status, 200);
  EXPECT_EQ(fake_.post("/simulator/tap?member=lisi&button=" + url_encode("接单"), "").status, 404);
  EXPECT_EQ(fake_.post("/simulator/write?member=lisi", "我的工单").status, 200);
}

}  // namespace
}  // namespace huiyin::simulators
