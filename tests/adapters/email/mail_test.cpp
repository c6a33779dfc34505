#include <gtest/gtest.h>

#include "adapters/email/email.h"
#include "adapters/email/header_text.h"
#include "adapters/email/mail_writer.h"
#include "adapters/registry.h"
#include "tests/adapters/email/mails.h"
#include "tests/describe.h"

namespace huiyin::email {
namespace {

const Time kNoon{std::chrono::milliseconds(1795406400000)};
const Secret kKey("0123456789abcdef0123456789abcdef");

Email::Config config() {
  return {.channel = "email:feedback",
          .address = "feedback@wuye.example.cn",
          .from_name = "滨江物业",
          .key = {.current = kKey, .previous = Secret()},
          .bounces = "bounce@wuye.example.cn",
          .trusted_servers = {"mx.wuye.example.cn"},
          .smtp_url = "smtp://mail.test:587"};
}
const MailTokens kTokens({.current = kKey, .previous = Secret()}, "feedback@wuye.example.cn", "bounce@wuye.example.cn");

std::string parsed(const std::string& bytes, const std::string& recipient = {}) {
  const auto inbound = Email(config()).parse_raw({.bytes = bytes, .recipient = recipient, .received_at = kNoon});
  if (!inbound) return "Reject: " + inbound.error().what;
  const auto& event = inbound->events.front();
  return (event.peer.address.empty() ? "-" : event.peer.address) + " " + describe(event.body);
}

std::string mail(const std::string& headers, const std::string& body = "灯坏了") {
  return "From: Wang@QQ.com\r\nTo: feedback@wuye.example.cn\r\nContent-Type: text/plain; charset=utf-8\r\n" + headers +
         "\r\n" + body + "\r\n";
}

TEST(MailParse, WhatTheInboxKeepsGivesTheSameEvent) {
  const Email email(config());
  for (const auto& bytes : {mail("Subject: x\r\n"), mail("Subject: x\r\nMessage-ID: <1@qq.com>\r\n", ""),
                            mail("References: " + kTokens.message_id("o77", 1024) + "\r\n")}) {
    const auto came = email.parse_raw({.bytes = bytes, .received_at = kNoon});
    const auto again = email.reread(bytes, kNoon);
    ASSERT_TRUE(came && again);
    EXPECT_EQ(describe(again), describe(came));
  }
}

TEST(MailParse, MailInEventOut) {
  const auto token = kTokens.reply_address(1024);
  const auto forged = "feedback+1024.aaaaaaaaaaaa@wuye.example.cn";
  const auto ours = kTokens.message_id("o77", 1024);
  const struct {
    const char* name;
    std::string got, expect;
  } table[] = {
      {"new", parsed(mail("Subject: x\r\n")), "wang@qq.com mail \"x\n灯坏了\" files=0 ticket=0"},
      {"without a word", parsed(mail("Subject: x\r\n", "")), "wang@qq.com mail \"x\" files=0 ticket=0"},
      {"token of the envelope", parsed(mail("References: <a@b>\r\n"), token),
       "wang@qq.com mail \"灯坏了\" files=0 ticket=1024"},
      {"folded to upper case on its way", parsed(mail(""), "FEEDBACK" + token.substr(8)),
       "wang@qq.com mail \"灯坏了\" files=0 ticket=1024"},
      {"forged token", parsed(mail(""), forged), "wang@qq.com mail \"灯坏了\" files=0 ticket=0"},
      {"answers our Message-ID", parsed(mail("In-Reply-To: " + ours + "\r\n")),
       "wang@qq.com mail \"灯坏了\" files=0 ticket=1024"},
      {"far back in References", parsed(mail("References: " + ours + " <x@y> <z@y>\r\n")),
       "wang@qq.com mail \"灯坏了\" files=0 ticket=1024"},
      {"another's Message-ID in our domain", parsed(mail("In-Reply-To: <o77.1024.aaaaaaaaaaaa@wuye.example.cn>\r\n")),
       "wang@qq.com mail \"灯坏了\" files=0 ticket=0"},
      {"a robot", parsed(mail("Auto-Submitted: auto-replied\r\n")),
       "wang@qq.com mail \"灯坏了\" files=0 ticket=0 automatic"},
      {"our own mail", parsed(mail("X-Huiyin-Loop: " + kTokens.instance() + "\r\n")), "- notice own"},
      {"nothing", parsed(" \r\n"), "Reject: the message is empty"},
  };
  for (const auto& row : table) EXPECT_EQ(row.got, row.expect) << row.name;
}

/// What a pipe says of the envelope counts, though no server wrote it into the mail.
TEST(MailParse, TheEnvelopesNullSenderIsARobots) {
  const auto of = [](std::optional<std::string> sender) {
    const auto inbound =
        Email(config()).parse_raw({.bytes = mail("Subject: x\r\n"), .sender = std::move(sender), .received_at = kNoon});
    return std::get<MailMessage>(inbound->events.front().body).automatic;
  };
  EXPECT_TRUE(of(""));
  EXPECT_FALSE(of("wang@qq.com"));
  EXPECT_FALSE(of(std::nullopt));
}

TEST(MailParse, WithoutFromTheEnvelopeSaysWhomToAnswer) {
  const auto of = [](std::optional<std::string> sender) {
    return Email(config()).parse_raw({.bytes = "To: feedback@feedback.example\r\nSubject: 报修\r\n\r\n厨房水管漏水\r\n",
                                      .sender = std::move(sender),
                                      .received_at = kNoon});
  };
  const auto inbound = of("wang@owners.example");
  ASSERT_TRUE(inbound);
  EXPECT_EQ(inbound->events.at(0).peer.address, "wang@owners.example");
  EXPECT_FALSE(of(std::nullopt));
}

TEST(MailParse, ABounceFindsItsRow) {
  const auto report = [](const std::string& to, const std::string& status, const std::string& original) {
    return "From: MAILER-DAEMON@mx.example\r\nReturn-Path: <>\r\nTo: " + to +
           "\r\nContent-Type: multipart/report; report-type=delivery-status; "
           "boundary=b\r\n\r\n--b\r\n\r\nsorry\r\n--b\r\n"
           "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; "
           "wang@qq.com\r\nAction: failed\r\nStatus: " +
           status +
           "\r\nDiagnostic-Code: smtp; 550 no\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: " +
           original + "\r\n--b--\r\n";
  };
  EXPECT_EQ(parsed(report(kTokens.bounce_address("o42"), "5.1.1", "<x@y>")),
            "wang@qq.com receipt o42 failed 5.1.1 550 no");
  EXPECT_EQ(parsed(report("x@y.example", "5.2.2", kTokens.message_id("o43", 0))),
            "wang@qq.com receipt o43 failed 5.2.2 550 no");
  EXPECT_EQ(parsed(report("bounce+o42.aaaaaaaaaaaa@wuye.example.cn", "5.1.1", "<x@y>")),
            "- notice mail_report detail=failed 5.1.1 550 no");
}

TEST(MailParse, TheSameMailHasTheSameKeyHoweverItCame) {
  const Email email(config());
  const auto key = [&](const std::string& bytes) {
    return email.parse_raw({.bytes = bytes, .received_at = kNoon})->events.front().key;
  };
  const auto one = mail("Message-ID: <1@qq.com>\r\nSubject: x\r\n");
  auto lines = one;
  std::erase(lines, '\r');
  EXPECT_EQ(key(one), key("Received: by relay\r\n" + one));
  EXPECT_EQ(key(one), key(lines));
  EXPECT_NE(key(one), key(mail("Message-ID: <1@qq.com>\r\nSubject: x\r\n", "门坏了")));
  EXPECT_LE(key(one).size(), 255U);
}

OutboundMessage answer() {
  return {.key = "o42",
          .to = {"email:feedback", "wang@qq.com"},
          .text = "王建国，您好！\n来信已收到，登记为工单 HY1024-4。\n\nhttps://a.example/x?a=1&b=2 <看这里>",
          .locale = "zh-CN",
          .thread = {.subject = "电梯坏了", .message_id = "<1@qq.com>", .references = {"<0@qq.com>"}, .ticket = 1024},
          .answer = true};
}

TEST(MailCompose, WhatIsWrittenCanBeRead) {
  const auto call = Email(config()).compose(answer(), {.now = kNoon, .created = kNoon});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->url, "smtp://mail.test:587");
  EXPECT_EQ(call->smtp->from, kTokens.bounce_address("o42"));
  EXPECT_EQ(call->smtp->to, "wang@qq.com");
  EXPECT_EQ(call->body.find('\n'), call->body.find("\r\n") + 1);
  for (std::size_t at = 0; (at = call->body.find('\n', at)) != std::string::npos; ++at)
    EXPECT_EQ(call->body[at - 1], '\r');
  const auto read = parse_mail(call->body, {.own = {.domains = {"other.example"}}});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->subject, "Re: 电梯坏了");
  EXPECT_EQ(read->from, (MailAddress{"滨江物业", "feedback@wuye.example.cn"}));
  EXPECT_EQ(read->reply_to, kTokens.reply_address(1024));
  EXPECT_EQ(read->message_id, kTokens.message_id("o42", 1024));
  EXPECT_EQ(read->in_reply_to, std::vector<std::string>{"<1@qq.com>"});
  EXPECT_EQ(read->references,
            (std::vector<std::string>{kTokens.message_id("ticket", 1024), "<0@qq.com>", "<1@qq.com>"}));
  EXPECT_EQ(read->new_text, answer().text);
  EXPECT_TRUE(read->automatic);  // to whoever gets it: no robot answers it
  EXPECT_NE(html_of(answer().text, "zh-CN").find("<a href=\"https://a.example/x?a=1&amp;b=2\">"), std::string::npos);
  EXPECT_NE(html_of(answer().text, "zh-CN").find("&lt;看这里&gt;"), std::string::npos);
}

