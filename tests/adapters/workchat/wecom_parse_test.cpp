#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/adapters/workchat/wecom_requests.h"
#include "tests/describe.h"

namespace huiyin::workchat {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// The event without the hash of the body that stands at the end of an event's key.
std::string described(const HttpRequest& request) {
  static const WeCom kApp(test_config());
  auto text = describe(kApp.parse(request));
  const auto event = text.find(":e:");
  if (event == std::string::npos) return text;
  const auto end = text.find(' ', event);
  const auto hash = text.rfind(':', end);
  EXPECT_EQ(end - hash - 1, 32U) << text;
  return text.replace(hash, end - hash, "#");
}

const struct Payload {
  const char *file, *expect;
} kPayloads[] = {
    {"event-click.xml", "workchat:wecom:e:zhangsan:1763890315:click# zhangsan @1763890315 click MY_TICKETS"},
    {"event-close-inactive-agent.xml",
     "workchat:wecom:e:sys:1763890340:close_inactive_agent# - @1763890340 notice close_inactive_agent ALARM"},
    {"event-enter-agent.xml",
     "workchat:wecom:e:zhangsan:1763890305:enter_agent# zhangsan @1763890305 notice enter_agent"},
    {"event-scancode-waitmsg.xml",
     "workchat:wecom:e:zhangsan:1763890345:scancode_waitmsg# zhangsan @1763890345 notice scancode_waitmsg detail=L3-2"},
    {"event-subscribe.xml", "workchat:wecom:e:zhangsan:1763890310:subscribe# zhangsan @1763890310 notice subscribe"},
    {"event-template-card-button.xml",
     "workchat:wecom:e:zhangsan:1763890320:template_card_event# zhangsan @1763890320 tap 20251123-0007@1 accept "
     "response=6xZ0RESPONSE_CODE_0001"},
    {"event-template-card-menu.xml",
     "workchat:wecom:e:zhangsan:1763890330:template_card_menu_event# zhangsan @1763890330 tap 20251123-0007@1 mute "
     "response=6xZ0RESPONSE_CODE_0003"},
    {"event-template-card-selection.xml",
     "workchat:wecom:e:zhangsan:1763890325:template_card_event# zhangsan @1763890325 tap 20251123-0007@2 submit "
     "response=6xZ0RESPONSE_CODE_0002 dept=plumbing prio=high prio=today"},
    {"event-unknown.xml",
     "workchat:wecom:e:zhangsan:1763890350:hy_future_event# zhangsan @1763890350 notice hy_future_event"},
    {"image.xml",
     "workchat:wecom:m:7350000000000000003:zhangsan:1763890295 zhangsan @1763890295 image 2b0EGvGzbX3pqFhP0AbCdEf0123 "
     "url=https://wework.qpic.cn/wwpic/0001/0"},
    {"link.xml",
     "workchat:wecom:m:7350000000000000007:zhangsan:1763890307 zhangsan @1763890307 link 停水通知 [周三] "
     "https://example.com/n?a=1&b=2"},
    {"location.xml",
     "workchat:wecom:m:7350000000000000004:zhangsan:1763890300 zhangsan @1763890300 location 23.134521,113.358803 "
     "广州市天河区"},
    {"mixed-unknown.xml",
     "workchat:wecom:m:7350000000000000008:zhangsan:1763890309 zhangsan @1763890309 unsupported mixed"},
    {"text-command-fullwidth.xml",
     "workchat:wecom:m:7350000000000000002:zhangsan:1763890290 zhangsan @1763890290 text 完成　０００７　已更换水管"},
    {"text-command.xml",
     "workchat:wecom:m:7350000000000000001:zhangsan:1763890285 zhangsan @1763890285 text 接单 0007"},
    {"video.xml", "workchat:wecom:m:7350000000000000006:zhangsan:1763890303 zhangsan @1763890303 video V-media_01"},
    {"voice.xml",
     "workchat:wecom:m:7350000000000000005:zhangsan:1763890302 zhangsan @1763890302 voice A-media_01 format=amr"},
};

TEST(WeComParse, EachPayload) {
  for (const auto& row : kPayloads) EXPECT_EQ(described(callback(payload(row.file))), row.expect) << row.file;
}

TEST(WeComParse, EveryPayloadFileHasARow) {
  std::set<std::string> files, rows;
  for (const auto& entry : std::filesystem::directory_iterator("tests/data/workchat/wecom"))
    if (entry.path().extension() == ".xml") files.insert(entry.path().filename());
  for (const auto& row : kPayloads) rows.insert(row.file);
  EXPECT_EQ(files, rows);
}

TEST(WeComParse, TwoEventsOfOneSecondAreTwo) {
  const WeCom app(test_config());
  auto xml = payload("event-template-card-button.xml");
  const auto first = app.parse(callback(xml));
  xml.replace(xml.find("CODE_0001"), 9, "CODE_0009");
  const auto second = app.parse(callback(xml));
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->events.front().key, second->events.front().key);
  const auto again = app.parse(callback(xml));  // the same one, encrypted anew
  EXPECT_EQ(again->events.front().key, second->events.front().key);
}

