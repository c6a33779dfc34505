#include "adapters/sms/aliyun.h"

#include <gtest/gtest.h>

#include "tests/adapters/sms/sms_requests.h"
#include "tests/describe.h"

namespace huiyin::sms {
namespace {

Aliyun aliyun() { return Aliyun(aliyun_config()); }

std::string parsed(const std::string& what, const std::string& body) {
  return describe(aliyun().parse(guarded(what, "", body)));
}

TEST(AliyunParse, WhatAliyunPushes) {
  const struct {
    std::string what, file, expect;
  } table[] = {
      {"up", "up-single.json",
       "sms:estate:up:1234567890 +8613800138000 @1767324000 text 3栋501厨房水管漏水，请尽快来人"},
      {"up", "up-batch.json",
       "sms:estate:up:1234567890 +8613800138000 @1767324000 text 3栋501厨房水管漏水，请尽快来人 | "
       "sms:estate:up:1234567891 +8613900139000 @1767324000 text TD | "
       "sms:estate:up:1234567892 +8615900159000 @1767324000 text 5 服务很好👍"},
      {"up", "up-old-form.json", "sms:estate:up:1234567890 +8618612345678 @1504195200 text 内容"},
      {"report", "report-single.json",
       "sms:estate:report:outbox-42:1 - @1767323049 receipt outbox-42 delivered DELIVERED 用户接收成功"},
      {"report", "report-extra-fields.json",
       "sms:estate:report:outbox-42:1 - @1767323049 receipt outbox-42 delivered DELIVERED 用户接收成功"},
      {"report", "report-batch.json",
       "sms:estate:report:outbox-42:1 - @1767323049 receipt outbox-42 delivered DELIVERED 用户接收成功 | "
       "sms:estate:report:outbox-43:0 - @1767323049 receipt outbox-43 failed MK:0001 空号 | "
       "sms:estate:report:900619746936498442^0:0 - @1767323049 receipt 900619746936498442^0 failed UNDELIV 短信未送达"},
      {"report", "empty-array.json", "answer 200 {\"code\":0,\"msg\":\"接收成功\"}"},
      {"up", "bad-not-array.json", "Reject malformed: the body is no JSON array"},
      {"up", "bad-truncated.json", "Reject malformed: the body is no JSON array"},
  };
  for (const auto& row : table) EXPECT_EQ(parsed(row.what, sms_data("aliyun/" + row.file)), row.expect) << row.file;
}

TEST(AliyunParse, OneBadItemLeavesTheOthers) {
  const auto inbound = aliyun().parse(guarded(
      "up", "",
      R"([{"phone_number":"13800138000","content":"漏水","sequence_id":1},17,{"content":"x","sequence_id":2},)"
      R"({"phone_number":"13900139000","content":"电梯","sequence_id":"3"},{"phone_number":"13900139000","sequence_id":4}])"));
  ASSERT_TRUE(inbound);
  ASSERT_EQ(inbound->events.size(), 5U);
  EXPECT_EQ(inbound->raws.size(), 5U);
  EXPECT_EQ(describe(inbound->events[0].body), "text 漏水");
  EXPECT_EQ(describe(inbound->events[1].body), "notice sms_bad_item detail=no object");
  EXPECT_EQ(describe(inbound->events[2].body), "notice sms_from_no_phone detail=its sender is no mobile number");
  EXPECT_EQ(describe(inbound->events[3].body), "text 电梯");
  EXPECT_EQ(describe(inbound->events[4].body), "notice sms_bad_item detail=content: absent");
  EXPECT_EQ(inbound->raws[1], "17");
}

TEST(AliyunParse, ABrokenCharacterCostsNoOtherItem) {
  for (const char* words : {"漏水\\ud83d", "\\ude00漏水", "漏水\xff", "漏水\xe6\xb0"}) {
    const auto body =
        R"([{"phone_number":"13800138000","content":")" + std::string(words) +
        R"(","sequence_id":1},{"phone_number":"13900139000","content":"电梯\ud83d\ude00","sequence_id":2}])";
    const auto inbound = aliyun().parse(guarded("up", "", body));
    ASSERT_TRUE(inbound) << words;
    ASSERT_EQ(inbound->events.size(), 2U) << words;
    EXPECT_NE(describe(inbound->events[0].body).find("漏水"), std::string::npos) << words;
    EXPECT_EQ(describe(inbound->events[1].body), "text 电梯😀") << words;
  }
}