TEST(MailCompose, ANoticeStandsInItsTicketsThreadAndItsSubjectIsCutVisibly) {
  auto message = answer();
  message.thread = {.ticket = 1024};
  message.answer = false;
  const auto subject = [&](const std::string& text) {
    message.text = text;
    const auto call = Email(config()).compose(message, {.now = kNoon});
    const auto read = parse_mail(call.value().body, {.own = {.domains = {"other.example"}}});
    EXPECT_EQ(read->references, std::vector<std::string>{kTokens.message_id("ticket", 1024)});
    EXPECT_EQ(read->in_reply_to, std::vector<std::string>());
    return read->subject;
  };
  EXPECT_EQ(subject("您报的“厨房水管漏水”（HY1024-4）已派给张师傅，会尽快处理。\n第二行"),
            "【滨江物业】您报的“厨房水管漏水”（HY1024-4）已派给张师傅，会尽快处理。");
  EXPECT_EQ(subject("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十甲"),
            "【滨江物业】一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十…");
}

TEST(MailCompose, AHtmlPageThatIsGivenIsSent) {
  const auto call = Email(config()).compose(answer(), {.now = kNoon, .page = "<p>整页</p>"});
  ASSERT_TRUE(call);
  EXPECT_NE(call->body.find("PHA+5pW06aG1PC9wPg=="), std::string::npos);
}

