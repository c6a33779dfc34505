#include "adapters/sms/tencent.h"

#include <gtest/gtest.h>

#include "tests/adapters/sms/sms_requests.h"
#include "tests/describe.h"

namespace huiyin::sms {
namespace {

Tencent tencent() { return Tencent(tencent_config()); }

std::string parsed(const std::string& what, const std::string& body) {
  return describe(tencent().parse(guarded(what, "", body)));
}

TEST(TencentParse, WhatTencentCallsBackWith) {
  const std::string delivered =
      "sms:estate:status:5000:1045710669157053657849499619:SUCCESS - @1767323049 receipt "
      "5000:1045710669157053657849499619 delivered DELIVRD 用户短信送达成功";
  EXPECT_EQ(parsed("status", sms_data("tencent/status-single.json")), delivered);
  EXPECT_EQ(parsed("reply", sms_data("tencent/status-single.json")), delivered) << "one URL for both does as well";
  EXPECT_EQ(parsed("status", sms_data("tencent/status-ext.json")),
            "sms:estate:status:outbox-42:SUCCESS - @1767323049 receipt outbox-42 delivered DELIVRD 用户短信送达成功");
  const auto batch = tencent().parse(guarded("status", "", sms_data("tencent/status-batch.json")));
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->events.size(), 3U);
  EXPECT_EQ(describe(batch->events[1].body),
            "receipt 5000:1045710669157053657849499620 failed 002 关机/停机/无法接通手机/不在服务区");
  EXPECT_EQ(parsed("status", "[]"), "answer 200 {\"result\":0,\"errmsg\":\"OK\"}");
}

TEST(TencentParse, ARepliesIdentityIsWhatItSays) {
  const auto first = tencent().parse(guarded("reply", "", sms_data("tencent/reply.json")));
  ASSERT_TRUE(first);
  ASSERT_EQ(first->events.size(), 1U);
  const auto& event = first->events[0];
  EXPECT_EQ(event.peer.address, "+8613800138000");
  EXPECT_EQ(describe(event.body), "text 3栋501厨房水管漏水");
  EXPECT_EQ(event.sent_at, Time(std::chrono::seconds(1767323045)));
  const auto later = tencent().parse(guarded(
      "reply", "",
      R"({"extend":"","mobile":"13800138000","nationcode":"86","sign":"x","text":"3栋501厨房水管漏水","time":1767323046})"));
  EXPECT_NE(later->events[0].key, event.key);
  const auto again = tencent().parse(guarded("reply", "", sms_data("tencent/reply.json")));
  EXPECT_EQ(again->events[0].key, event.key);
  EXPECT_EQ(describe(tencent().parse(guarded("reply", "", sms_data("tencent/reply-optout.json")))->events[0].body),
            "text  退订 ");
}

TEST(TencentParse, OneBadItemLeavesTheOthers) {
  const auto inbound = tencent().parse(guarded(
      "status", "",
      R"([{"sid":"5000:1","report_status":"SUCCESS"},null,{"report_status":"FAIL"},{"sid":"5000:2","report_status":"MAYBE"}])"));
  ASSERT_TRUE(inbound);
  ASSERT_EQ(inbound->events.size(), 4U);
  EXPECT_EQ(describe(inbound->events[0].body), "receipt 5000:1 delivered ");
  for (std::size_t i = 1; i < 4; ++i)
    EXPECT_TRUE(describe(inbound->events[i].body).starts_with("notice sms_bad_item")) << i;
}

TEST(TencentParse, RefusesWhatIsNone) {
  EXPECT_EQ(parsed("status", "[{"), "Reject malformed: the body is neither a JSON array nor an object");
  EXPECT_EQ(parsed("mo", "{}"), "Reject unsupported: neither reply nor status");
  auto forged = guarded("reply", "", "{}");
  forged.path = "/hook/sms/estate/guess/reply";
  EXPECT_EQ(describe(tencent().parse(forged)), "Reject bad_signature: the path's secret");
  EXPECT_TRUE(parsed("reply", R"({"mobile":"13800138000","nationcode":"86"})").find("sms_bad_item") !=
              std::string::npos);
  EXPECT_TRUE(parsed("reply", R"({"mobile":"95588","nationcode":"86","text":"x"})").find("sms_from_no_phone") !=
              std::string::npos);
}

TEST(TencentSend, ComposesASignedSendSms) {
  const auto call = tencent().compose(sms_to("+8613800138000", "已登记"), {.now = kReceived});
  ASSERT_TRUE(call) << call.error().why;
  EXPECT_EQ(call->url, "https://sms.tencentcloudapi.com/");
  EXPECT_EQ(
      call->body,
      R"({"PhoneNumberSet":["+8613800138000"],"SmsSdkAppId":"1400006666","TemplateId":"1110","SignName":"汇音物业",)"
      R"("TemplateParamSet":["HY1024-4","王建国"],"SessionContext":"o42"})");
  EXPECT_EQ(call->headers[1], std::pair(std::string("Host"), std::string("sms.tencentcloudapi.com")));
  EXPECT_EQ(call->headers[5].second, "1767323046");
  EXPECT_TRUE(call->headers.back().second.starts_with(
      "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2026-01-02/sms/tc3_request, "));
}

TEST(TencentSend, JudgesTheFilesOfThePage) {
  const struct {
    const char *file, *expect;
  } table[] = {
      {"send-ok.json", "Accepted 5000:1045710669157053657849499619"},
      {"send-mixed.json", "Accepted 5000:1045710669157053657849499619"},
      {"send-error.json",
       "RetryAfter 600s: AuthFailure.SignatureFailure: The provided credentials could not be validated. Please check "
       "your signature is correct. ALARM"},
  };
  for (const auto& row : table)
    EXPECT_EQ(describe(tencent().judge({.body = sms_data(std::string("tencent/") + row.file)}, {}, {})), row.expect);
}

TEST(TencentSend, JudgesEveryCodeOfThePage) {
  const std::string mend = "RetryAfter 600s", never = "Rejected", tomorrow = "RetryAfter 86400s", gone = "PeerGone";
  const std::pair<const char*, std::string> table[] = {
      {"LimitExceeded.PhoneNumberThirtySecondLimit", "RetryAfter 31s"},
      {"LimitExceeded.PhoneNumberOneHourLimit", "RetryAfter 3600s"},
      {"LimitExceeded.PhoneNumberDailyLimit", tomorrow},
      {"LimitExceeded.PhoneNumberSameContentDailyLimit", never},
      {"LimitExceeded.DeliveryFrequencyLimit", "RetryAfter 3600s"},
      {"LimitExceeded.AppDailyLimit", mend},
      {"LimitExceeded.AppMainlandChinaDailyLimit", mend},
      {"RequestLimitExceeded", "RetryAfter 2s"},
      {"RequestLimitExceeded.IPLimitExceeded", "RetryAfter 2s"},
      {"FailedOperation.PhoneNumberInBlacklist", gone},
      {"InvalidParameterValue.IncorrectPhoneNumber", gone},
      {"FailedOperation.InsufficientBalanceInSmsPackage", mend},
      {"UnauthorizedOperation.SerivceSuspendDueToArrears", mend},
      {"FailedOperation.SignatureIncorrectOrUnapproved", mend},
      {"FailedOperation.TemplateIncorrectOrUnapproved", mend},
      {"FailedOperation.MissingSignature", mend},
      {"FailedOperation.TemplateParamSetNotMatchApprovedTemplate", mend},
      {"FailedOperation.TemplateUnapprovedOrNotExist", mend},
      {"FailedOperation.ContainSensitiveWord", never},
      {"InvalidParameterValue.ProhibitedUseUrlInTemplateParameter", never},
      {"InvalidParameterValue.TemplateParameterLengthLimit", never},
      {"InvalidParameterValue.TemplateParameterFormatError", never},
      {"InvalidParameterValue.ContentLengthLimit", never},
      {"FailedOperation.MarketingSendTimeConstraint", "RetryAfter 3600s"},
      {"UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber", never},
      {"InternalError.Timeout", "Unknown"},
      {"InternalError.SendAndRecvFail", "Unknown"},
      {"InternalError.OtherError", "Unknown"},
      {"AuthFailure.SignatureExpire", mend},
      {"AuthFailure.SecretIdNotFound", mend},
      {"Something.New", mend},
  };
  for (const auto& [code, expect] : table) {
    const auto whole = R"({"Response":{"Error":{"Code":")" + std::string(code) + R"(","Message":"words"}}})";
    const auto each =
        R"({"Response":{"SendStatusSet":[{"SerialNo":"","Code":")" + std::string(code) + R"(","Message":"words"}]}})";
    for (const auto& body : {whole, each}) {
      const auto result = describe(tencent().judge({.body = body}, {}, {}));
      EXPECT_TRUE(result.starts_with(expect)) << code << ": " << result;
      EXPECT_EQ(result.ends_with(" ALARM"), expect == mend) << code;
    }
  }
}

TEST(TencentSend, AnAnswerThatIsNoneIsNotTakenForOne) {
  for (const char* body : {"", "[]", "{}", R"({"Response":{}})", R"({"Response":{"SendStatusSet":[]}})",
                           R"({"Response":{"SendStatusSet":[{"Code":"Ok","SerialNo":""}]}})",
                           R"({"Response":{"SendStatusSet":[{"Code":"ok","SerialNo":"5000:1"}]}})"})
    EXPECT_FALSE(std::holds_alternative<Accepted>(tencent().judge({.body = body}, {}, {}))) << body;
}

}  // namespace
}  // namespace huiyin::sms
