#include "adapters/workchat/feishu_bot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/adapters/workchat/robot_requests.h"
#include "tests/adapters/workchat/vectors.h"
#include "tests/describe.h"

namespace huiyin::workchat {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

FeishuBot bot(const std::string& keyword = {}) {
  auto config = feishu_bot_config();
  config.keyword = keyword;
  return FeishuBot(std::move(config));
}

json composed(const OutboundMessage& message, const std::string& keyword = {}) {
  return json::parse(bot(keyword).compose(message, {.now = kSent})->body);
}

TEST(FeishuBot, SignsAsTheVendorsVectorsDo) {
  const auto vectors = vectors_of("feishu.robot_sign.");
  ASSERT_EQ(vectors.size(), 4U);
  for (const auto& vector : vectors) {
    const auto& in = vector.at("inputs");
    const auto signature = feishu_sign(in.at("timestamp").get<std::string>(), in.at("secret").get<std::string>());
    const auto& expected = vector.at("expected");
    if (expected.contains("sign"))
      EXPECT_EQ(signature, expected.at("sign").get<std::string>()) << vector.at("name");
    else
      EXPECT_NE(signature, in.at("sign").get<std::string>()) << "the secret is no key here";
  }
}

TEST(FeishuBot, TheSignatureStandsInTheBodyWithItsSeconds) {
  const auto call = bot().compose(to_group(message_to_staff("HY1024-4 新工单")), {.now = kSent + Millis(999)});
  EXPECT_EQ(call->url, std::string("http://api.test/open-apis/bot/v2/hook/") + kFeishuKey);
  const auto body = json::parse(call->body);
  EXPECT_EQ(body.at("timestamp"), kTimestamp);
  EXPECT_EQ(body.at("sign"), feishu_sign(kTimestamp, kFeishuSecret));
  EXPECT_EQ(body.at("content").at("text"), "HY1024-4 新工单");
  FeishuBot::Config open{.channel = "workchat:x", .key = Secret(kFeishuKey), .api_url = "http://api.test"};
  EXPECT_FALSE(json::parse(FeishuBot(open).compose(to_group(message_to_staff("x")), {})->body).contains("sign"));
}

TEST(FeishuBot, MentionsInWordsAlone) {
  const auto some = composed(to_group(ticket_card(), "ou_1|ou_2"));
  EXPECT_EQ(some.at("msg_type"), "text") << "a bot's card mentions nobody";
  EXPECT_THAT(some.at("content").at("text").get<std::string>(),
              HasSubstr("<at user_id=\"ou_1\"></at>\n<at user_id=\"ou_2\"></at>"));
  EXPECT_THAT(composed(to_group(message_to_staff("x"), "@all")).at("content").at("text").get<std::string>(),
              HasSubstr("<at user_id=\"all\">所有人</at>"));
  const auto words = composed(to_group(message_to_staff("水管<at user_id=\"all\"></at>漏水")));
  EXPECT_THAT(words.at("content").at("text").get<std::string>(), Not(HasSubstr("<at"))) << "not for strangers to say";
  EXPECT_FALSE(bot().compose(to_group(message_to_staff("x"), "a b"), {}));
}

TEST(FeishuBot, ACardLeadsToItsPageAndHasNoButtons) {
  const auto message = composed(to_group(ticket_card()));
  EXPECT_EQ(message.at("msg_type"), "interactive");
  const auto& card = message.at("card");
  EXPECT_EQ(card.at("header").at("title").at("content"), "新工单 HY1024-4");
  const auto written = card.dump();
  EXPECT_THAT(written, HasSubstr("\"url\":\"https://hy.test/t/abc\""));
  EXPECT_THAT(written, Not(HasSubstr("\"value\""))) << "nothing comes back from it";
  EXPECT_THAT(written, Not(HasSubstr("lark_md"))) << "strangers' words are no marks";
}

TEST(FeishuBot, EveryMessageHoldsTheKeyword) {
  EXPECT_EQ(composed(to_group(message_to_staff("新报修")), "工单").at("content").at("text"), "【工单】新报修");
  EXPECT_THAT(composed(to_group(ticket_card()), "物业").at("card").at("header").at("title").at("content"),
              StartsWith("【物业】"));
}

TEST(FeishuBot, ArticlesAreAPostAndNothingIsRefused) {
  auto message = to_group(message_to_staff(""));
  EXPECT_FALSE(bot().compose(message, {}));
  message.text = "日报";
  message.articles = {{"昨天 12 件", "", "", "https://hy.test/r"}, {"没有链接", "", "", ""}};
  EXPECT_EQ(composed(message).at("content").at("post").at("zh_cn"),
            json::parse(R"({"title":"日报","content":[[{"tag":"a","text":"昨天 12 件","href":"https://hy.test/r"}],)"
                        R"([{"tag":"text","text":"没有链接"}]]})"));
}

TEST(FeishuBot, JudgesTheReply) {
  const struct {
    HttpReply reply;
    const char* expect;
  } table[] = {
      {{.body = R"({"code":0,"msg":"success","data":{},"StatusCode":0,"StatusMessage":"success"})"}, "Accepted "},
      {{.body = R"({"StatusCode":0,"StatusMessage":"success"})"}, "Accepted "},
      {{.body = R"({"code":19021,"msg":"sign match fail"})"},
       "RetryAfter 600s: 19021 the bot's signature is wrong, or this machine's clock is: sign match fail ALARM"},
      {{.body = R"({"code":19024,"msg":"Key Words Not Found"})"},
       "RetryAfter 600s: 19024 the bot's keyword is missing: Key Words Not Found ALARM"},
      {{.body = R"({"code":9499,"msg":"Bad Request"})"}, "Rejected 9499: 9499 bad request: Bad Request"},
      {{.status = 429, .body = R"({"code":11232,"msg":"frequency limited"})"},
       "RetryAfter 20s: 11232 too many messages of this bot, or of all at the full and the half hour: frequency "
       "limited"},
      {{.status = 429, .body = R"({"code":99991400,"msg":""})", .headers = {{"x-ogw-ratelimit-reset", "42"}}},
       "RetryAfter 42s: 99991400 too many calls"},
      {{.body = R"({"code":4242,"msg":"new"})"}, "RetryAfter 60s: 4242: new ALARM"},
      {{.status = 502, .body = "<html>"}, "Unknown: HTTP 502, and 6 bytes that are no answer of the API"},
      {{.failure = "timeout", .request_left = true}, "Unknown: timeout"},
      {{.failure = "no route"}, "RetryAfter 5s: no route"},
  };
  for (const auto& row : table)
    EXPECT_EQ(describe(bot().judge(row.reply, message_to_staff("x"), {})), row.expect) << row.reply.body;
  EXPECT_FALSE(bot().capabilities().idempotent) << "a repeat is shown twice";
}

}  // namespace
}  // namespace huiyin::workchat