TEST(AliyunParse, TheSameReplyTwiceHasOneKey) {
  const auto inbound = aliyun().parse(guarded("up", "", sms_data("aliyun/up-duplicate.json")));
  ASSERT_TRUE(inbound);
  ASSERT_EQ(inbound->events.size(), 2U);
  EXPECT_EQ(inbound->events[0].key, inbound->events[1].key);
}

TEST(AliyunParse, TheConsolesProbeIsAnsweredAndNothingDone) {
  EXPECT_EQ(describe(aliyun().parse(guarded("up", ""))), "answer 200 {\"code\":0,\"msg\":\"成功\"}");
  auto forged = guarded("up", "");
  forged.path = "/hook/sms/estate/guess/up";
  EXPECT_EQ(describe(aliyun().parse(forged)), "Reject bad_signature: the path's secret");
  EXPECT_EQ(parsed("else", "[]"), "Reject unsupported: neither up nor report");
}

TEST(AliyunParse, ABatchHasALimit) {
  std::string body = "[0";
  for (int i = 0; i < 1000; ++i) body += ",0";
  EXPECT_EQ(parsed("up", body + "]"), "Reject too_large: more than 1000 items");
}

TEST(AliyunSend, ComposesASignedSendSms) {
  const Sending sending{.now = kReceived, .nonce = 7};
  const auto call = aliyun().compose(sms_to("+8613800138000", "已登记"), sending);
  ASSERT_TRUE(call) << call.error().why;
  EXPECT_EQ(call->body, "");
  EXPECT_EQ(call->url,
            "https://dysmsapi.aliyuncs.com/?OutId=o42&PhoneNumbers=13800138000&SignName="
            "%E6%B1%87%E9%9F%B3%E7%89%A9%E4%B8%9A&TemplateCode=SMS_123456789&TemplateParam="
            "%7B%221%22%3A%22HY1024-4%22%2C%222%22%3A%22%E7%8E%8B%E5%BB%BA%E5%9B%BD%22%7D");
  EXPECT_EQ(call->headers[0], std::pair(std::string("host"), std::string("dysmsapi.aliyuncs.com")));
  EXPECT_EQ(call->headers[3], std::pair(std::string("x-acs-date"), std::string("2026-01-02T03:04:06Z")));
  EXPECT_TRUE(call->headers.back().second.starts_with("ACS3-HMAC-SHA256 Credential=LTAI5tHuiyinTestKeyId,"));
}

TEST(AliyunSend, WhatCannotGoIsNotTried) {
  auto other = sms_to("+8613800138000", "好的");
  other.template_name = "thanks_reply";
  EXPECT_EQ(aliyun().compose(other, {}).error().why, "no approved template carries \"thanks_reply\"");
  EXPECT_EQ(aliyun().compose(sms_to("+861012345678", ""), {}).error().code, "number");
  auto bare = sms_to("+8613800138000", "已登记");
  bare.data.clear();
  EXPECT_EQ(aliyun().compose(bare, {}).error().why, "template SMS_123456789: 1 (number) is empty");
}

TEST(AliyunSend, CountsWhatIsBilled) {
  // 【汇音物业】您的报修已登记，工单号HY1024-4，王建国
  EXPECT_EQ(aliyun().parts_of(sms_to("+8613800138000", std::string(500, 'x'))), 1);
}

TEST(AliyunSend, JudgesTheFilesOfThePage) {
  const struct {
    int status;
    const char *file, *expect;
  } table[] = {
      {200, "send-ok.json", "Accepted 900619746936498440^0"},
      {200, "send-limit-minute.json", "RetryAfter 61s: isv.BUSINESS_LIMIT_CONTROL: 触发分钟级流控Permits:1"},
      {200, "send-limit-day.json", "RetryAfter 86400s: isv.BUSINESS_LIMIT_CONTROL: 触发天级流控Permits:10"},
      {200, "send-bad-number.json", "PeerGone: isv.MOBILE_NUMBER_ILLEGAL: 138001380001invalid mobile number"},
      {200, "send-no-money.json", "RetryAfter 600s: isv.AMOUNT_NOT_ENOUGH: 账户余额不足 ALARM"},
      {400, "send-signature-error.json", "RetryAfter 600s: SignatureDoesNotMatch:  ALARM"},
      {400, "send-throttling.json", "RetryAfter 2s: Throttling.User: Request was denied due to user flow control."},
  };
  for (const auto& row : table)
    EXPECT_EQ(
        describe(aliyun().judge({.status = row.status, .body = sms_data(std::string("aliyun/") + row.file)}, {}, {})),
        row.expect);
}

