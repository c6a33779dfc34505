#include "adapters/sms/twilio.h"

#include <gtest/gtest.h>

#include "tests/adapters/sms/sms_requests.h"
#include "tests/describe.h"

namespace huiyin::sms {
namespace {

/// The URL of the recorded callbacks is https://bot.example.com/sms/twilio/in; those about our messages end on /status.
Twilio::Config recorded_config(bool status) {
  auto config = twilio_config();
  if (status) config.hook_url = "https://bot.example.com/sms/twilio";
  return config;
}

struct Recorded {
  HttpRequest request{};
  bool status = false;
};

/// The request that a payload's index entry describes.
Recorded recorded(const std::string& file, const std::string& signature) {
  Recorded out{.status = file.starts_with("status")};
  out.request = {.method = "POST", .path = std::string("/hook/sms/estate") + (out.status ? "/status" : "")};
  if (out.status) out.request.query = "ob=42";
  out.request.headers = {{"x-twilio-signature", signature}};
  out.request.body = sms_data("twilio/" + file);
  out.request.received_at = kReceived;
  return out;
}

std::string parsed(const std::string& file, const std::string& signature) {
  const auto [request, status] = recorded(file, signature);
  return describe(Twilio(recorded_config(status)).parse(request));
}

const std::string kIn = "sms:estate:in:SM0123456789abcdef0123456789abcdef";

TEST(TwilioParse, WhatTwilioCallsWith) {
  EXPECT_EQ(parsed("inbound.form", "CmcYFOP9fL4QbUN+jaYwRPTzZ74="),
            kIn + " +14155550100 @1767323046 text Leak in kitchen, building 3 unit 501");
  EXPECT_EQ(parsed("inbound-zh.form", "OHL9aOVy+oX5qotsaerkege69ZY="),
            kIn + " +14155550100 @1767323046 text 3栋501 水管漏水 & 急!\n第二行");
  EXPECT_EQ(parsed("inbound-stop.form", "vSmiQZOVwSsqPIxg7oWVc3ho30s="), kIn + " +14155550100 @1767323046 text STOP");
  EXPECT_EQ(
      parsed("inbound-whatsapp.form", "YogzkAMdPZS7Cm4PrI5FzuJyBcg="),
      "sms:estate:in:SMf0123456789abcdef0123456789abcde - @1767323046 notice sms_from_no_phone detail=its sender is "
      "no mobile number");
  const std::string media =
      "https://api.twilio.com/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages/"
      "MM0123456789abcdef0123456789abcdef/Media/ME0000000000000000000000000000000";
  EXPECT_EQ(parsed("inbound-mms.form", "WYsUIkGCnV27K9xRF+kCJ8P3vAk="),
            "sms:estate:in:MM0123456789abcdef0123456789abcdef:m0 +14155550100 @1767323046 image  url=" + media +
                "1 format=image/jpeg | sms:estate:in:MM0123456789abcdef0123456789abcdef:m1 +14155550100 @1767323046 "
                "video  url=" +
                media + "2 format=video/3gpp");
}

TEST(TwilioParse, WhatBecameOfOurs) {
  const std::string id = "SM0123456789abcdef0123456789abcdef";
  EXPECT_EQ(parsed("status-delivered.form", "fVe4aNCE9Yu/qp7tG9abRxzinhc="),
            "sms:estate:status:" + id + ":delivered - @1767323046 receipt " + id + " delivered delivered");
  EXPECT_EQ(parsed("status-undelivered.form", "LO4Ly5+OhJ4q3cfM6DfnwMKQQKc="),
            "sms:estate:status:" + id + ":undelivered - @1767323046 receipt " + id + " failed undelivered 30003");
  EXPECT_EQ(parsed("status-sent.form", "dMpRN6Olt4L1QLwoMNvbfF0V+TU="), "answer 204 ");
}

HttpRequest signed_request(const std::string& path, const std::string& query, const std::string& body,
                           const std::string& token = kTwilioToken) {
  HttpRequest request{.method = "POST", .path = "/hook/sms/estate" + path, .query = query};
  request.body = body;
  request.received_at = kReceived;
  const auto url = "https://bot.example.com/sms/twilio/in" + path + (query.empty() ? "" : "?" + query);
  request.headers = {{"x-twilio-signature", sign_twilio(token, url, parse_form(body))}};
  return request;
}

std::string parsed(const HttpRequest& request) { return describe(Twilio(twilio_config()).parse(request)); }

TEST(TwilioParse, OurKeyInTheStatusUrlNamesTheMessage) {
  const std::string body = "AccountSid=AC0123456789abcdef0123456789abcdef&MessageSid=SM1&MessageStatus=delivered";
  EXPECT_EQ(parsed(signed_request("/status", "key=o42", body)),
            "sms:estate:status:SM1:delivered - @1767323046 receipt o42 delivered delivered");
}

TEST(TwilioParse, ANumberThatNothingReachesIsMarkedByItsReceipt) {
  const std::string base = "AccountSid=AC0123456789abcdef0123456789abcdef&To=%2B14155550100&";
  const struct {
    const char* fields;
    bool gone;
  } table[] = {
      {"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30005", true},   // no such number
      {"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30006", true},   // a landline
      {"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003", false},  // switched off
      {"MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30007", false},  // a filter
      {"MessageSid=SM1&MessageStatus=undelivered", false},
      {"MessageSid=SM1&MessageStatus=delivered&ErrorCode=30005", false},
      {"SmsSid=SM1&SmsStatus=failed&ErrorCode=30005", true},  // as accounts of old are told
  };
  for (const auto& row : table) {
    const auto inbound = Twilio(twilio_config()).parse(signed_request("/status", "key=o42", base + row.fields));
    ASSERT_TRUE(inbound && inbound->events.size() == 1) << row.fields;
    EXPECT_EQ(std::get<Receipt>(inbound->events.front().body).peer_gone, row.gone) << row.fields;
    EXPECT_EQ(inbound->events.front().peer.address, row.gone ? "+14155550100" : "") << row.fields;
  }
}

TEST(TwilioParse, WordsAreNotLostOverAPictureThatCannotBe) {
  const auto inbound = Twilio(twilio_config())
                           .parse(signed_request("", "",
                                                 "AccountSid=AC0123456789abcdef0123456789abcdef&MessageSid=MM1&From=%"
                                                 "2B14155550100&Body=leak&NumMedia=2&MediaUrl0=ftp%3A%2F%2Fx&MediaUrl1="
                                                 "https%3A%2F%2Fapi.twilio.com%2Fm&MediaContentType1=image%2Fpng"));
  ASSERT_TRUE(inbound);
  ASSERT_EQ(inbound->events.size(), 3U);
  EXPECT_EQ(std::get<TextMessage>(inbound->events[0].body).text, "leak");
  EXPECT_TRUE(std::holds_alternative<Notice>(inbound->events[1].body));
  EXPECT_TRUE(std::holds_alternative<MediaMessage>(inbound->events[2].body));
}

TEST(TwilioParse, RefusesWhatIsNotSigned) {
  const std::string body = "AccountSid=AC0123456789abcdef0123456789abcdef&MessageSid=SM1&From=%2B14155550100&Body=hi";
  EXPECT_EQ(parsed(signed_request("", "", body)), "sms:estate:in:SM1 +14155550100 @1767323046 text hi");
  EXPECT_EQ(parsed(signed_request("", "", body, "22345678901234567890123456789012")),
            "sms:estate:in:SM1 +14155550100 @1767323046 text hi")
      << "the token before, while it is being changed";
  auto request = signed_request("", "", body);
  request.body += "&Evil=1";
  EXPECT_EQ(parsed(request), "Reject bad_signature: X-Twilio-Signature");
  EXPECT_EQ(parsed(signed_request("", "", body, "guess")), "Reject bad_signature: X-Twilio-Signature");
  EXPECT_EQ(parsed(signed_request("", "", "AccountSid=AC9&MessageSid=SM1")),
            "Reject bad_signature: AccountSid: another account");
  EXPECT_EQ(parsed(signed_request("/else", "", body)), "Reject unsupported: neither the hook nor its status");
}

TEST(TwilioParse, OptingInAnotherWordIsSaidInTheUsualOne) {
  const std::string base = "AccountSid=AC0123456789abcdef0123456789abcdef&MessageSid=SM1&From=%2B14155550100&";
  EXPECT_EQ(parsed(signed_request("", "", base + "Body=ARRET&OptOutType=STOP")),
            "sms:estate:in:SM1 +14155550100 @1767323046 text STOP");
  EXPECT_EQ(parsed(signed_request("", "", base + "Body=help&OptOutType=HELP")),
            "sms:estate:in:SM1 +14155550100 @1767323046 notice sms_help");
  EXPECT_EQ(parsed(signed_request("", "", base + "NumMedia=1&MediaUrl0=file%3A%2F%2F%2Fetc%2Fpasswd")),
            "sms:estate:in:SM1:m0 +14155550100 @1767323046 notice sms_bad_item detail=MediaUrl0: no https");
}

TEST(TwilioSend, ComposesACreate) {
  const auto call = Twilio(twilio_config()).compose(sms_to("+14155550100", "Ticket HY1024-4 is open."), {});
  ASSERT_TRUE(call) << call.error().why;
  EXPECT_EQ(call->url, "https://api.twilio.com/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json");
  const Fields form = {{"To", "+14155550100"},
                       {"Body", "Ticket HY1024-4 is open."},
                       {"From", "+14155550101"},
                       {"StatusCallback", "https://bot.example.com/sms/twilio/in/status?key=o42"}};
  EXPECT_EQ(call->form, form);
  EXPECT_EQ(call->headers.at(0).second,
            "Basic QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjoxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMg==");
}

TEST(TwilioSend, TheLongestTextHasItsLimit) {
  auto config = twilio_config();
  config.max_parts = 10;
  const Twilio twilio(config);
  const auto call = twilio.compose(sms_to("+14155550100", std::string(5000, 'x')), {});
  EXPECT_EQ(call->form[1].second.size(), 1530U);
  EXPECT_EQ(twilio.parts_of(sms_to("+14155550100", std::string(5000, 'x'))), 10);
}

TEST(TwilioSend, JudgesTheFilesOfThePage) {
  const struct {
    int status;
    const char *file, *expect;
  } table[] = {
      {201, "send-ok.json", "Accepted SM0123456789abcdef0123456789abcdef"},
      {400, "send-opted-out.json", "PeerGone: 21610: "},
      {400, "send-bad-number.json", "PeerGone: 21211: "},
      {429, "send-too-many.json", "RetryAfter 2s: 20429: Too Many Requests"},
  };
  const Twilio twilio(twilio_config());
  for (const auto& row : table)
    EXPECT_EQ(
        describe(twilio.judge({.status = row.status, .body = sms_data(std::string("twilio/") + row.file)}, {}, {})),
        row.expect);
}

TEST(TwilioSend, JudgesEveryCodeOfThePage) {
  const std::string mend = "RetryAfter 600s", gone = "PeerGone", never = "Rejected";
  const std::pair<int, std::string> table[] = {
      {20003, mend},
      {20429, "RetryAfter 2s"},
      {21211, gone},
      {21614, gone},
      {21612, gone},
      {21408, mend},
      {21606, mend},
      {21603, mend},
      {21212, mend},
      {21608, mend},
      {21610, gone},
      {21611, "RetryAfter 61s"},
      {21617, never},
      {30001, "RetryAfter 61s"},
      {30002, mend},
      {30003, "RetryAfter 3600s"},
      {30008, "RetryAfter 3600s"},
      {30004, gone},
      {30005, gone},
      {30006, gone},
      {30007, never},
      {30009, never},
      {30010, mend},
      {63001, mend},
      {63003, gone},
      {63007, mend},
      {63013, never},
      {63016, gone},
      {63018, "RetryAfter 2s"},
      {63024, gone},
      {99999, mend},
  };
  const Twilio twilio(twilio_config());
  for (const auto& [code, expect] : table) {
    const auto body = R"({"code":)" + std::to_string(code) + R"(,"message":"words","status":400})";
    const auto result = describe(twilio.judge({.status = 400, .body = body}, {}, {}));
    EXPECT_TRUE(result.starts_with(expect)) << code << ": " << result;
    EXPECT_EQ(result.ends_with(" ALARM"), expect == mend) << code;
  }
  EXPECT_EQ(describe(twilio.judge({.status = 503, .body = "<html/>"}, {}, {})), "RetryAfter 2s: HTTP 503");
}

TEST(TwilioMedia, ThePasswordGoesToTwilioAlone) {
  const Twilio twilio(twilio_config());
  MediaJob job{};
  job.url = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1";
  EXPECT_EQ(twilio.compose_fetch(job, {})->headers.size(), 1U);
  job.url = "https://api.twilio.com.evil.test/x";
  EXPECT_TRUE(twilio.compose_fetch(job, {})->headers.empty());
  EXPECT_TRUE(std::holds_alternative<Fetched>(twilio.judge_fetch({.status = 200}, job, {})));
  EXPECT_TRUE(std::holds_alternative<Rejected>(twilio.judge_fetch({.status = 404}, job, {})));
  EXPECT_TRUE(std::holds_alternative<RetryAfter>(twilio.judge_fetch({.status = 500}, job, {})));
  EXPECT_TRUE(std::get<RetryAfter>(twilio.judge_fetch({.status = 401}, job, {})).alarm);
  const HttpReply elsewhere{.status = 302, .headers = {{"location", "https://media.twiliocdn.com/x"}}};
  EXPECT_EQ(std::get<FetchElsewhere>(twilio.judge_fetch(elsewhere, job, {})).url, "https://media.twiliocdn.com/x");
}

}  // namespace
}  // namespace huiyin::sms
