#include "adapters/workchat/dingtalk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/workchat/dingtalk_errors.h"
#include "tests/adapters/workchat/app_requests.h"
#include "tests/adapters/workchat/vectors.h"
#include "tests/describe.h"

namespace huiyin::workchat {
namespace {

using nlohmann::json;
using testing::EndsWith;
using testing::HasSubstr;

DingTalk app() { return DingTalk(dingtalk_config()); }
json payload(const std::string& name) { return json::parse(chat_payload("dingtalk/" + name)); }
json with(json body, const std::string& name, const json& value) {
  body[name] = value;
  return body;
}
std::string parsed(const json& body) { return describe(app().parse(dingtalk_callback(body.dump()))); }

TEST(DingTalkParse, TheVendorsSignaturesAreTold) {
  const auto vectors = vectors_of("dingtalk.callback.");
  ASSERT_EQ(vectors.size(), 8U);
  for (const auto& vector : vectors) {
    const auto& in = vector.at("inputs");
    auto config = dingtalk_config();
    config.secret.current = Secret(in.at("app_secret").get<std::string>());
    HttpRequest request{.method = "POST", .body = payload("text-single.json").dump()};
    for (const auto& [name, value] : in.at("headers").items())
      request.headers.emplace_back(name, value.get<std::string>());
    request.received_at = Time(Millis(in.at("now_ms").get<std::int64_t>()));
    const auto inbound = DingTalk(std::move(config)).parse(request);
    EXPECT_EQ(inbound.has_value(), vector.at("expected").at("valid").get<bool>()) << vector.at("name");
    if (!inbound) {
      EXPECT_EQ(status_of(inbound.error().reason), 403) << vector.at("name");
    }
  }
}

TEST(DingTalkParse, PayloadInEventsOut) {
  const struct {
    const char *file, *expect;
  } table[] = {
      {"text-single.json", "text 我的工单"},
      {"text-group-at.json", "text 接单 0007"},
      {"picture.json", "image mIofN681YE3f0001"},
      {"audio.json", "voice mIofN681YE3f0002 recognition=三号楼漏水"},
      {"file.json", "file mIofN681YE3f0004 format=验收单.pdf"},
  };
  for (const auto& row : table) {
    const auto inbound = app().parse(dingtalk_callback(chat_payload(std::string("dingtalk/") + row.file)));
    ASSERT_TRUE(inbound) << row.file << describe(inbound);
    ASSERT_EQ(inbound->events.size(), 1U);
    EXPECT_EQ(describe(inbound->events[0].body), row.expect) << row.file;
    EXPECT_EQ(inbound->events[0].peer, (Peer{"workchat:dingtalk", "manager4220"}));
  }
  const auto rich = app().parse(dingtalk_callback(chat_payload("dingtalk/richText.json")));
  ASSERT_EQ(rich->events.size(), 2U);
  EXPECT_EQ(describe(rich->events[0].body), "text 完成 0007");
  EXPECT_EQ(describe(rich->events[1].body), "image mIofN681YE3f0003");
}

TEST(DingTalkParse, WhatIsAnothersIsRefused) {
  const auto text = payload("text-single.json");
  EXPECT_EQ(parsed(with(text, "chatbotCorpId", "dingother")), "Reject malformed: chatbotCorpId: not this company");
  EXPECT_EQ(parsed(with(text, "robotCode", "dingother")), "Reject malformed: robotCode: not this app");
  EXPECT_EQ(parsed(with(text, "msgId", "")), "Reject malformed: msgId: absent");
  EXPECT_EQ(parsed(with(text, "text", json::object())), "Reject malformed: text.content: absent");
  EXPECT_EQ(describe(app().parse(dingtalk_callback("{"))), "Reject malformed: body: no JSON object");
  for (const auto& outsider : {payload("text-external-no-staffid.json"), with(text, "senderCorpId", "dingother")}) {
    const auto body = with(outsider, "chatbotCorpId", "ding0123456789abcdef");
    const auto inbound = app().parse(dingtalk_callback(body.dump()));
    ASSERT_TRUE(inbound) << describe(inbound);
    EXPECT_TRUE(std::holds_alternative<Notice>(inbound->events.at(0).body));
    EXPECT_EQ(inbound->events[0].peer.address, "") << "nobody of ours";
  }
  EXPECT_THAT(parsed(with(text, "msgtype", "unknownMsgType")), HasSubstr("unsupported unknownMsgType"));
}

TEST(DingTalkParse, TheSecretIsRotated) {
  auto config = dingtalk_config();
  config.secret = {Secret("new"), Secret(kAppSecret)};
  const DingTalk rotated(std::move(config));
  EXPECT_TRUE(rotated.parse(dingtalk_callback(chat_payload("dingtalk/text-single.json"))));
  EXPECT_TRUE(rotated.parse(dingtalk_callback(chat_payload("dingtalk/text-single.json"), "new")));
  EXPECT_FALSE(rotated.parse(dingtalk_callback(chat_payload("dingtalk/text-single.json"), "older")));
}

TEST(DingTalkSend, EachMessageInItsForm) {
  const auto call = app().compose(to_dingtalk(ticket_card()), sending_now());
  ASSERT_TRUE(call);
  EXPECT_EQ(call->url, "http://api.test/v1.0/robot/oToMessages/batchSend");
  EXPECT_EQ(call->headers.front(), (std::pair<std::string, std::string>("x-acs-dingtalk-access-token", "TOKEN")));
  const auto body = json::parse(call->body);
  EXPECT_EQ(body.at("robotCode"), "dinghuiyin000001");
  EXPECT_EQ(body.at("userIds"), json({"manager4220"}));
  EXPECT_EQ(body.at("msgKey"), "sampleActionCard");
  const auto card = json::parse(body.at("msgParam").get<std::string>());
  EXPECT_EQ(card.at("singleURL"), "https://hy.test/t/abc");
  EXPECT_THAT(card.at("text").get<std::string>(), EndsWith("回复：接单 HY1024-4 · 转派 HY1024-4"));
  auto other = to_dingtalk(ticket_card());
  other.card.url.clear();
  EXPECT_EQ(json::parse(app().compose(other, sending_now())->body).at("msgKey"), "sampleMarkdown");
  other.card.replaces = "a query key";
  EXPECT_EQ(json::parse(app().compose(other, sending_now())->body).at("msgKey"), "sampleText")
      << "a card cannot be changed: the news is in the words";
  EXPECT_FALSE(app().compose(to_dingtalk(message_to_staff("")), sending_now()));
  EXPECT_FALSE(app().compose(to_member(message_to_staff("x"), "workchat:dingtalk", "a b"), sending_now()));
}

TEST(DingTalkSend, JudgesTheReply) {
  const struct {
    HttpReply reply;
    const char* expect;
  } table[] = {
      {{.body = R"({"processQueryKey":"k1","invalidStaffIdList":[],"flowControlledStaffIdList":[]})"}, "Accepted k1"},
      {{.body = R"({"processQueryKey":"k1","invalidStaffIdList":["manager4220"]})"},
       "PeerGone: invalidStaffIdList: no such member"},
      {{.body = R"({"processQueryKey":"k1","flowControlledStaffIdList":["manager4220"]})"},
       "RetryAfter 60s: flowControlledStaffIdList: too many messages to this member"},
      {{.body = "{}"}, "Unknown: an answer without processQueryKey"},
      {{.status = 401, .body = R"({"code":"InvalidAuthentication","message":"x"})"}, "CredentialExpired"},
      {{.status = 403, .body = R"({"code":"Forbidden.AccessDenied.AccessTokenPermissionDenied","message":"qyapi"})"},
       "RetryAfter 600s: Forbidden.AccessDenied.AccessTokenPermissionDenied the app may not make this call, or not "
       "from "
       "this address: qyapi ALARM"},
      {{.status = 400, .body = R"({"code":"InvalidParameter.msgParam","message":"x"})"},
       "Rejected InvalidParameter.msgParam: InvalidParameter.msgParam a parameter: x"},
      {{.status = 429, .body = R"({"code":"New.Limit","message":"x"})"}, "RetryAfter 60s: New.Limit"},
      {{.status = 400, .body = R"({"code":"Brand.New","message":"x"})"},
       "RetryAfter 600s: Brand.New nobody knows this code: x ALARM"},
      {{.status = 502, .body = "<html>"}, "Unknown: HTTP 502, and 6 bytes that are no answer of the API"},
      {{.failure = "timeout", .request_left = true}, "Unknown: timeout"},
  };
  for (const auto& row : table)
    EXPECT_EQ(describe(app().judge(row.reply, to_dingtalk(ticket_card()), sending_now())), row.expect)
        << row.reply.body;
  EXPECT_FALSE(app().capabilities().idempotent) << "a repeat is shown twice";
  EXPECT_FALSE(app().capabilities().passive_reply);
}

TEST(DingTalkSend, TokensAndMedia) {
  EXPECT_EQ(json::parse(app().compose_credential(false)->body).at("appKey"), "dinghuiyin000001");
  EXPECT_TRUE(app().judge_credential({.body = R"({"accessToken":"a1","expireIn":7200})"}, kSent));
  EXPECT_THAT(
      describe(app().judge_credential({.status = 400, .body = R"({"code":"invalidClientIdOrSecret"})"}, kSent).error()),
      HasSubstr("ALARM"));
  const MediaJob job{.media_id = "code"};
  EXPECT_EQ(json::parse(app().compose_fetch(job, sending_now())->body).at("downloadCode"), "code");
  const auto where =
      app().judge_fetch({.body = R"({"downloadUrl":"https://down.dingtalk.com/x"})"}, job, sending_now());
  ASSERT_TRUE(std::holds_alternative<FetchElsewhere>(where));
  auto second = sending_now();
  second.step = 1;
  EXPECT_TRUE(std::holds_alternative<Fetched>(
      app().judge_fetch({.body = "\xff\xd8", .headers = {{"content-type", "image/jpeg"}}}, job, second)));
}

TEST(DingTalkErrors, StandInThePage) {
  const auto page = read_file("docs/channels/dingtalk.md");
  for (const auto& row : dingtalk_errors()) {
    auto code = std::string(row.code);
    if (code.ends_with('*')) code.pop_back();
    if (code.ends_with('.')) code.pop_back();
    EXPECT_NE(page.find(code), std::string::npos) << row.code;
  }
}

}  // namespace
}  // namespace huiyin::workchat
