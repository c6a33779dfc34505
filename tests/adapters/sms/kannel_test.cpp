#include "adapters/sms/kannel.h"

#include <gtest/gtest.h>

#include "adapters/sms/segments.h"
#include "tests/adapters/sms/sms_requests.h"
#include "tests/describe.h"

namespace huiyin::sms {
namespace {

const std::string kMo = "id=7f3a&from=%2B8613800138000&ts=1795428712&";

std::string parsed(const std::string& what, const std::string& query) {
  return describe(Kannel(kannel_config()).parse(guarded(what, query)));
}

/// A call as Kannel 1.4.5 made it, behind our path.
std::string replayed(const std::string& file) {
  const auto target = sms_data("kannel/" + file);
  return parsed("mo", target.substr(target.find('?') + 1));
}

TEST(KannelParse, WhatKannelSent) {
  EXPECT_EQ(replayed("mo-gsm.target"),
            "sms:estate:mo:bfd75d7c-848d-4701-87df-b68a6c44b7b1 +8613800138000 @1795457718 text reply hello  there");
  EXPECT_EQ(replayed("mo-ucs2.target"),
            "sms:estate:mo:f20308e5-e76b-4dbf-bc3a-cac193e7510c +8613800138000 @1795457814 text 水管");
  EXPECT_EQ(replayed("mo-utf8.target"),
            "sms:estate:mo:4bb94d60-c544-4253-8d46-a366457ec99a +8613800138000 @1795457755 text 水管漏水了3栋");
  EXPECT_EQ(
      replayed("mo-binary.target"),
      "sms:estate:mo:9e9d50e7-40e3-4443-a036-5c782fdf154a - @1795457882 notice sms_from_no_phone detail=its sender "
      "is no mobile number");
}

TEST(KannelParse, PayloadInEventsOut) {
  const struct {
    const char* name;
    std::string what, query, expect;
  } table[] = {
      {"half a code unit", "mo", kMo + "text=%75&charset=UTF-16BE",
       "Reject malformed: text: not valid in the charset it names"},
      {"a lone surrogate", "mo", kMo + "text=%D8%3D&charset=UTF-16BE",
       "Reject malformed: text: not valid in the charset it names"},
      {"an emoji", "mo", kMo + "text=%D8%3D%DE%00&charset=UTF-16BE",
       "sms:estate:mo:7f3a +8613800138000 @1795428712 text 😀"},
      {"GBK", "mo", kMo + "text=%B5%E7%CC%DD&charset=GBK", "sms:estate:mo:7f3a +8613800138000 @1795428712 text 电梯"},
      {"no such charset", "mo", kMo + "text=a&charset=KLINGON",
       "Reject malformed: text: not valid in the charset it names"},
      {"binary", "mo", kMo + "text=%00%01&charset=8-BIT&coding=1",
       "sms:estate:mo:7f3a +8613800138000 @1795428712 unsupported sms_binary"},
      {"no id", "mo", "from=%2B8613800138000&text=hi&ts=1795428712", "Reject malformed: id: absent or too long"},
      {"no time", "mo", "id=1&from=%2B8613800138000&text=hi&ts=soon", "Reject malformed: ts: not a Unix time"},
      {"a short code", "mo", "id=7f3a&from=95588&text=hi&ts=1795428712",
       "sms:estate:mo:7f3a - @1795428712 notice sms_from_no_phone detail=its sender is no mobile number"},
      {"a name", "mo", "id=7f3a&from=BANK&text=hi&ts=1795428712",
       "sms:estate:mo:7f3a - @1795428712 notice sms_from_no_phone detail=its sender is no mobile number"},
      {"a part", "mo", kMo + "text=%E7%94%B5&charset=UTF-8&udh=%05%00%03%2A%03%02",
       "sms:estate:mo:7f3a +8613800138000 @1795428712 text 电 part=2/3 of 2a/3"},
      {"a part with a long reference", "mo", kMo + "text=a&udh=%06%08%04%01%02%02%01",
       "sms:estate:mo:7f3a +8613800138000 @1795428712 text a part=1/2 of 0102/2"},
      {"delivered", "dlr", "key=o42&dlr=1&reply=", "sms:estate:dlr:o42:1 - @1767323046 receipt o42 delivered dlr 1"},
      {"not delivered", "dlr", "key=o42&dlr=2&reply=", "sms:estate:dlr:o42:2 - @1767323046 receipt o42 failed dlr 2"},
      {"refused by the SMSC", "dlr", "key=o42&dlr=16&reply=NACK%2F",
       "sms:estate:dlr:o42:16 - @1767323046 receipt o42 failed NACK/"},
      {"on its way", "dlr", "key=o42&dlr=8&reply=ACK%2F", "answer 200 "},
      {"unknown report", "dlr", "key=o42&dlr=99", "Reject malformed: dlr: not one of 1, 2, 4, 8, 16"},
      {"no key", "dlr", "dlr=1", "Reject malformed: key: absent or too long"},
      {"another path", "mt", "a=b", "Reject unsupported: neither mo nor dlr"},
  };
  for (const auto& row : table) EXPECT_EQ(parsed(row.what, row.query), row.expect) << row.name;
}

TEST(KannelParse, TheSecretAndTheAddressAreAskedFirst) {
  auto config = kannel_config();
  config.guard.allow_from = {"10.0.0.0/8"};
  const Kannel kannel(config);
  auto request = guarded("mo", kMo + "text=hi");
  EXPECT_EQ(describe(kannel.parse(request)), "Reject bad_signature: the address is not in allow_from");
  request.remote = "10.1.2.3";
  EXPECT_TRUE(kannel.parse(request));
  for (const char* path : {"/hook/sms/estate", "/hook/sms/estate/", "/hook/sms/estate//mo", "/hook/sms/estate/guess/mo",
                           "/hook/sms/other/0123456789abcdef0123456789abcdef/mo"}) {
    request.path = path;
    EXPECT_EQ(describe(kannel.parse(request)), "Reject bad_signature: the path's secret") << path;
  }
  request.path = "/hook/sms/estate/previous-secret-16/mo";
  EXPECT_TRUE(kannel.parse(request)) << "while the secret is being changed";
}

TEST(KannelSend, ComposesWhatSendsmsTakes) {
  const auto call = Kannel(kannel_config()).compose(sms_to("+8613800138000", "工单HY1024-4已登记"), {});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->url, "http://kannel.test/cgi-bin/sendsms");
  EXPECT_EQ(call->body, "【滨江物业】工单HY1024-4已登记");
  const Fields expected = {
      {"Content-Type", "text/plain; charset=UTF-8"},
      {"X-Kannel-Username", "huiyin"},
      {"X-Kannel-Password", "pw"},
      {"X-Kannel-From", "10690000"},
      {"X-Kannel-To", "+8613800138000"},
      {"X-Kannel-Coding", "2"},
      {"X-Kannel-DLR-Mask", "19"},
      {"X-Kannel-DLR-Url", "http://huiyin.test/hook/sms/estate/" + kSecret + "/dlr?key=o42&dlr=%d&reply=%A"}};
  EXPECT_EQ(call->headers, expected);
}

TEST(KannelSend, WhatCannotGoIsNotTried) {
  const Kannel kannel(kannel_config());
  EXPECT_EQ(kannel.compose(sms_to("+861012345678", "hi"), {}).error().why, "not a number that gets SMS");
  EXPECT_EQ(kannel.compose(sms_to("95588", "hi"), {}).error().code, "number");
  EXPECT_EQ(kannel.compose(sms_to("+8613800138000", " \n"), {}).error().code, "text");
}

TEST(KannelSend, LatinGoesInSevenBitsAndTooMuchIsCut) {
  auto config = kannel_config();
  config.signature.clear();
  config.max_parts = 2;
  const Kannel kannel(config);
  const auto call = kannel.compose(sms_to("+14155552671", "Ticket HY1024-4 is open"), {});
  EXPECT_EQ(call->headers[5].second, "0");
  const auto long_text = sms_to("+8613800138000", std::string(1000, 'x'));
  EXPECT_EQ(count_segments(kannel.compose(long_text, {})->body).parts, 2U);
  EXPECT_EQ(kannel.parts_of(long_text), 2);
}

TEST(KannelSend, JudgesTheReply) {
  const struct {
    int status;
    const char *body, *expect;
  } table[] = {
      {202, "0: Accepted for delivery", "Accepted "},
      {202, "3: Queued for later delivery", "Accepted "},
      {202, "", "Unknown: 202 "},
      {503, "Temporal failure, try again later.", "RetryAfter 30s: 503 Temporal failure, try again later."},
      {403, "Authorization failed for sendsms", "RetryAfter 300s: 403 Authorization failed for sendsms ALARM"},
      {404, "Unknown request.", "RetryAfter 300s: 404 Unknown request. ALARM"},
      {400, "Number(s) has/have been denied by white- and/or black-lists.",
       "Rejected 400: 400 Number(s) has/have been denied by white- and/or black-lists."},
      {200, "<html>a proxy</html>", "Unknown: 200 <html>a proxy</html>"},
  };
  const Kannel kannel(kannel_config());
  for (const auto& row : table)
    EXPECT_EQ(describe(kannel.judge({.status = row.status, .body = row.body}, {}, {})), row.expect) << row.body;
}

TEST(KannelHeader, OnlyAWholePartCounts) {
  using namespace std::string_literals;
  for (const auto& header : {""s, "\x05"s, "\x05\x00\x03"s, "\x05\x00\x03\x2a\x01\x01"s, "\x05\x00\x03\x2a\x02\x03"s,
                             "\x05\x00\x03\x2a\x02\x00"s, "\x06\x05\x04\x0b\x84\x23\xf0"s, "\x05\x00\xff\x2a\x02\x01"s})
    EXPECT_FALSE(part_of_header(header)) << header.size();
  const auto behind_another = part_of_header("\x0b\x05\x04\x0b\x84\x23\xf0\x00\x03\x2a\x02\x01"s);
  ASSERT_TRUE(behind_another);
  EXPECT_EQ(behind_another->of, 2);
}

}  // namespace
}  // namespace huiyin::sms
