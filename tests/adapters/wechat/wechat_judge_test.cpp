#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/overloaded.h"
#include "tests/adapters/wechat/wechat_sending.h"
#include "tests/describe.h"

namespace huiyin::wechat {
namespace {

using namespace std::chrono_literals;

const WeChat& account() {
  static const WeChat kAccount(sending_config());
  return kAccount;
}

std::string judged(const HttpReply& reply, const Sending& sending = sending_by(Way::push)) {
  return describe(account().judge(reply, message_to_owner("好"), sending));
}

std::string code(std::int64_t number) {
  return "{\"errcode\":" + std::to_string(number) + ",\"errmsg\":\"x rid: 692400-5a5a\"}";
}

TEST(WeChatJudge, TheErrcodeDecides) {
  const struct {
    const char *body, *expect;
  } table[] = {
      {R"({"errcode":0,"errmsg":"ok"})", "Accepted "},
      {R"({"errcode":0,"errmsg":"ok","msgid":3487542469355618313})", "Accepted 3487542469355618313"},
      {R"({"errmsg":"ok","msgid":"17"})", "Accepted 17"},
      {R"({"errcode":-1,"errmsg":"system error"})", "RetryAfter 1s: -1 system busy: system error"},
      {R"({"errcode":45011,"errmsg":""})", "RetryAfter 60s: 45011 too many calls this minute"},
      {R"({"errcode":40001,"errmsg":"invalid credential"})", "CredentialExpired"},
      {R"({"errcode":40014,"errmsg":""})", "CredentialExpired"},
      {R"({"errcode":42001,"errmsg":""})", "CredentialExpired"},
      {R"({"errcode":45015,"errmsg":"response out of time limit"})",
       "WindowClosed: 45015 the owner has not written for 48 hours: response out of time limit"},
      {R"({"errcode":45047})", "WindowClosed: 45047 as many messages as the owner's last action allowed were sent"},
      {R"({"errcode":43004})", "PeerGone: 43004 does not follow the account"},
      {R"({"errcode":40003})", "PeerGone: 40003 not an openid of this account"},
      {R"({"errcode":47003,"errmsg":"data.thing1.value"})",
       "Rejected 47003: 47003 a template's value breaks its rule: data.thing1.value"},
      {R"({"errcode":48001})", "WindowClosed: 48001 the account lacks this call ALARM"},
      {R"({"errcode":40164,"errmsg":"invalid ip 1.2.3.4"})",
       "RetryAfter 600s: 40164 this server's address is not on the IP allow-list: invalid ip 1.2.3.4 ALARM"},
      {R"({"errcode":9001001})", "RetryAfter 60s: 9001001 ALARM"},
      {R"({"errcode":49999})", "RetryAfter 60s: 49999 ALARM"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(judged({.body = row.body}), row.expect) << row.body;
    EXPECT_EQ(judged({.status = 500, .body = row.body}), row.expect) << "the status tells nothing: " << row.body;
  }
}

TEST(WeChatJudge, WhatIsNoAnswerMayHaveBeenSent) {
  for (const char* body : {"", "{", "{\"errcode\":", "{}", "[]", "null", "0", "<html>ok</html>", "{\"errcode\":\"0\"}",
                           "{\"errcode\":0.5}", "{\"errcode\":null,\"errmsg\":\"ok\"}", "{\"errcode\":1e999}",
                           "{\"errcode\":18446744073709551615}", "\xff\xfe", "{\"errmsg\":\"\"}"}) {
    EXPECT_TRUE(judged({.body = body}).starts_with("Unknown: HTTP 200, and ")) << body;
  }
  EXPECT_EQ(judged({.status = 502, .body = "<html>"}), "Unknown: HTTP 502, and 6 bytes that are no answer of the API");
}

TEST(WeChatJudge, WhatNobodyTookIsTriedAgain) {
  EXPECT_EQ(judged({.failure = "no route"}), "RetryAfter 5s: no route");
  EXPECT_EQ(judged({.failure = "timeout", .request_left = true}), "Unknown: timeout");
  EXPECT_EQ(judged({.status = 404, .body = "<html>"}),
            "RetryAfter 300s: HTTP 404, and 6 bytes that are no answer of the API ALARM");
  EXPECT_EQ(judged({.status = 429, .headers = {{"retry-after", "7"}}}),
            "RetryAfter 7s: HTTP 429, and 0 bytes that are no answer of the API");
  EXPECT_EQ(judged({.status = 429, .headers = {{"retry-after", "99999999999"}}}),
            "RetryAfter 3600s: HTTP 429, and 0 bytes that are no answer of the API");
  EXPECT_EQ(judged({.status = 429, .headers = {{"retry-after", "Mon, 1 Jan"}}}),
            "RetryAfter 60s: HTTP 429, and 0 bytes that are no answer of the API");
}

TEST(WeChatJudge, ATemplateMessageMayBeRepeatedForTenMinutes) {
  const HttpReply silence{.failure = "timeout", .request_left = true};
  auto sending = sending_by(Way::template_notice, "TPL1");
  sending.now = sending.created + 8min;
  EXPECT_EQ(judged(silence, sending), "RetryAfter 15s: timeout");
  sending.now = sending.created + 9min;
  EXPECT_EQ(judged(silence, sending), "Unknown: timeout");
  sending.now = sending.created;
  sending.created = {};
  EXPECT_EQ(judged(silence, sending), "Unknown: timeout");
  EXPECT_EQ(judged(silence, sending_by(Way::subscription, "SUB1")), "Unknown: timeout");
}

TEST(WeChatJudge, TheTableIsInOrder) {
  std::int64_t last = -2;
  for (const auto& row : error_codes()) {
    EXPECT_GT(row.first, last) << row.first;
    EXPECT_GE(row.last, row.first);
    EXPECT_FALSE(row.words.empty()) << row.first;
    last = row.last;
    EXPECT_EQ(find_error(row.first), &row);
    EXPECT_EQ(find_error(row.last), &row);
  }
  EXPECT_EQ(find_error(40029), nullptr);
  EXPECT_EQ(find_error(-2), nullptr);
  EXPECT_EQ(find_error(INT64_MAX), nullptr);
}

TEST(WeChatCredential, IsAskedForByStableToken) {
  const auto call = account().compose_credential(false);
  ASSERT_TRUE(call);
  EXPECT_EQ(call->url, "http://api.test/cgi-bin/stable_token");
  EXPECT_EQ(call->body,
            "{\"grant_type\":\"client_credential\",\"appid\":\"wx0123456789abcdef\",\"secret\":\"app-secret\","
            "\"force_refresh\":false}");
  EXPECT_TRUE(account().compose_credential(true)->body.ends_with("\"force_refresh\":true}"));
  EXPECT_FALSE(WeChat(test_config(Mode::safe)).compose_credential(false));
}

TEST(WeChatCredential, IsReadOrJudged) {
  const auto good = account().judge_credential({.body = R"({"access_token":"T1","expires_in":7200})"}, kSent);
  ASSERT_TRUE(good);
  EXPECT_EQ(good->value.reveal(), "T1");
  EXPECT_EQ(good->expires, kSent + 2h);
  const struct {
    HttpReply reply;
    const char* expect;
  } table[] = {
      {{.body = code(40001)}, "RetryAfter 600s: 40001 credential not good, or superseded: x rid: 692400-5a5a ALARM"},
      {{.body = code(40125)}, "RetryAfter 600s: 40125 the AppSecret is wrong: x rid: 692400-5a5a ALARM"},
      {{.body = code(-1)}, "RetryAfter 1s: -1 system busy: x rid: 692400-5a5a"},
      {{.body = code(45011)}, "RetryAfter 60s: 45011 too many calls this minute: x rid: 692400-5a5a"},
      {{.body = code(0)}, "RetryAfter 3s: HTTP 200 without an access token"},
      {{.body = ""}, "RetryAfter 3s: HTTP 200 without an access token"},
      {{.status = 502, .body = "<html>"}, "RetryAfter 3s: HTTP 502 without an access token"},
      {{.body = R"({"access_token":"T 1","expires_in":7200})"}, "RetryAfter 3s: HTTP 200 without an access token"},
      {{.body = R"({"access_token":"T1","expires_in":0})"}, "RetryAfter 3s: HTTP 200 without an access token"},
      {{.body = R"({"access_token":"T1","expires_in":"7200"})"}, "RetryAfter 3s: HTTP 200 without an access token"},
      {{.failure = "timeout", .request_left = true}, "RetryAfter 3s: timeout"},
  };
  for (const auto& row : table) {
    const auto result = account().judge_credential(row.reply, kSent);
    ASSERT_FALSE(result) << row.reply.body;
    EXPECT_EQ(describe(result.error()), row.expect) << row.reply.body;
  }
}

std::string fetched(const HttpReply& reply, const std::string& url = {}) {
  const MediaJob job{.channel = "wechat:main", .media_id = "M-1", .url = url};
  return std::visit(Overloaded{[](const Fetched& got) { return "Fetched " + got.file_name; },
                               [](const FetchElsewhere& other) { return "FetchElsewhere " + other.url; },
                               [](const RetryAfter& retry) { return describe(SendResult(retry)); },
                               [](const CredentialExpired& expired) { return describe(SendResult(expired)); },
                               [](const Rejected& rejected) { return describe(SendResult(rejected)); }},
                    account().judge_fetch(reply, job, sending_by(Way::push)));
}

TEST(WeChatMedia, IsAskedForByItsId) {
  const MediaJob job{.media_id = "Wm1-x_/+", .url = "http://mmbiz.qpic.cn/1"};
  const auto call = account().compose_fetch(job, sending_by(Way::push));
  ASSERT_TRUE(call);
  EXPECT_EQ(call->method, "GET");
  EXPECT_EQ(call->url, "http://api.test/cgi-bin/media/get?access_token=TOKEN&media_id=Wm1-x_%2F%2B");
  EXPECT_EQ(account().compose_fetch({.url = "http://mmbiz.qpic.cn/1"}, {})->url, "http://mmbiz.qpic.cn/1");
  EXPECT_FALSE(account().compose_fetch({}, {}));
  EXPECT_FALSE(WeChat(test_config(Mode::safe)).compose_fetch({.media_id = "M"}, {}));
}

TEST(WeChatMedia, WordsInPlaceOfBytes) {
  const Fields words{{"content-type", "text/plain"}}, photo{{"content-type", "image/jpeg"}};
  const struct {
    HttpReply reply;
    const char* expect;
  } table[] = {
      {{.body = "\xff\xd8",
        .headers = {{"content-type", "image/jpeg"}, {"content-disposition", "attachment; filename=\"M-1.jpg\""}}},
       "Fetched M-1.jpg"},
      {{.headers = {{"content-type", "audio/amr"}, {"content-disposition", "attachment; filename=../../etc/x; a"}}},
       "Fetched "},
      {{.body = "{", .headers = photo}, "Fetched "},
      {{.body = R"({"errcode":40007,"errmsg":"invalid media_id"})", .headers = words},
       "Rejected 40007: 40007 media, its type or its size: invalid media_id"},
      {{.body = R"({"errcode":42001,"errmsg":""})"}, "CredentialExpired"},
      {{.body = R"({"errcode":-1})", .headers = words}, "RetryAfter 1s: -1 system busy"},
      {{.body = R"({"errcode":45009})", .headers = words},
       "RetryAfter 600s: 45009 the daily limit of this call is used up ALARM"},
      {{.body = R"({"video_url":"http://v.test/1"})", .headers = words}, "FetchElsewhere http://v.test/1"},
      {{.body = "<html>", .headers = {{"content-type", "text/html"}}},
       "RetryAfter 10s: HTTP 200 with words instead of media"},
      {{.body = "{\"err", .headers = words}, "RetryAfter 10s: HTTP 200 with words instead of media"},
      {{.status = 404, .headers = photo}, "Rejected 404: no longer there"},
      {{.status = 502, .headers = photo}, "RetryAfter 10s: HTTP 502"},
      {{.status = 302, .headers = photo}, "RetryAfter 10s: HTTP 302"},
      {{.failure = "timeout"}, "RetryAfter 10s: timeout"},
  };
  for (const auto& row : table) EXPECT_EQ(fetched(row.reply), row.expect) << row.reply.body;
  EXPECT_EQ(fetched({.body = R"({"errcode":40007})", .headers = words}, "http://mmbiz.qpic.cn/1"),
            "FetchElsewhere http://mmbiz.qpic.cn/1");
}

}  // namespace
}  // namespace huiyin::wechat
