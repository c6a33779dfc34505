#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "simulators/sample_media.h"
#include "simulators/wechat_rules.h"
#include "tests/simulators/fake_api.h"

namespace huiyin::simulators {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

const std::string kWang = "oWang";

class WeChatApiTest : public testing::Test {
 protected:
  std::string token(bool force = false) {
    const json body{{"grant_type", "client_credential"},
                    {"appid", "wx0123456789abcdef"},
                    {"secret", "app-secret"},
                    {"force_refresh", force}};
    return json::parse(fake_.post("/cgi-bin/stable_token", body.dump()).body).value("access_token", "");
  }
  /// The errcode of a call with a good token.
  long long call(const std::string& path, const std::string& body) {
    return code_of(fake_.post("/cgi-bin/" + path + "?access_token=" + token(), body));
  }
  static long long code_of(const HttpReply& reply) {
    const auto answer = json::parse(reply.body, nullptr, false);
    return answer.is_object() ? answer.value("errcode", 0LL) : -999;
  }
  static std::string text(const std::string& content, const std::string& to = kWang) {
    return json{{"touser", to}, {"msgtype", "text"}, {"text", {{"content", content}}}}.dump();
  }
  long long push() { return call("message/custom/send", text("好")); }

  FakeApi fake_;
};

TEST_F(WeChatApiTest, AStableTokenStaysTheSame) {
  const auto first = token();
  ASSERT_EQ(first.size(), 136U);
  fake_.clock().advance(2h - 6min);
  EXPECT_EQ(token(), first);
  fake_.clock().advance(2min);  // the last five minutes: a new one, and both are good
  const auto second = token();
  EXPECT_NE(second, first);
  EXPECT_EQ(code_of(fake_.get("/cgi-bin/get_current_selfmenu_info?access_token=" + first)), 0);
  EXPECT_EQ(code_of(fake_.get("/cgi-bin/get_current_selfmenu_info?access_token=" + second)), 0);
  fake_.clock().advance(5min);
  EXPECT_EQ(code_of(fake_.get("/cgi-bin/get_current_selfmenu_info?access_token=" + first)), 42001);
}

TEST_F(WeChatApiTest, AForcedTokenKillsTheOldAndIsBounded) {
  const auto first = token();
  const auto forced = token(true);
  EXPECT_NE(forced, first);
  EXPECT_EQ(code_of(fake_.get("/cgi-bin/get_current_selfmenu_info?access_token=" + first)), 40001);
  EXPECT_EQ(token(true), "");  // within 30 s
  for (int i = 0; i < 19; ++i) {
    fake_.clock().advance(31s);
    EXPECT_NE(token(true), "") << i;
  }
  fake_.clock().advance(31s);
  EXPECT_EQ(token(true), "");  // the 21st of the day
}

TEST_F(WeChatApiTest, TokensOfTheOtherFamilyFollowEachOther) {
  const auto ask = [&] {
    return json::parse(
               fake_.get("/cgi-bin/token?grant_type=client_credential&appid=wx0123456789abcdef&secret=app-secret").body)
        .value("access_token", "");
  };
  const auto first = ask(), second = ask();
  EXPECT_NE(first, second);
  fake_.clock().advance(6min);
  EXPECT_EQ(code_of(fake_.get("/cgi-bin/get_current_selfmenu_info?access_token=" + first)), 42001);
  EXPECT_EQ(code_of(fake_.get("/cgi-bin/get_current_selfmenu_info?access_token=" + second)), 0);
}

TEST_F(WeChatApiTest, WrongAccountsAndTokens) {
  const struct {
    json change;
    int code;
  } table[] = {{{{"secret", "x"}}, 40125}, {{{"secret", ""}}, 41004},      {{{"appid", "wx"}}, 40013},
               {{{"appid", ""}}, 41002},   {{{"grant_type", "x"}}, 40002}, {{{"force_refresh", "true"}}, 47001}};
  for (const auto& row : table) {
    json body{{"grant_type", "client_credential"}, {"appid", "wx0123456789abcdef"}, {"secret", "app-secret"}};
    body.update(row.change);
    EXPECT_EQ(code_of(fake_.post("/cgi-bin/stable_token", body.dump())), row.code) << row.change;
  }
  EXPECT_EQ(code_of(fake_.get("/cgi-bin/stable_token")), 43002);
  EXPECT_EQ(code_of(fake_.post("/cgi-bin/message/custom/send", "{}")), 41001);
  EXPECT_EQ(code_of(fake_.post("/cgi-bin/message/custom/send?access_token=x", "{}")), 40014);
  EXPECT_EQ(code_of(fake_.get("/cgi-bin/nothing")), 40066);
}

TEST_F(WeChatApiTest, FiveMessagesInFortyEightHours) {
  EXPECT_EQ(push(), 40003);  // never seen
  fake_.api().owner_wrote(kWang);
  EXPECT_EQ(fake_.api().remaining(kWang), 5);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(push(), 0);
  EXPECT_EQ(push(), 45047);
  fake_.api().owner_wrote(kWang);
  EXPECT_EQ(push(), 0);
  fake_.clock().advance(48h);
  EXPECT_EQ(push(), 45015);
  EXPECT_EQ(fake_.api().pushes(kWang).size(), 6U);
}

TEST_F(WeChatApiTest, ATapOpensAMinuteAndIsSpentFirst) {
  fake_.api().owner_wrote(kWang);
  fake_.api().owner_acted(kWang);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(push(), 0);
  EXPECT_EQ(fake_.api().remaining(kWang), 5);
  fake_.clock().advance(1min);
  EXPECT_EQ(push(), 0);
  fake_.api().owner_unfollowed(kWang);
  EXPECT_EQ(push(), 45015);
}

TEST_F(WeChatApiTest, WhatAMessageMayBe) {
  fake_.api().owner_wrote(kWang);
  const auto media = fake_.api().keep_media("x", "image/jpeg", "jpg");
  const auto menu = [](const char* id, const char* content) {
    return json{{"touser", kWang},
                {"msgtype", "msgmenu"},
                {"msgmenu", {{"head_content", "请打分"}, {"list", {{{"id", id}, {"content", content}}}}}}}
        .dump();
  };
  const auto article = [](int count) {
    const json one{{"title", "停水"}, {"description", ""}, {"url", ""}, {"picurl", ""}};
    return json{{"touser", kWang},
                {"msgtype", "news"},
                {"news", {{"articles", std::vector<json>(static_cast<std::size_t>(count), one)}}}}
        .dump();
  };
  const struct {
    std::string body;
    int code;
  } table[] = {
      {text(std::string(2048, 'x')), 0},
      {text(std::string(2049, 'x')), 45002},
      {text(" \n"), 44004},
      {text("<a href=\"https://t.test\">看"), 40035},
      {"{\"touser\":\"oWang\",\"msgtype\":\"text\",\"text\":{\"content\":\"\\u4e2d\"}}", 40033},
      {"{\"touser\":", 47001},
      {"[]", 47001},
      {"\xff", 40033},
      {json{{"touser", kWang}, {"msgtype", "fax"}, {"fax", {}}}.dump(), 40035},
      {json{{"touser", kWang}, {"msgtype", "text"}}.dump(), 40008},
      {json{{"touser", kWang}, {"msgtype", "text"}, {"text", {{"content", "x"}}}, {"tuser", 1}}.dump(), 40035},
      {text("x", ""), 40003},
      {menu("5", "满意"), 0},
      {menu("good", "满意"), 40035},
      {menu("5", ""), 40035},
      {article(1), 0},
      {article(2), 45008},
      {json{{"touser", kWang}, {"msgtype", "image"}, {"image", {{"media_id", media}}}}.dump(), 0},
      {json{{"touser", kWang}, {"msgtype", "image"}, {"image", {{"media_id", "none"}}}}.dump(), 40007},
  };
  for (const auto& row : table) EXPECT_EQ(call("message/custom/send", row.body), row.code) << row.body.substr(0, 100);
  const auto pushes = fake_.api().pushes(kWang);
  ASSERT_EQ(pushes.size(), 4U);
  EXPECT_EQ(pushes[1].shown, "请打分\n[满意]");
}

TEST_F(WeChatApiTest, TemplatesHoldToTheirFields) {
  fake_.api().owner_wrote(kWang);
  const auto body = [](const json& data, const std::string& client = {}) {
    json out{{"touser", kWang}, {"template_id", "TPL1"}, {"data", data}};
    if (!client.empty()) out["client_msg_id"] = client;
    return out.dump();
  };
  const json good{{"thing1", {{"value", "电梯"}}}, {"phrase2", {{"value", "已派单"}}}};
  auto longer = good, missing = good, more = good;
  longer["thing1"]["value"] = "一二三四五六七八九十一二三四五六七八九十一";
  missing.erase("phrase2");
  more["thing3"] = {{"value", "x"}};
  EXPECT_EQ(call("message/template/send", body(good)), 0);
  for (const auto& data : {longer, missing, more, json("x")})
    EXPECT_EQ(call("message/template/send", body(data)), 47003);
  EXPECT_EQ(call("message/template/send", json{{"touser", kWang}, {"template_id", "SUB1"}, {"data", good}}.dump()),
            40037);
  EXPECT_EQ(call("message/template/send", body(good, "o42")), 0);
  EXPECT_EQ(call("message/template/send", body(good, "o42")), 0);
  EXPECT_EQ(fake_.api().pushes(kWang).size(), 2U) << "one client_msg_id is shown once";
  fake_.clock().advance(10min);
  EXPECT_EQ(call("message/template/send", body(good, "o42")), 0);
  EXPECT_EQ(fake_.api().pushes(kWang).size(), 3U) << "but no longer after ten minutes";
  EXPECT_EQ(fake_.api().take_job_events().size(), 3U);
  fake_.api().owner_unfollowed(kWang);
  EXPECT_EQ(call("message/template/send", body(good)), 43004);
}

TEST_F(WeChatApiTest, ASubscriptionNeedsAnAcceptEachTime) {
  fake_.api().owner_wrote(kWang);
  const auto body = json{{"touser", kWang},
                         {"template_id", "SUB1"},
                         {"page", "https://t.test/1"},
                         {"data", {{"character_string1", {{"value", "HY1024-4"}}}, {"thing2", {{"value", "x"}}}}}}
                        .dump();
  EXPECT_EQ(call("message/subscribe/bizsend", body), 43101);
  fake_.api().owner_answered(kWang, "SUB1", true);
  EXPECT_EQ(call("message/subscribe/bizsend", body), 0);
  EXPECT_EQ(call("message/subscribe/bizsend", body), 43101);
  fake_.api().owner_answered(kWang, "SUB1", true);
  fake_.api().owner_answered(kWang, "SUB1", false);
  EXPECT_EQ(call("message/subscribe/bizsend", body), 43101);
}

TEST_F(WeChatApiTest, MediaIsHandedOutForThreeDays) {
  const auto photo = fake_.api().keep_media("\xff\xd8 bytes", "image/jpeg", "jpg");
  const auto video = fake_.api().keep_media("mp4", "video/mp4", "mp4");
  const auto path = "/cgi-bin/media/get?access_token=" + token() + "&media_id=";
  const auto reply = fake_.get(path + photo);
  EXPECT_EQ(reply.body, "\xff\xd8 bytes");
  const auto where = json::parse(fake_.get(path + video).body).at("video_url").get<std::string>();
  EXPECT_EQ(fake_.http().call({.url = where, .method = "GET"}).body, "mp4");
  EXPECT_EQ(fake_.api().media_fetched(), 2);
  EXPECT_EQ(code_of(fake_.get(path + "none")), 40007);
  fake_.api().expire_media();
  EXPECT_EQ(code_of(fake_.get(path + photo)), 40007);
}

TEST_F(WeChatApiTest, Menus) {
  const auto button = [](const std::string& name) { return json{{"type", "click"}, {"name", name}, {"key", "K"}}; };
  const auto menu = [](const std::vector<json>& buttons) { return json{{"button", buttons}}.dump(); };
  EXPECT_EQ(call("menu/create", menu({})), 40016);
  EXPECT_EQ(call("menu/create", menu(std::vector<json>(4, button("报修")))), 40016);
  EXPECT_EQ(call("menu/create", menu({button("一二三四五六")})), 40018);
  EXPECT_EQ(call("menu/create", menu({json{{"type", "clik"}, {"name", "x"}, {"key", "K"}}})), 40017);
  EXPECT_EQ(call("menu/create", menu({json{{"type", "click"}, {"name", "x"}}})), 40019);
  EXPECT_EQ(call("menu/create", menu({json{{"type", "view"}, {"name", "x"}}})), 40020);
  EXPECT_EQ(call("menu/create", menu({json{{"name", "x"}, {"sub_button", std::vector<json>(6, button("y"))}}})), 40023);
  EXPECT_EQ(call("menu/create", menu({button("报修"), json{{"name", "x"}, {"sub_button", {button("y")}}}})), 0);
  EXPECT_THAT(fake_.get("/cgi-bin/get_current_selfmenu_info?access_token=" + token()).body, HasSubstr("\"list\":[{"));
  EXPECT_EQ(code_of(fake_.get("/cgi-bin/menu/delete?access_token=" + token())), 0);
  EXPECT_EQ(fake_.api().menu(), "");
}

TEST_F(WeChatApiTest, QrCodes) {
  const auto body = [](const std::string& scene, const std::string& action = "QR_LIMIT_STR_SCENE") {
    return json{{"action_name", action}, {"action_info", {{"scene", {{"scene_str", scene}}}}}}.dump();
  };
  EXPECT_EQ(call("qrcode/create", body("")), 40035);
  EXPECT_EQ(call("qrcode/create", body(std::string(65, 'x'))), 40035);
  EXPECT_EQ(call("qrcode/create", body("x", "QR_SCENE")), 40035);
  const auto made = json::parse(fake_.post("/cgi-bin/qrcode/create?access_token=" + token(), body("L3")).body);
  EXPECT_EQ(fake_.api().scene_of(made.at("url")), "L3");
  EXPECT_EQ(fake_.api().scene_of("http://weixin.qq.com/q/none"), "");
}

TEST_F(WeChatApiTest, Typing) {
  const auto type = [&](const char* command) {
    return call("message/custom/typing", json{{"touser", kWang}, {"command", command}}.dump());
  };
  EXPECT_EQ(type("Typing"), 45080);
  fake_.api().owner_wrote(kWang);
  EXPECT_EQ(type("typing"), 45072);
  EXPECT_EQ(type("Typing"), 0);
  EXPECT_EQ(type("Typing"), 45081);
  EXPECT_EQ(type("CancelTyping"), 0);
}

TEST_F(WeChatApiTest, GoesWrongAsItIsTold) {
  fake_.api().owner_wrote(kWang);
  const auto tell = [&](const std::string& fault) {
    EXPECT_EQ(fake_.post("/simulator/fault", fault).status, 200) << fault;
  };
  tell("{call: custom/send, answer: 45015, times: 2}");
  EXPECT_EQ(push(), 45015);
  EXPECT_EQ(push(), 45015);
  EXPECT_EQ(push(), 0);
  tell("{\"call\": \"custom/send\", \"answer\": \"half\"}");
  EXPECT_EQ(push(), -999);
  EXPECT_EQ(fake_.api().pushes(kWang).size(), 2U) << "half an answer, but the work is done";
  tell("{call: custom/send, status: 502}");
  EXPECT_EQ(fake_.post("/cgi-bin/message/custom/send", "").status, 502);
  tell("{call: custom/send, answer: empty}");
  EXPECT_EQ(fake_.post("/cgi-bin/message/custom/send", "").body, "");
  EXPECT_EQ(fake_.post("/simulator/fault", "{call: x}").status, 400);
  EXPECT_EQ(fake_.post("/simulator/nothing", "").status, 404);
  const auto old = token();
  EXPECT_EQ(fake_.post("/simulator/expire?what=tokens", "").status, 200);
  EXPECT_EQ(code_of(fake_.get("/cgi-bin/get_current_selfmenu_info?access_token=" + old)), 40001);
  EXPECT_EQ(fake_.post("/simulator/owner?openid=oLi&does=writes", "").status, 200);
  EXPECT_EQ(fake_.api().remaining("oLi"), 5);
  EXPECT_THAT(fake_.get("/simulator/pushes?openid=oWang").body, HasSubstr("\"shown\":\"好\""));
}

TEST(WeChatRules, RefuseWhatThePlatformWould) {
  const struct {
    const char *key, *value, *expect;
  } table[] = {
      {"thing1", "电梯", ""},
      {"thing1", "", "empty"},
      {"thing1", "a\nb", "holds control characters"},
      {"time1", "24:00", "breaks its rule"},
      {"time1", "2026年11月23日 9:05~10:00", ""},
      {"date1", "2026年11月23", "breaks its rule"},
      {"date1", "2026/11/23 08:00:59", ""},
      {"amount1", "￥1.5元", ""},
      {"amount1", "1,000", "breaks its rule"},
      {"number1", ".5", "breaks its rule"},
      {"car_number1", "粤A8Z888挂", ""},
      {"car_number1", "粤A8Z8888挂", "breaks its rule"},
      {"phrase1", "abc", "breaks its rule"},
      {"name1", "王建国abcdefgh", "breaks its rule"},
      {"thing", "x", "of no known kind"},
      {"x1", "x", "of no known kind"},
  };
  for (const auto& row : table) EXPECT_EQ(fault_of_field(row.key, row.value), row.expect) << row.key << row.value;
}

TEST(SampleMedia, IsWhatItSays) {
  EXPECT_TRUE(sample_photo().bytes.starts_with("\xff\xd8\xff\xe1"));
  EXPECT_TRUE(sample_photo().bytes.ends_with("\xff\xd9"));
  EXPECT_THAT(sample_photo().bytes, HasSubstr("Exif"));
  EXPECT_TRUE(sample_voice().bytes.starts_with("#!AMR\n"));
  EXPECT_THAT(sample_video().bytes, HasSubstr("ftypisom"));
}

}  // namespace
}  // namespace huiyin::simulators