TEST(MailCompose, TextBecomesHtml) {
  const struct {
    const char *name, *text, *expect;
  } table[] = {
      {"paragraphs", "一\n二\n\n三", "<p>一<br>\n二</p>\n<p>三</p>"},
      {"others' markup", "<script>&\"", "<p>&lt;script&gt;&amp;&quot;</p>"},
      {"a link", "见 https://a.test/t/x。", "<p>见 <a href=\"https://a.test/t/x\">https://a.test/t/x</a>。</p>"},
      {"a survey's answer", "很满意 https://a.test/s/abc.d-e?score=5\n好",
       "<p><a href=\"https://a.test/s/abc.d-e?score=5\">很满意</a><br>\n好</p>"},
      {"no disguise for other links", "很满意 https://evil.test/?score=5",
       "<p>很满意 <a href=\"https://evil.test/?score=5\">https://evil.test/?score=5</a></p>"},
  };
  for (const auto& row : table) EXPECT_EQ(html_body(row.text), row.expect) << row.name;
}

TEST(MailCompose, NothingFromOthersBecomesAHeader) {
  auto message = answer();
  message.thread.subject = "x\r\nBcc: all@example.com";
  const auto call = Email(config()).compose(message, {.now = kNoon});
  EXPECT_EQ(call->body.find("\r\nBcc:"), std::string::npos);
  for (const auto* address : {"a@b\r\nRCPT TO:<c@d>", "王@b.cn", "a b@c", "<a@b>", "a@b> SIZE=1", ""}) {
    message.to.address = address;
    EXPECT_FALSE(Email(config()).compose(message, {.now = kNoon})) << address;
  }
}

TEST(MailJudge, WhatTheServerSays) {
  const auto judged = [](int status, const std::string& line, bool left = false, bool failed = true) {
    HttpReply reply{.status = status, .body = line, .request_left = left};
    if (failed) reply.failure = "it failed";
    return describe(Email(config()).judge(reply, answer(), {}));
  };
  EXPECT_EQ(judged(250, "250 2.0.0 Ok", true, false), "Accepted " + kTokens.message_id("o42", 1024));
  EXPECT_EQ(judged(550, "550 5.1.1 no such user"), "PeerGone: 550 550 5.1.1 no such user");
  EXPECT_EQ(judged(552, "552 5.3.4 too big"), "Rejected 5.3.4: 552 552 5.3.4 too big");
  EXPECT_EQ(judged(552, "552 5.2.2 full"), "RetryAfter 3600s: 552 552 5.2.2 full");
  EXPECT_EQ(judged(451, "451 4.3.0 later").substr(0, 10), "RetryAfter");
  EXPECT_EQ(judged(535, "535 5.7.8 who").substr(0, 10), "RetryAfter");
  EXPECT_EQ(judged(0, "", true), "Unknown: it failed");
  EXPECT_EQ(judged(0, "").substr(0, 10), "RetryAfter");
}

TEST(MailTokens, AreNobodyElses) {
  const MailTokens other({.current = Secret("another key, another company......"), .previous = Secret()},
                         "feedback@wuye.example.cn", "");
  EXPECT_EQ(kTokens.ticket_of_address(kTokens.reply_address(7)), 7);
  EXPECT_EQ(other.ticket_of_address(kTokens.reply_address(7)), std::nullopt);
  EXPECT_EQ(other.bounce_address("o1"), "");
  const MailTokens rotated({.current = Secret("new key"), .previous = kKey}, "feedback@wuye.example.cn", "");
  EXPECT_EQ(rotated.ticket_of_address(kTokens.reply_address(7)), 7);
  EXPECT_EQ(kTokens.find_message_id("Original id " + kTokens.message_id("o9", 3) + ".")->row_key, "o9");
  EXPECT_LE(kTokens.reply_address(999999999).find('@'), 64U);
}

}  // namespace
}  // namespace huiyin::email
