#include "adapters/web/webhook.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/describe.h"

namespace huiyin::web {
namespace {

const Webhook& webhook() {
  static const Webhook channel({.url = "http://pager.test/send", .token = Secret("s3cret")});
  return channel;
}

TEST(WebhookSend, ComposesOnePost) {
  const OutboundMessage message{.key = "o42",
                                .to = {"web:pager", "ops"},
                                .template_name = "gateway.alarm",
                                .data = {{"cause", "dead"}, {"text", "\"停\"\n"}},
                                .text = "电梯 \"停\"",
                                .locale = "zh-CN"};
  const auto call = webhook().compose(message, {}).value();
  EXPECT_EQ(call.url, "http://pager.test/send");
  EXPECT_EQ(call.method, "POST");
  const Fields headers{
      {"Content-Type", "application/json"}, {"Idempotency-Key", "o42"}, {"Authorization", "Bearer s3cret"}};
  EXPECT_EQ(call.headers, headers);
  EXPECT_EQ(nlohmann::json::parse(call.body),
            nlohmann::json::parse(R"({"key":"o42","to":"ops","text":"电梯 \"停\"","template":"gateway.alarm",
                                      "data":{"cause":"dead","text":"\"停\"\n"},"locale":"zh-CN"})"));
  EXPECT_EQ(Webhook({.url = "http://pager.test"}).compose(message, {})->headers.size(), 2U) << "no token";
}

TEST(WebhookSend, JudgesTheReply) {
  struct {
    HttpReply reply;
    const char* expect;
  } const table[] = {
      {{.status = 204}, "Accepted "},
      {{.status = 200, .body = R"({"id":"m-7"})"}, "Accepted m-7"},
      {{.status = 202, .body = R"({"id":7})"}, "Accepted 7"},
      {{.status = 200, .body = R"({"error":"no such person"})"}, "Rejected 200: no such person"},
      {{.status = 200, .body = "<html>Log in</html>"},
       "Unknown: the answer is no JSON object: 200 <html>Log in</html>"},
      {{.status = 200, .body = R"({"id":"m-)"}, "Unknown: the answer is no JSON object: 200 {\"id\":\"m-"},
      {{.status = 429, .headers = {{"retry-after", "30"}}}, "RetryAfter 30s: 429 "},
      {{.status = 503, .body = "busy", .headers = {{"retry-after", "999999"}}}, "RetryAfter 3600s: 503 busy"},
      {{.status = 500}, "RetryAfter 0s: 500 "},
      {{.status = 401, .body = "who?"}, "RetryAfter 300s: 401 who? ALARM"},
      {{.status = 410, .body = "left"}, "PeerGone: 410 left"},
      {{.status = 422, .body = "too long"}, "Rejected 422: 422 too long"},
      {{.failure = "timeout", .request_left = true}, "Unknown: timeout"},
      {{.failure = "refused", .request_left = false}, "RetryAfter 0s: refused"},
  };
  for (const auto& row : table)
    EXPECT_EQ(describe(webhook().judge(row.reply, {.key = "o42"}, {})), row.expect) << row.reply.body;
}

TEST(WebhookParse, NothingIsReceived) {
  EXPECT_EQ(describe(webhook().parse({.method = "POST", .body = "{}"})), "Reject unsupported: this channel only sends");
}

}  // namespace
}  // namespace huiyin::web
