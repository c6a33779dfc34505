#include "adapters/workchat/feishu.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/workchat/feishu_keys.h"
#include "tests/adapters/workchat/app_requests.h"
#include "tests/adapters/workchat/vectors.h"
#include "tests/describe.h"

namespace huiyin::workchat {
namespace {

using nlohmann::json;
using testing::HasSubstr;

Feishu app(const std::function<void(Feishu::Config&)>& change = [](auto&) {}) {
  auto config = feishu_config();
  change(config);
  return Feishu(std::move(config));
}

json payload(const std::string& name) { return json::parse(chat_payload("feishu/" + name)); }
/// Our own button, in place of the sample's.
json tap() {
  auto out = payload("card-action-trigger-v2.json");
  out["event"]["action"]["value"] = {{"card", "t1-2"}, {"key", "accept"}};
  return out;
}
json with(json body, const std::string& pointer, const json& value) {
  body[json::json_pointer(pointer)] = value;
  return body;
}
std::string parsed(const json& body) { return describe(app().parse(feishu_callback(body.dump()))); }

TEST(FeishuKeys, TheVendorsVectorsDecrypt) {
  const auto vectors = vectors_of("feishu.decrypt.");
  ASSERT_EQ(vectors.size(), 8U);
  for (const auto& vector : vectors) {
    const auto& in = vector.at("inputs");
    const auto plain = decrypt_feishu(in.at("encrypt_key").get<std::string>(), in.at("encrypt").get<std::string>());
    ASSERT_TRUE(plain) << vector.at("name");
    EXPECT_EQ(*plain, vector.at("expected").at("plain").get<std::string>()) << vector.at("name");
  }
  EXPECT_FALSE(decrypt_feishu("test key", "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk"));
  EXPECT_FALSE(decrypt_feishu("test key", ""));
}

TEST(FeishuKeys, TheVendorsSignaturesAreTold) {
  const auto vectors = vectors_of("feishu.signature.");
  ASSERT_EQ(vectors.size(), 4U);
  for (const auto& vector : vectors) {
    const auto& in = vector.at("inputs");
    FeishuKeys keys;
    if (in.contains("encrypt_key")) keys.encrypt_key.current = Secret(in.at("encrypt_key").get<std::string>());
    if (in.contains("verification_token")) keys.token.current = Secret(in.at("verification_token").get<std::string>());
    Fields headers;
    for (const auto& [name, value] : in.at("headers").items()) headers.emplace_back(name, value.get<std::string>());
    auto request = feishu_request(in.at("body").get<std::string>(), headers);
    request.received_at = Time(std::chrono::seconds(1763890000));
    const auto kind = check_feishu_signature(keys, request, std::chrono::minutes(10));
    EXPECT_EQ(kind.has_value(), vector.at("expected").at("valid").get<bool>()) << vector.at("name");
    if (kind) {
      EXPECT_EQ(*kind == FeishuSigned::old_card_tap, in.contains("verification_token")) << vector.at("name");
    }
  }
}

TEST(FeishuParse, PayloadInEventsOut) {
  const struct {
    const char* file;
    std::string expect;
  } table[] = {
      {"message-text-p2p.json", "我的工单"},
      {"message-text-group-mention.json", "接单 0007"},
      {"event-v1-message.json", "我的工单"},
      {"message-image.json", "image/om_5ce6d572455d361153b7cb51da133003/img_v2_0001"},
      {"message-file.json", "file/om_5ce6d572455d361153b7cb51da133004/file_v2_0001"},
  };
  for (const auto& row : table) {
    const auto inbound = app().parse(feishu_callback(payload(row.file).dump()));
    ASSERT_TRUE(inbound) << row.file << describe(inbound);
    ASSERT_EQ(inbound->events.size(), 1U) << row.file;
    EXPECT_THAT(describe(inbound->events.front().body), HasSubstr(row.expect)) << row.file;
    EXPECT_EQ(inbound->events.front().peer, (Peer{"workchat:feishu", kOpenId})) << row.file;
  }
}

TEST(FeishuParse, ATapNamesCardAndButton) {
  const auto inbound = app().parse(feishu_callback(tap().dump()));
  ASSERT_TRUE(inbound) << describe(inbound);
  EXPECT_EQ(describe(inbound->events.at(0).body), "tap t1-2 accept response=om_5ce6d572455d361153b7cb51da133945");
  const auto as_text = with(tap(), "/event/action/value", R"({"card":"t1-2","key":"accept"})");
  EXPECT_THAT(parsed(as_text), HasSubstr("tap t1-2 accept")) << "some clients send it so";
  auto old = payload("card-action-v1.json");
  old["action"]["value"] = {{"card", "t1-2"}, {"key", "accept"}};
  EXPECT_THAT(describe(app().parse(feishu_old_tap(old.dump()))), HasSubstr("tap t1-2 accept"));
  EXPECT_THAT(parsed(payload("card-action-trigger-v2.json")), HasSubstr("action.value: no card of ours"));
}

TEST(FeishuParse, APostIsItsWordsAndThenItsPictures) {
  auto post = payload("message-text-group-mention.json");
  post["event"]["message"]["message_type"] = "post";
  post["event"]["message"]["content"] =
      R"({"title":"","content":[[{"tag":"at","user_id":"@_user_1"},{"tag":"text","text":" 完成 0007 换了角阀"}],)"
      R"([{"tag":"img","image_key":"img_v2_1"},{"tag":"emotion","emoji_type":"OK"}]]})";
  const auto inbound = app().parse(feishu_callback(post.dump()));
  ASSERT_TRUE(inbound) << describe(inbound);
  ASSERT_EQ(inbound->events.size(), 2U);
  EXPECT_EQ(describe(inbound->events[0].body), "text 完成 0007 换了角阀");
  EXPECT_THAT(describe(inbound->events[1].body), HasSubstr("image/om_5ce6d572455d361153b7cb51da133002/img_v2_1"));
  EXPECT_EQ(inbound->events[1].key, inbound->events[0].key + ":1");
}

TEST(FeishuParse, ColleaguesThatAreMentionedAreNamed) {
  auto body = payload("message-text-group-mention.json");
  body["event"]["message"]["content"] = R"({"text":"@_user_1 转派 10244 @_user_2"})";
  body["event"]["message"]["mentions"].push_back({{"key", "@_user_2"}, {"name", "李四"}});
  EXPECT_THAT(parsed(body), HasSubstr("转派 10244 李四"));
}

TEST(FeishuParse, OneMessageAsTwoEventsIsOne) {
  const auto first = app().parse(feishu_callback(payload("message-text-p2p.json").dump()));
  const auto second =
      app().parse(feishu_callback(with(payload("message-text-p2p.json"), "/header/event_id", "another").dump()));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->events[0].key, second->events[0].key);
  auto late = feishu_callback(payload("message-text-p2p.json").dump());
  late.received_at += std::chrono::minutes(7 * 60 + 6);
  EXPECT_EQ(describe(app().parse(late)), describe(first)) << "the platform's last repeat";
  late.received_at += std::chrono::hours(1);
  EXPECT_THAT(describe(app().parse(late)), HasSubstr("Reject stale"));
}

TEST(FeishuParse, TheConsolesCheckIsAnsweredWithItsChallenge) {
  const auto check = payload("url-verification.json");
  const auto inbound = app().parse(feishu_request(feishu_sealed(check.dump())));
  ASSERT_TRUE(inbound && inbound->answer) << describe(inbound);
  EXPECT_EQ(inbound->answer->body, R"({"challenge":"ajls384kdjx98XX"})");
  EXPECT_THAT(describe(app().parse(feishu_request(feishu_sealed(with(check, "/token", "x").dump())))),
              HasSubstr("Reject bad_signature"));
  EXPECT_THAT(describe(app().parse(feishu_request(check.dump()))), HasSubstr("Reject bad_signature"))
      << "in clear: there is a key";
  EXPECT_THAT(describe(app().parse(feishu_request(feishu_sealed(payload("message-text-p2p.json").dump())))),
              HasSubstr("Reject bad_signature"))
      << "nothing else goes without a signature";
}

TEST(FeishuParse, WhatIsAnothersIsRefused) {
  const auto message = payload("message-text-p2p.json");
  const struct {
    json body;
    const char* expect;
  } table[] = {
      {with(message, "/header/token", "guess"), "Reject bad_signature: token"},
      {with(message, "/header/app_id", "cli_another"), "Reject malformed: app_id: not this app"},
      {with(tap(), "/header/app_id", "cli_another"), "Reject malformed: app_id: not this app"},
      {with(tap(), "/event/operator/tenant_key", "another"), "Reject malformed: operator: not of this company"},
      {with(message, "/event/message/message_id", ""), "Reject malformed: message_id: absent"},
      {with(message, "/event/message/content", "{"), "Reject malformed: content: no JSON"},
      {with(message, "/header/event_id", ""), "Reject malformed: event_id: absent"},
  };
  for (const auto& row : table) EXPECT_EQ(parsed(row.body), row.expect);
  const auto bound = app([](auto& config) { config.tenant_key = "another"; });
  EXPECT_THAT(describe(bound.parse(feishu_callback(message.dump()))), HasSubstr("tenant_key: not this company"));
  EXPECT_THAT(describe(bound.parse(feishu_old_tap(payload("card-action-v1.json").dump()))),
              HasSubstr("tenant_key: not this company"));
}

TEST(FeishuParse, WhatNeedsNoAnswerIsStoredAndAcknowledged) {
  const auto message = payload("message-text-p2p.json");
  for (const auto& body :
       {with(message, "/event/sender/sender_type", "app"), with(message, "/event/sender/tenant_key", "another"),
        with(message, "/header/event_type", "im.chat.updated_v1")}) {
    const auto inbound = app().parse(feishu_callback(body.dump()));
    ASSERT_TRUE(inbound) << describe(inbound);
    EXPECT_TRUE(std::holds_alternative<Notice>(inbound->events.at(0).body));
    EXPECT_EQ(inbound->events[0].peer.address, "");
    EXPECT_FALSE(inbound->context.takes_reply);
  }
  const auto by_user_id = app([](auto& config) { config.id_type = "user_id"; });
  EXPECT_EQ(by_user_id.parse(feishu_callback(message.dump()))->events[0].peer.address, "e33ggbyz");
  auto without = message;
  without["event"]["sender"]["sender_id"]["user_id"] = nullptr;
  const auto inbound = by_user_id.parse(feishu_callback(without.dump()));
  EXPECT_TRUE(std::get<Notice>(inbound->events.at(0).body).alarm) << "the operator has to grant a permission";
  EXPECT_THAT(parsed(with(message, "/event/message/message_type", "sticker")), HasSubstr("unsupported sticker"));
}

TEST(FeishuParse, KeysAndTokensAreRotated) {
  const auto rotated = app([](auto& config) {
    config.keys.encrypt_key = {Secret("new key"), Secret(kEncryptKey)};
    config.keys.token = {Secret("new token"), Secret(kVerificationToken)};
  });
  const auto message = payload("message-text-p2p.json");
  EXPECT_TRUE(rotated.parse(feishu_callback(message.dump())));
  EXPECT_TRUE(rotated.parse(feishu_callback(with(message, "/header/token", "new token").dump(), "new key")));
  EXPECT_FALSE(rotated.parse(feishu_callback(message.dump(), "older key")));
}

TEST(FeishuReply, SaysNothing) {
  const auto inbound = app().parse(feishu_callback(tap().dump()));
  EXPECT_EQ(app().acknowledge(*inbound, to_feishu(ticket_card()), {}).body, "{}");
  EXPECT_FALSE(app().capabilities().passive_reply) << "what is said goes by the API";
}

TEST(FeishuSend, EachMessageInItsForm) {
  const auto card = app().compose(to_feishu(ticket_card()), sending_now());
  ASSERT_TRUE(card);
  EXPECT_EQ(card->url, "http://api.test/open-apis/im/v1/messages?receive_id_type=open_id");
  EXPECT_EQ(card->headers.front(), (std::pair<std::string, std::string>("Authorization", "Bearer TOKEN")));
  const auto body = json::parse(card->body);
  EXPECT_EQ(body.at("receive_id"), kOpenId);
  EXPECT_EQ(body.at("msg_type"), "interactive");
  EXPECT_LE(body.at("uuid").get<std::string>().size(), 50U);
  const auto content = json::parse(body.at("content").get<std::string>());
  EXPECT_EQ(content.at("elements").back().at("tag"), "note");
  EXPECT_THAT(content.dump(), HasSubstr(R"("value":{"card":"HY1024-4@1","key":"accept"})"));
  auto change = to_feishu(ticket_card());
  change.card.replaces = "om_1";
  const auto changed = app().compose(change, sending_now());
  EXPECT_EQ(changed->method + " " + changed->url, "PATCH http://api.test/open-apis/im/v1/messages/om_1");
  change.card.replaces = "../../x";
  EXPECT_FALSE(app().compose(change, sending_now()));
  const auto text = app().compose(to_feishu(message_to_staff("水管<at user_id=\"all\"></at>")), sending_now());
  EXPECT_THAT(json::parse(text->body).at("content").get<std::string>(), testing::Not(HasSubstr("<at")));
  EXPECT_FALSE(app().compose(to_member(message_to_staff("x"), "workchat:feishu", "a b"), sending_now()));
  EXPECT_FALSE(app().compose(to_feishu(message_to_staff("")), sending_now()));
}

TEST(FeishuSend, JudgesTheReply) {
  auto change = to_feishu(ticket_card());
  change.card.replaces = "om_1";
  const struct {
    HttpReply reply;
    OutboundMessage message;
    const char* expect;
  } table[] = {
      {{.body = R"({"code":0,"msg":"success","data":{"message_id":"om_9"}})"},
       to_feishu(ticket_card()),
       "Accepted om_9"},
      {{.body = R"({"code":0,"msg":"success","data":{}})"}, change, "Accepted om_1"},
      {{.status = 400, .body = R"({"code":230031,"msg":"14 days"})"}, change, "NextStep words\n0\n\n"},
      {{.status = 400, .body = R"({"code":230001,"msg":"x"})"}, change, "NextStep words\n0\n\n"},
      {{.status = 400, .body = R"({"code":230001,"msg":"x"})"},
       to_feishu(ticket_card()),
       "Rejected 230001: 230001 parameter: x"},
      {{.status = 400, .body = R"({"code":99991663,"msg":"x"})"}, to_feishu(ticket_card()), "CredentialExpired"},
      {{.status = 400, .body = R"({"code":230013,"msg":"x"})"},
       to_feishu(ticket_card()),
       "PeerGone: 230013 this member is outside of those whom the app is for: x"},
      {{.status = 400, .body = R"({"code":230020,"msg":"x"})"},
       to_feishu(ticket_card()),
       "RetryAfter 20s: 230020 too many messages to one chat: x"},
      {{.status = 400, .body = R"({"code":99991672,"msg":"x"})"},
       to_feishu(ticket_card()),
       "RetryAfter 600s: 99991672 the app lacks a permission: x ALARM"},
      {{.failure = "timeout", .request_left = true}, to_feishu(ticket_card()), "Unknown: timeout"},
  };
  for (const auto& row : table)
    EXPECT_EQ(describe(app().judge(row.reply, row.message, sending_now())), row.expect) << row.reply.body;
  EXPECT_TRUE(app().capabilities().idempotent) << "the platform knows a repeat by its uuid";
}

TEST(FeishuSend, TokensAndMedia) {
  const auto call = app().compose_credential(false);
  EXPECT_EQ(call->body, R"({"app_id":"cli_a0123456789abcde","app_secret":"app-secret"})");
  const auto token = app().judge_credential({.body = R"({"code":0,"tenant_access_token":"t-1","expire":7200})"}, kSent);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->value.reveal() + " " + std::to_string((token->expires - kSent).count()), "t-1 7200000");
  EXPECT_THAT(describe(app().judge_credential({.body = R"({"code":10014,"msg":"app secret invalid"})"}, kSent).error()),
              HasSubstr("ALARM"));
  const MediaJob job{.media_id = "image/om_1/img_2"};
  const auto fetch = app().compose_fetch(job, sending_now());
  EXPECT_EQ(fetch->method + " " + fetch->url,
            "GET http://api.test/open-apis/im/v1/messages/om_1/resources/img_2?type=image");
  EXPECT_FALSE(app().compose_fetch({.media_id = "img_2"}, sending_now()));
  EXPECT_TRUE(std::holds_alternative<Fetched>(
      app().judge_fetch({.body = "\xff\xd8", .headers = {{"content-type", "image/jpeg"}}}, job, sending_now())));
  EXPECT_TRUE(std::holds_alternative<CredentialExpired>(app().judge_fetch(
      {.status = 400, .body = R"({"code":99991663,"msg":""})", .headers = {{"content-type", "application/json"}}}, job,
      sending_now())));
}

}  // namespace
}  // namespace huiyin::workchat
