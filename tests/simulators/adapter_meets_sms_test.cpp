// The SMS adapters against the clouds' second implementation: what one side writes, the other side must take.
#include <gtest/gtest.h>

#include "adapters/sms/aliyun.h"
#include "adapters/sms/tencent.h"
#include "adapters/sms/twilio.h"
#include "simulators/sms_clouds.h"
#include "simulators/sms_signing.h"
#include "tests/describe.h"

namespace huiyin {
namespace {

using namespace std::chrono_literals;

constexpr Time kNoon{Millis{1795406400000}};
const std::string kWang = "+8613800138000", kSecret = "0123456789abcdef0123456789abcdef";

OutboundMessage message_to(const std::string& number, const std::string& key = "o42") {
  OutboundMessage message{.key = key, .to = {"sms:estate", number}, .template_name = "ticket_received"};
  message.data = {{"number", "HY1024-4"}, {"description", "厨房【急】漏水，打13800138000，看 3栋"}};
  message.text = "已登记，工单号HY1024-4";
  return message;
}

sms::CallbackGuard guard() {
  return {.hook_path = "/hook/sms/estate", .secret = {.current = Secret(kSecret), .previous = Secret()}};
}

HttpRequest pushed(const std::string& what, const std::string& body, Time now) {
  return {.method = "POST", .path = "/hook/sms/estate/" + kSecret + "/" + what, .body = body, .received_at = now};
}

std::vector<sms::ApprovedTemplate> templates(const std::string& id, const std::string& first,
                                             const std::string& second) {
  sms::ApprovedTemplate one{.carries = {"ticket_received"}, .id = id};
  one.parameters = {{.name = first, .kind = sms::ParameterKind::number, .data = "number"},
                    {.name = second, .data = "description", .otherwise = "见详情", .most = 12}};
  sms::ApprovedTemplate code{.carries = {"verify_code"}, .id = "SMS_9"};
  code.parameters = {{.name = "code", .kind = sms::ParameterKind::code, .data = "code"}};
  return {one, code};
}

/// Composes, delivers to the cloud, judges: as the dispatcher does, without a network between.
template <class Adapter, class Cloud>
std::string sent(const Adapter& adapter, Cloud& cloud, const OutboundMessage& message, Time now, std::uint64_t nonce) {
  const Sending sending{.now = now, .nonce = nonce, .created = now};
  const auto call = adapter.compose(message, sending);
  if (!call) return "not composed: " + call.error().why;
  return describe(adapter.judge(cloud.handle(simulators::as_received(*call, now)), message, sending));
}

class AliyunMeets : public testing::Test {
 protected:
  simulators::AliyunCloud cloud_{
      {.key_id = "LTAI",
       .key_secret = "aliyun-secret",
       .signatures = {"滨江物业"},
       .templates = {{"SMS_1", "工单${number}已登记：${problem}"}, {"SMS_9", "验证码${code}"}}}};
  sms::Aliyun::Config config_{.cloud = {.channel = "sms:estate",
                                        .api_url = "https://dysmsapi.aliyuncs.com",
                                        .signature = "滨江物业",
                                        .templates = templates("SMS_1", "number", "problem"),
                                        .guard = guard()},
                              .access_key_id = "LTAI",
                              .access_key_secret = Secret("aliyun-secret")};
};

TEST_F(AliyunMeets, AMessageItsReceiptAndTheReply) {
  const sms::Aliyun aliyun(config_);
  EXPECT_EQ(sent(aliyun, cloud_, message_to(kWang), kNoon, 1), "Accepted 900619746936498440^0");
  ASSERT_EQ(cloud_.sent().size(), 1U);
  EXPECT_EQ(cloud_.sent()[0].to, kWang);
  EXPECT_EQ(cloud_.sent()[0].text, "【滨江物业】工单HY1024-4已登记：厨房急漏水，打138*…");
  EXPECT_EQ(describe(aliyun.parse(pushed("report", cloud_.reports(0, true, kNoon), kNoon))),
            "sms:estate:report:o42:1 - @1795406400 receipt o42 delivered DELIVERED 用户接收成功");
  EXPECT_EQ(describe(aliyun.parse(pushed("up", cloud_.replies({{kWang, "5 很好"}, {"95588", "x"}}, kNoon), kNoon))),
            "sms:estate:up:1234567890 +8613800138000 @1795406400 text 5 很好 | sms:estate:up:1234567891 - @1795406400 "
            "notice sms_from_no_phone detail=its sender is no mobile number");
}

TEST_F(AliyunMeets, ItsLimitsToOneNumber) {
  const sms::Aliyun aliyun(config_);
  const auto code = [&](const std::string& number, Time now) {
    auto message = message_to(number);
    message.template_name = "verify_code";
    message.data = {{"code", "123456"}};
    static std::uint64_t nonce = 100;
    return sent(aliyun, cloud_, message, now, ++nonce);
  };
  EXPECT_TRUE(code(kWang, kNoon).starts_with("Accepted"));
  EXPECT_EQ(code(kWang, kNoon + 30s), "RetryAfter 61s: isv.BUSINESS_LIMIT_CONTROL: 触发分钟级流控Permits:1");
  for (int i = 1; i < 5; ++i) EXPECT_TRUE(code(kWang, kNoon + i * 61s).starts_with("Acc"));
  EXPECT_TRUE(code(kWang, kNoon + 10min).starts_with("RetryAfter 3600s"));
  EXPECT_TRUE(code("+85291234567", kNoon + 10min).starts_with("Accepted"));
  // Notices have a limit of their own.
  for (std::uint64_t i = 0; i < 50; ++i)
    EXPECT_TRUE(sent(aliyun, cloud_, message_to(kWang), kNoon + 10min, 200 + i).starts_with("Acc"));
  EXPECT_EQ(sent(aliyun, cloud_, message_to(kWang), kNoon + 11min, 300),
            "RetryAfter 86400s: isv.BUSINESS_LIMIT_CONTROL: 触发天级流控Permits:50");
}

TEST_F(AliyunMeets, WhatItRefuses) {
  auto wrong = config_;
  wrong.access_key_secret = Secret("guess");
  EXPECT_EQ(sent(sms::Aliyun(wrong), cloud_, message_to(kWang), kNoon, 1),
            "RetryAfter 600s: SignatureDoesNotMatch:  ALARM");
  const sms::Aliyun aliyun(config_);
  const Sending late{.now = kNoon - 1h, .nonce = 2};
  const auto call = aliyun.compose(message_to(kWang), late);
  EXPECT_TRUE(describe(aliyun.judge(cloud_.handle(simulators::as_received(*call, kNoon)), {}, {}))
                  .starts_with("RetryAfter 600s: InvalidTimeStamp.Expired"));
  EXPECT_TRUE(sent(aliyun, cloud_, message_to(kWang), kNoon, 3).starts_with("Accepted"));
  EXPECT_TRUE(
      sent(aliyun, cloud_, message_to("+8613900139000"), kNoon, 3).starts_with("RetryAfter 10s: SignatureNonceUsed"));
  auto unsigned_one = config_;
  unsigned_one.cloud.signature = "别的物业";
  EXPECT_TRUE(sent(sms::Aliyun(unsigned_one), cloud_, message_to("+8613900139000"), kNoon, 4)
                  .starts_with("RetryAfter 600s: isv.SMS_SIGNATURE_ILLEGAL"));
  auto unknown = config_;
  unknown.cloud.templates[0].id = "SMS_2";
  EXPECT_TRUE(sent(sms::Aliyun(unknown), cloud_, message_to("+8613900139000"), kNoon, 5)
                  .starts_with("RetryAfter 600s: isv.SMS_TEMPLATE_ILLEGAL"));
  auto misnamed = config_;
  misnamed.cloud.templates[0].parameters[0].name = "no";
  EXPECT_TRUE(sent(sms::Aliyun(misnamed), cloud_, message_to("+8613900139000"), kNoon, 6)
                  .starts_with("Rejected isv.TEMPLATE_MISSING_PARAMETERS"));
  EXPECT_EQ(cloud_.sent().size(), 1U);
}

TEST_F(AliyunMeets, FailuresOnDemand) {
  const sms::Aliyun aliyun(config_);
  cloud_.fail_next("isv.AMOUNT_NOT_ENOUGH", "账户余额不足");
  EXPECT_TRUE(sent(aliyun, cloud_, message_to(kWang), kNoon, 1).ends_with("ALARM"));
  cloud_.fail_next({.failure = "timeout", .request_left = true});
  EXPECT_EQ(sent(aliyun, cloud_, message_to(kWang), kNoon, 2), "Unknown: timeout");
  cloud_.fail_next({.status = 503, .body = "<html/>"});
  EXPECT_TRUE(sent(aliyun, cloud_, message_to(kWang), kNoon, 3).starts_with("RetryAfter"));
  EXPECT_TRUE(sent(aliyun, cloud_, message_to(kWang), kNoon, 4).starts_with("Accepted"));
}

class TencentMeets : public testing::Test {
 protected:
  simulators::TencentCloud cloud_{{.secret_id = "AKID",
                                   .secret_key = "tencent-secret",
                                   .app_id = "1400006666",
                                   .signatures = {"滨江物业"},
                                   .templates = {{"1110", "工单{1}已登记：{2}"}}}};
  sms::Tencent::Config config_{.cloud = {.channel = "sms:estate",
                                         .api_url = "https://sms.tencentcloudapi.com",
                                         .signature = "滨江物业",
                                         .templates = templates("1110", "1", "2"),
                                         .guard = guard()},
                               .secret_id = "AKID",
                               .secret_key = Secret("tencent-secret"),
                               .app_id = "1400006666"};
};

TEST_F(TencentMeets, AMessageItsReceiptAndTheReply) {
  const sms::Tencent tencent(config_);
  EXPECT_TRUE(sent(tencent, cloud_, message_to(kWang), kNoon, 1).starts_with("Accepted 5000:"));
  EXPECT_EQ(cloud_.sent().at(0).text, "【滨江物业】工单HY1024-4已登记：厨房急漏水，打138*…");
  const auto by_id = tencent.parse(pushed("status", cloud_.statuses(0, false, false, kNoon), kNoon));
  EXPECT_EQ(describe(by_id->events.at(0).body), "receipt " + cloud_.sent()[0].id + " failed 002 关机");
  const auto by_key = tencent.parse(pushed("status", cloud_.statuses(0, true, true, kNoon), kNoon));
  EXPECT_EQ(describe(by_key->events.at(0).body), "receipt o42 delivered DELIVRD 用户短信送达成功");
  const auto reply = tencent.parse(pushed("reply", simulators::TencentCloud::reply(kWang, "退订", kNoon), kNoon));
  EXPECT_EQ(describe(reply->events.at(0).body), "text 退订");
  EXPECT_EQ(reply->events[0].peer.address, kWang);
}

TEST_F(TencentMeets, WhatItRefuses) {
  auto wrong = config_;
  wrong.secret_key = Secret("guess");
  EXPECT_TRUE(sent(sms::Tencent(wrong), cloud_, message_to(kWang), kNoon, 1)
                  .starts_with("RetryAfter 600s: AuthFailure.SignatureFailure"));
  const sms::Tencent tencent(config_);
  EXPECT_TRUE(sent(tencent, cloud_, message_to(kWang), kNoon, 1).starts_with("Accepted"));
  EXPECT_TRUE(sent(tencent, cloud_, message_to(kWang), kNoon + 5s, 2)
                  .starts_with("RetryAfter 31s: LimitExceeded.PhoneNumberThirtySecondLimit"));
  cloud_.block(kWang);
  EXPECT_TRUE(sent(tencent, cloud_, message_to(kWang), kNoon + 1min, 3).starts_with("PeerGone"));
  auto short_of_one = config_;
  short_of_one.cloud.templates[0].parameters.pop_back();
  EXPECT_TRUE(sent(sms::Tencent(short_of_one), cloud_, message_to("+8613900139000"), kNoon, 4)
                  .starts_with("RetryAfter 600s: FailedOperation.TemplateParamSetNotMatchApprovedTemplate"));
  const auto call = tencent.compose(message_to(kWang), {.now = kNoon - 1h});
  EXPECT_TRUE(describe(tencent.judge(cloud_.handle(simulators::as_received(*call, kNoon)), {}, {}))
                  .starts_with("RetryAfter 600s: AuthFailure.SignatureExpire"));
  cloud_.fail_next("InternalError.Timeout");
  EXPECT_TRUE(sent(tencent, cloud_, message_to("+8613900139000"), kNoon, 5).starts_with("Unknown"));
  for (int i = 0; i < 10; ++i) (void)sent(tencent, cloud_, message_to("+8613700137000"), kNoon + i * 1min, 6);
  EXPECT_TRUE(sent(tencent, cloud_, message_to("+8613700137000"), kNoon + 1h, 7).starts_with("RetryAfter 86400s"));
}

class TwilioMeets : public testing::Test {
 protected:
  simulators::TwilioCloud cloud_{
      {.sid = "AC1", .token = "twilio-token", .from = "+14155550101", .inbound_url = "https://h.test/hook/sms/estate"}};
  sms::Twilio::Config config_{.channel = "sms:estate",
                              .account_sid = "AC1",
                              .auth_token = {.current = Secret("twilio-token"), .previous = Secret()},
                              .from = "+14155550101",
                              .hook_path = "/hook/sms/estate",
                              .hook_url = "https://h.test/hook/sms/estate"};
};

TEST_F(TwilioMeets, AMessageItsReceiptAndAPhoto) {
  const sms::Twilio twilio(config_);
  EXPECT_TRUE(sent(twilio, cloud_, message_to("+14155550100"), kNoon, 1).starts_with("Accepted SM"));
  EXPECT_EQ(cloud_.sent().at(0).text, "已登记，工单号HY1024-4");
  const auto delivered = twilio.parse(cloud_.status(0, "delivered", kNoon));
  ASSERT_TRUE(delivered) << describe(delivered);
  EXPECT_EQ(describe(delivered->events.at(0).body), "receipt o42 delivered delivered");
  EXPECT_EQ(describe(twilio.parse(cloud_.status(0, "sent", kNoon))), "answer 204 ");
  EXPECT_EQ(describe(twilio.parse(cloud_.status(0, "undelivered", kNoon, 30003))->events.at(0).body),
            "receipt o42 failed undelivered 30003");
  const auto inbound =
      twilio.parse(cloud_.message("+14155550100", "Leak in the kitchen & hall", kNoon, {"image/jpeg"}));
  ASSERT_TRUE(inbound) << describe(inbound);
  ASSERT_EQ(inbound->events.size(), 2U);
  EXPECT_EQ(describe(inbound->events[0].body), "text Leak in the kitchen & hall");
  EXPECT_EQ(std::get<MediaMessage>(inbound->events[1].body).format, "image/jpeg");
}

TEST_F(TwilioMeets, ItKeepsWhoOptedOutByItself) {
  const sms::Twilio twilio(config_);
  EXPECT_EQ(describe(twilio.parse(cloud_.message("+14155550100", "STOP", kNoon))->events.at(0).body), "text STOP");
  EXPECT_EQ(sent(twilio, cloud_, message_to("+14155550100"), kNoon, 1), "PeerGone: 21610: ");
  EXPECT_TRUE(twilio.parse(cloud_.message("+14155550100", "START", kNoon)));
  EXPECT_TRUE(sent(twilio, cloud_, message_to("+14155550100"), kNoon, 2).starts_with("Accepted"));
}

TEST_F(TwilioMeets, WhatItRefuses) {
  auto wrong = config_;
  wrong.auth_token.current = Secret("guess");
  EXPECT_TRUE(
      sent(sms::Twilio(wrong), cloud_, message_to("+14155550100"), kNoon, 1).starts_with("RetryAfter 600s: 20003"));
  EXPECT_FALSE(sms::Twilio(wrong).parse(cloud_.message("+14155550100", "hi", kNoon)));
  const sms::Twilio twilio(config_);
  cloud_.fail_next(20429, 429);
  EXPECT_TRUE(sent(twilio, cloud_, message_to("+14155550100"), kNoon, 2).starts_with("RetryAfter 2s"));
  cloud_.fail_next(30007);
  EXPECT_TRUE(sent(twilio, cloud_, message_to("+14155550100"), kNoon, 3).starts_with("Rejected"));
  auto other = config_;
  other.from = "+14155550199";
  EXPECT_TRUE(
      sent(sms::Twilio(other), cloud_, message_to("+14155550100"), kNoon, 4).starts_with("RetryAfter 600s: 21606"));
}

}  // namespace
}  // namespace huiyin