/// `RetryAfter 600s ALARM`: the result without its words.
std::string outline(SendResult result) {
  if (auto* retry = std::get_if<RetryAfter>(&result)) retry->why.clear();
  if (auto* gone = std::get_if<PeerGone>(&result)) gone->why.clear();
  if (auto* never = std::get_if<Rejected>(&result)) never->why = never->code = "";
  if (auto* unknown = std::get_if<Unknown>(&result)) unknown->why.clear();
  return describe(result);
}

TEST(AliyunSend, JudgesEveryCodeOfThePage) {
  const std::string mend = "RetryAfter 600s:  ALARM", never = "Rejected : ", soon = "RetryAfter 2s: ";
  const std::pair<const char*, std::string> table[] = {
      {"isv.DAY_LIMIT_CONTROL", mend},
      {"isv.MONTH_LIMIT_CONTROL", mend},
      {"Throttling", soon},
      {"Throttling.Api", soon},
      {"isv.MOBILE_COUNT_OVER_LIMIT", never},
      {"isv.OUT_OF_SERVICE", mend},
      {"isv.ACCOUNT_NOT_EXISTS", mend},
      {"isv.ACCOUNT_ABNORMAL", mend},
      {"isv.PRODUCT_UN_SUBSCRIPT", mend},
      {"isv.PRODUCT_UNSUBSCRIBE", mend},
      {"isp.RAM_PERMISSION_DENY", mend},
      {"isv.SMS_TEMPLATE_ILLEGAL", mend},
      {"isv.SMS_SIGNATURE_ILLEGAL", mend},
      {"isv.SIGN_NAME_ILLEGAL", mend},
      {"isv.SMS_SIGN_ILLEGAL", mend},
      {"isv.SIGN_STATE_ILLEGAL", mend},
      {"isv.SMS_SIGNATURE_SCENE_ILLEGAL", mend},
      {"isv.TEMPLATE_MISSING_PARAMETERS", never},
      {"isv.TEMPLATE_PARAMS_ILLEGAL", never},
      {"isv.INVALID_JSON_PARAM", never},
      {"isv.INVALID_PARAMETERS", never},
      {"isv.PARAM_LENGTH_LIMIT", never},
      {"isv.BLACK_KEY_CONTROL_LIMIT", never},
      {"isv.PARAM_NOT_SUPPORT_URL", never},
      {"isv.SMS_CONTENT_ILLEGAL", never},
      {"isv.EXTEND_CODE_ERROR", mend},
      {"isv.DOMESTIC_NUMBER_NOT_SUPPORTED", mend},
      {"isv.DENY_IP_RANGE", mend},
      {"isp.SYSTEM_ERROR", "RetryAfter 10s: "},
      {"SignatureNonceUsed", "RetryAfter 10s: "},
      {"InvalidTimeStamp.Expired", mend},
      {"InvalidAccessKeyId.NotFound", mend},
      {"isv.SOMETHING_NEW", mend},
  };
  for (const auto& [code, expect] : table)
    EXPECT_EQ(outline(aliyun().judge({.body = R"({"Code":")" + std::string(code) + R"(","Message":"words"})"}, {}, {})),
              expect)
        << code;
  EXPECT_EQ(outline(aliyun().judge(
                {.body = R"({"Code":"isv.BUSINESS_LIMIT_CONTROL","Message":"触发小时级流控Permits:5"})"}, {}, {})),
            "RetryAfter 3600s: ");
}

TEST(AliyunSend, AnAnswerThatIsNoneIsNotTakenForOne) {
  for (const char* body :
       {"", "<html/>", "{}", "[]", R"({"Code":"OK"})", R"({"Code":"OK","BizId":""})", R"({"Code":7.5})"})
    EXPECT_EQ(outline(aliyun().judge({.body = body}, {}, {})), "Unknown: ") << body;
  EXPECT_EQ(outline(aliyun().judge({.status = 502, .body = "<html/>"}, {}, {})), "RetryAfter 10s: ");
}

}  // namespace
}  // namespace huiyin::sms
