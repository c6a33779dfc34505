#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/workchat/wecom_errors.h"
#include "adapters/workchat/wecom_send.h"
#include "core/overloaded.h"
#include "tests/adapters/workchat/wecom_requests.h"
#include "tests/describe.h"

namespace huiyin::workchat {
namespace {

using namespace std::chrono_literals;
using testing::StartsWith;

const WeCom& app() {
  static const WeCom kApp(test_config());
  return kApp;
}

SendResult judge(const HttpReply& reply, const OutboundMessage& message, const Stage& stage = {}) {
  auto sending = sending_now();
  if (stage.kind != Stage::Kind::whole) sending.previous = encode(stage);
  return app().judge(reply, message, sending);
}

std::string judged(const std::string& body, const OutboundMessage& message = message_to_staff("好")) {
  return describe(judge({.body = body}, message));
}

std::string code(std::int64_t number) { return "{\"errcode\":" + std::to_string(number) + ",\"errmsg\":\"x\"}"; }

TEST(WeComJudge, TheErrcodeDecides) {
  const struct {
    std::string body;
    const char* expect;
  } table[] = {
      {R"({"errcode":0,"errmsg":"ok","invaliduser":"","msgid":"M1"})", "Accepted M1"},
      {R"({"errcode":0,"errmsg":"ok","msgid":"M1","response_code":"R1"})", "Accepted R1"},
      {R"({"errcode":0,"errmsg":"ok","invaliduser":"lisi|zhangsan"})",
       "PeerGone: invaliduser: no such member, or outside of the app's visible range"},
      {R"({"errcode":0,"errmsg":"ok","invaliduser":"lisi","msgid":"M1"})", "Accepted M1"},
      {R"({"errcode":0,"errmsg":"ok","unlicenseduser":"zhangsan"})",
       "RetryAfter 600s: unlicenseduser: the member has no licence for the app's messages ALARM"},
      {R"({"errcode":0,"errmsg":"ok. Warning: wrong json format. "})",
       "Rejected json: 0 ok: ok. Warning: wrong json format. "},
      {code(42014), "Accepted "},
      {code(-1), "RetryAfter 1s: -1 system busy: x"},
      {code(6000), "RetryAfter 1s: 6000 two changes at once: x"},
      {code(45033), "RetryAfter 1s: 45033 too many calls at once: x"},
      {code(45009), "RetryAfter 65s: 45009 too many calls: x"},
      {code(40014), "CredentialExpired"},
      {code(41001), "CredentialExpired"},
      {code(42001), "CredentialExpired"},
      {code(40001), "RetryAfter 600s: 40001 the secret is wrong: x ALARM"},
      {code(40013), "RetryAfter 600s: 40013 not a CorpID: x ALARM"},
      {code(40056), "RetryAfter 600s: 40056 not an AgentId: x ALARM"},
      {code(301002), "RetryAfter 600s: 301002 no right to this app: x ALARM"},
      {code(48002), "RetryAfter 600s: 48002 the app may not make this call: x ALARM"},
      {code(50002), "RetryAfter 600s: 50002 outside of what the app may see, or the app is switched off: x ALARM"},
      {code(60011), "RetryAfter 600s: 60011 outside of the app's visible range: x ALARM"},
      {code(60020), "RetryAfter 600s: 60020 this server's address is not among the app's trusted ones: x ALARM"},
      {code(93000), "RetryAfter 600s: 93000 the robot's address is wrong, or it was removed from the group: x ALARM"},
      {code(40003), "PeerGone: 40003 no such member: x"},
      {code(60111), "PeerGone: 60111 no such member: x"},
      {code(46004), "PeerGone: 46004 no such member: x"},
      {code(82001), "PeerGone: 82001 no receiver is left: x"},
      {code(40058), "Rejected 40058: 40058 parameter, or content over its limit: x"},
      {code(40063), "Rejected 40063: 40063 parameter is empty: x"},
      {code(41016), "Rejected 41016: 41016 no receiver, or no title: x"},
      {code(44004), "Rejected 44004: 44004 empty content: x"},
      {code(45002), "Rejected 45002: 45002 content over its limit: x"},
      {code(85002), "Rejected 85002: 85002 forbidden words: x"},
      {code(40007), "Rejected 40007: 40007 media, its type or its size: x"},
      {code(49999), "RetryAfter 60s: 49999: x ALARM"},
  };
  for (const auto& row : table) EXPECT_EQ(judged(row.body), row.expect) << row.body;
  EXPECT_THAT(judged(code(81013)), StartsWith("PeerGone: 81013 no receiver is left"));
}

TEST(WeComJudge, WhatIsNoAnswerMayHaveBeenSent) {
  for (const char* body : {"", "{", "{}", "[]", "<html>ok</html>", R"({"errcode":"0"})", R"({"errmsg":"ok"})"})
    EXPECT_THAT(judged(body), StartsWith("Unknown: HTTP 200, and ")) << body;
  const auto message = message_to_staff("好");
  EXPECT_EQ(describe(judge({.failure = "no route"}, message)), "RetryAfter 5s: no route");
  EXPECT_EQ(describe(judge({.failure = "timeout", .request_left = true}, message)), "Unknown: timeout");
  EXPECT_THAT(describe(judge({.status = 403, .body = "no"}, message)), StartsWith("RetryAfter 300s: HTTP 403"));
  EXPECT_THAT(describe(judge({.status = 429}, message)), StartsWith("RetryAfter 65s: HTTP 429"));
}

TEST(WeComJudge, ACardThatCannotBeChangedIsSaidInWords) {
  auto message = ticket_card();
  message.card.replaces = "USED";
  for (const auto number : {40058, 49999, 40063}) {
    const auto result = judge({.body = code(number)}, message);
    ASSERT_TRUE(std::holds_alternative<NextStep>(result)) << number;
    EXPECT_EQ(decode_stage(std::get<NextStep>(result).previous).kind, Stage::Kind::words);
  }
  EXPECT_EQ(describe(judge({.body = code(-1)}, message)), "RetryAfter 1s: -1 system busy: x");
  EXPECT_EQ(describe(judge({.body = code(42001)}, message)), "CredentialExpired");
  EXPECT_EQ(describe(judge({.body = code(0)}, message, {.kind = Stage::Kind::words})), "Accepted ");
  message.text.clear();
  message.card.title = "好";
  EXPECT_TRUE(std::holds_alternative<NextStep>(judge({.body = code(40058)}, message))) << "its title is words too";
}

TEST(WeComJudge, PhotosFollowTheMessageAndHoldNothingUp) {
  auto message = ticket_card();
  message.media = {{MediaKind::image, "", "/media/a"}, {MediaKind::image, "M2", ""}};
  const auto sent = judge({.body = R"({"errcode":0,"msgid":"M","response_code":"R"})"}, message);
  auto stage = decode_stage(std::get<NextStep>(sent).previous);
  EXPECT_EQ(stage.kind, Stage::Kind::upload);
  EXPECT_EQ(stage.sent, "R");
  const auto uploaded = judge({.body = R"({"errcode":0,"media_id":"U1","type":"image"})"}, message, stage);
  const auto shown_stage = decode_stage(std::get<NextStep>(uploaded).previous);
  EXPECT_EQ(shown_stage.media_id, "U1");
  const auto shown = judge({.body = R"({"errcode":0,"msgid":"P1"})"}, message, shown_stage);
  const auto second = decode_stage(std::get<NextStep>(shown).previous);
  EXPECT_EQ(second.kind, Stage::Kind::show);
  EXPECT_EQ(second.media_id, "M2");
  EXPECT_EQ(describe(judge({.body = R"({"errcode":0,"msgid":"P2"})"}, message, second)), "Accepted R");
  for (const HttpReply& trouble : {HttpReply{.failure = "Failed to open/read local data from file"},
                                   HttpReply{.failure = "timeout", .request_left = true}, HttpReply{.status = 502},
                                   HttpReply{.body = code(40009)}, HttpReply{.body = code(-1)}})
    EXPECT_EQ(describe(judge(trouble, message, stage)), "Accepted R") << "the card has arrived";
  EXPECT_EQ(describe(judge({.body = code(42001)}, message, stage)), "CredentialExpired");
  EXPECT_TRUE(std::holds_alternative<NextStep>(judge({.body = code(42014)}, message))) << "sent by an earlier attempt";
}

TEST(WeComJudge, APhotoAloneIsTheMessage) {
  auto message = message_to_staff("");
  message.media = {{MediaKind::image, "", "/media/a"}};
  const auto uploaded = judge({.body = R"({"errcode":0,"media_id":"U1"})"}, message);
  const auto stage = decode_stage(std::get<NextStep>(uploaded).previous);
  EXPECT_EQ(describe(judge({.body = R"({"errcode":0,"msgid":"P1"})"}, message, stage)), "Accepted P1");
  EXPECT_EQ(describe(judge({.body = code(-1)}, message, stage)), "RetryAfter 1s: -1 system busy: x");
  EXPECT_EQ(describe(judge({.failure = "unreadable"}, message)), "RetryAfter 5s: unreadable");
  EXPECT_EQ(describe(judge({.body = code(0)}, message)), "Rejected media: the upload was answered without a media id");
}

TEST(WeComJudge, TheTableIsInOrder) {
  std::int64_t last = -2;
  for (const auto& row : error_codes()) {
    EXPECT_GT(row.first, last) << row.first;
    EXPECT_GE(row.last, row.first);
    EXPECT_FALSE(row.words.empty()) << row.first;
    last = row.last;
    EXPECT_EQ(find_error(row.first), &row);
  }
  EXPECT_EQ(find_error(INT64_MAX), nullptr);
}

TEST(WeComCredential, IsAskedForByTheSecret) {
  const auto call = app().compose_credential(false);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->method, "GET");
  EXPECT_EQ(call->url, "http://api.test/cgi-bin/gettoken?corpid=ww0123456789abcdef&corpsecret=app-secret");
}

TEST(WeComCredential, IsReadOrJudged) {
  const auto good =
      app().judge_credential({.body = R"({"errcode":0,"errmsg":"ok","access_token":"T1","expires_in":7200})"}, kSent);
  ASSERT_TRUE(good);
  EXPECT_EQ(good->value.reveal(), "T1");
  EXPECT_EQ(good->expires, kSent + 2h);
  const struct {
    HttpReply reply;
    const char* expect;
  } table[] = {
      {{.body = code(40001)}, "RetryAfter 600s: 40001 the secret is wrong: x ALARM"},
      {{.body = code(42001)}, "RetryAfter 600s: 42001 the access token has expired: x ALARM"},
      {{.body = code(60020)},
       "RetryAfter 600s: 60020 this server's address is not among the app's trusted ones: x ALARM"},
      {{.body = code(-1)}, "RetryAfter 1s: -1 system busy: x"},
      {{.body = code(45009)}, "RetryAfter 65s: 45009 too many calls: x"},
      {{.body = code(0)}, "RetryAfter 3s: HTTP 200 without an access token"},
      {{.body = R"({"errcode":0,"access_token":"T1","expires_in":0})"},
       "RetryAfter 3s: HTTP 200 without an access token"},
      {{.status = 502, .body = "<html>"}, "RetryAfter 3s: HTTP 502 without an access token"},
      {{.failure = "timeout", .request_left = true}, "RetryAfter 3s: timeout"},
  };
  for (const auto& row : table) {
    const auto result = app().judge_credential(row.reply, kSent);
    ASSERT_FALSE(result) << row.reply.body;
    EXPECT_EQ(describe(result.error()), row.expect) << row.reply.body;
  }
}

std::string fetched(const HttpReply& reply, const std::string& url = {}) {
  const MediaJob job{.channel = "workchat:wecom", .media_id = "M-1", .url = url};
  return std::visit(Overloaded{[](const Fetched& got) { return "Fetched " + got.file_name; },
                               [](const FetchElsewhere& other) { return "FetchElsewhere " + other.url; },
                               [](const auto& other) { return describe(SendResult(other)); }},
                    app().judge_fetch(reply, job, sending_now()));
}

TEST(WeComMedia, WordsInPlaceOfBytes) {
  const Fields words{{"content-type", "application/json"}}, photo{{"content-type", "image/jpeg"}};
  EXPECT_EQ(app().compose_fetch({.media_id = "M/1"}, sending_now())->url,
            "http://api.test/cgi-bin/media/get?access_token=TOKEN&media_id=M%2F1");
  EXPECT_FALSE(app().compose_fetch({}, sending_now()));
  EXPECT_EQ(fetched({.headers = {{"content-type", "image/jpeg"},
                                 {"content-disposition", "attachment; filename=\"M-1.jpg\""}}}),
            "Fetched M-1.jpg");
  EXPECT_EQ(fetched({.body = code(40007), .headers = words}), "Rejected 40007: 40007 media, its type or its size: x");
  EXPECT_EQ(fetched({.body = code(40007), .headers = words}, "https://wework.qpic.cn/1"),
            "FetchElsewhere https://wework.qpic.cn/1");
  EXPECT_EQ(fetched({.body = code(42001), .headers = words}), "CredentialExpired");
  EXPECT_EQ(fetched({.body = code(-1), .headers = words}), "RetryAfter 1s: -1 system busy: x");
  EXPECT_EQ(fetched({.body = "{\"err", .headers = words}), "RetryAfter 10s: HTTP 200 with words instead of media");
  EXPECT_EQ(fetched({.status = 404, .headers = photo}), "Rejected 404: no longer there");
  EXPECT_EQ(fetched({.status = 502, .headers = photo}), "RetryAfter 10s: HTTP 502");
  EXPECT_EQ(fetched({.failure = "timeout"}), "RetryAfter 10s: timeout");
}

}  // namespace
}  // namespace huiyin::workchat