TEST(WeComParse, WhoMayBeAnswered) {
  const WeCom app(test_config());
  const struct {
    const char* file;
    bool takes_reply;
  } table[] = {{"text-command.xml", true},
               {"image.xml", true},
               {"mixed-unknown.xml", true},
               {"event-click.xml", true},
               {"event-template-card-button.xml", true},
               {"event-template-card-menu.xml", true},
               {"event-enter-agent.xml", false},
               {"event-subscribe.xml", false},
               {"event-unknown.xml", false}};
  for (const auto& row : table)
    EXPECT_EQ(app.parse(callback(payload(row.file)))->context.takes_reply, row.takes_reply) << row.file;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(WeComParse, RefusesForAReason) {
  const auto text = payload("text-command.xml"), tap = payload("event-template-card-button.xml");
  auto stale = callback(text);
  stale.received_at += std::chrono::minutes(11);
  auto unsigned_request = callback(text);
  unsigned_request.query = "a=b";
  auto put = callback(text);
  put.method = "PUT";
  auto plain = callback(text);
  plain.body = text;
  auto large = callback(text);
  large.body.resize((256U << 10) + 1);
  const struct {
    const char* name;
    HttpRequest request;
    const char* expect;
  } table[] = {
      {"stale", stale, "Reject stale: timestamp: off by more than 600 s"},
      {"a scanner", unsigned_request, "Reject malformed: msg_signature: absent"},
      {"method", put, "Reject unsupported: method: not GET or POST"},
      {"there is no plain mode", plain, "Reject malformed: Encrypt: absent"},
      {"large", large, "Reject too_large: body: over 256 KB"},
      {"another token", callback(text, kEncodingAesKey, "guess"), "Reject bad_signature: msg_signature"},
      {"another key", callback(text, kPreviousAesKey), "Reject bad_signature: decryption: padding"},
      {"another company's", callback(text, kEncodingAesKey, kToken, "ww9999999999999999"),
       "Reject bad_signature: decryption: receiveid"},
      {"not xml", callback("hello"), "Reject malformed: decrypted xml: "},
      {"another app's", callback(replaced(text, "1000002", "1000003")), "Reject malformed: AgentID: not this app"},
      {"another company's inside", callback(replaced(text, "ww0123456789abcdef", "ww0")),
       "Reject malformed: ToUserName: not this company"},
      {"nobody's", callback(replaced(text, "FromUserName><![CDATA[ZhangSan]]></FromUserName", "X></X")),
       "Reject malformed: FromUserName: absent"},
      {"endless name", callback(replaced(text, "ZhangSan", std::string(65, 'a'))),
       "Reject malformed: FromUserName: too long"},
      {"no id", callback(replaced(text, "<MsgId>7350000000000000001</MsgId>", "")), "Reject malformed: MsgId: absent"},
      {"no card", callback(replaced(tap, "<TaskId><![CDATA[20251123-0007@1]]></TaskId>", "")),
       "Reject malformed: TaskId: absent"},
      {"no button", callback(replaced(tap, "<EventKey><![CDATA[accept]]></EventKey>", "")),
       "Reject malformed: EventKey: absent"},
      {"time", callback(replaced(text, "1763890285", "soon")), "Reject malformed: CreateTime: not a Unix time"},
  };
  const WeCom app(test_config());
  for (const auto& row : table) EXPECT_THAT(describe(app.parse(row.request)), StartsWith(row.expect)) << row.name;
}

TEST(WeComParse, TokenAndKeyCanBeRotated) {
  auto config = test_config();
  config.token.previous = Secret(std::string(kPreviousToken));
  config.keys.push_back(wechat::parse_encoding_aes_key(kPreviousAesKey).value());
  const WeCom app(std::move(config));
  const auto old = app.parse(callback(payload("text-command.xml"), kPreviousAesKey, kPreviousToken));
  ASSERT_TRUE(old) << describe(old);
  EXPECT_EQ(old->context.key, 1);
  EXPECT_EQ(old->context.token, 1);
  EXPECT_EQ(app.parse(callback(payload("text-command.xml")))->context.key, 0);
}

TEST(WeComParse, TheVendorsUrlCheckIsAnsweredWithThePlaintext) {
  const auto all = nlohmann::json::parse(read_file("tests/data/workchat/vectors.json"));
  const auto& vectors = all.at("vectors");
  int checked = 0;
  for (const auto& vector : vectors) {
    if (!vector.at("name").get<std::string>().starts_with("wecom.verify_url.")) continue;
    const auto& in = vector.at("inputs");
    WeCom::Config config{.channel = "workchat:wecom", .corp_id = in.at("corpid").get<std::string>(), .agent_id = 1};
    config.token.current = Secret(in.at("token").get<std::string>());
    config.keys = {wechat::parse_encoding_aes_key(in.at("encoding_aes_key").get<std::string>()).value()};
    const WeCom app(std::move(config));
    const HttpRequest request{.method = "GET",
                              .path = "/hook/workchat/wecom",
                              .query = in.at("query_raw").get<std::string>(),
                              .received_at = Time(std::chrono::seconds(1409659589))};
    const auto parsed = app.parse(request);
    ASSERT_TRUE(parsed) << describe(parsed);
    ASSERT_TRUE(parsed->answer);
    EXPECT_EQ(parsed->answer->body, vector.at("expected").at("body").get<std::string>());
    ++checked;
  }
  EXPECT_EQ(checked, 1);
}

TEST(WeComParse, TheVendorsMessagesDecrypt) {
  const auto all = nlohmann::json::parse(read_file("tests/data/workchat/vectors.json"));
  int checked = 0;
  for (const auto& vector : all.at("vectors")) {
    if (!vector.at("name").get<std::string>().starts_with("wecom.decrypt.")) continue;
    const auto& in = vector.at("inputs");
    if (!in.contains("Encrypt")) continue;  // the AI bot's JSON is none of ours
    const auto key = wechat::parse_encoding_aes_key(in.at("encoding_aes_key").get<std::string>()).value();
    const auto message =
        wechat::decrypt(key, in.at("Encrypt").get<std::string>(), in.at("receiveid").get<std::string>());
    ASSERT_TRUE(message) << vector.at("name");
    EXPECT_EQ(*message, vector.at("expected").at("msg").get<std::string>());
    ++checked;
  }
  EXPECT_EQ(checked, 2);
}

}  // namespace
}  // namespace huiyin::workchat
