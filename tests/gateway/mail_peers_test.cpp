// Others who write by themselves: robots, a mailing list, another Huiyin, mail servers that give back what they cannot
// deliver. Each lives behind the test's Postfix, and every exchange with it ends.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include "tests/gateway/mail_rig.h"

namespace huiyin::gateway {
namespace {

class MailPeers : public MailEnd {
 protected:
  /// A mail to us whose sender gets what we answer.
  void write_from(const std::string& sender, const std::string& words = kWhole) const {
    servers_.send(sender, "feedback@feedback.test.invalid", letter("m", words, "", sender));
  }
  /// A program that answers every mail: to Reply-To, as people's programs do, with these further header lines.
  [[nodiscard]] std::string robot(const std::string& more) const {
    return fmt::format(R"(#!/usr/bin/env python3
import email, email.utils, smtplib, sys, uuid
mail = email.message_from_binary_file(sys.stdin.buffer)
me, to = sys.argv[2], email.utils.parseaddr(mail["Reply-To"] or mail["From"])[1]
head = "From: %s\r\nTo: %s\r\nSubject: Re: x\r\nMessage-ID: <%s@robot>\r\nIn-Reply-To: %s\r\n" % (
    me, to, uuid.uuid4(), mail["Message-ID"])
body = "{}Content-Type: text/plain; charset=utf-8\r\n\r\n我在休假，回来后答复您。\r\n"
smtplib.SMTP("127.0.0.1", {}).sendmail(me, [to], (head + body).encode())
)",
                       more, servers_.value("SMTP"));
  }
};

// The 4th mail is the first that is not answered; what it led to is committed with it. Beside the answers he is told
// once what his ticket still lacks, when its timer fires, and answers that too.
TEST_P(MailPeers, OneThatNothingTellsFromAPersonIsAnsweredThreeTimesAnHour) {
  serve("");
  servers_.add_peer("robot", robot(""));
  write_from("wang@robot.peers.test.invalid", "厨房水管漏水");
  const auto mails = "inbox WHERE delivery_key LIKE 'email:feedback:%' AND peer='wang@robot.peers.test.invalid'";
  ASSERT_TRUE(becomes([&] { return house_.count(mails) >= 4; }));
  EXPECT_EQ(house_.count("outbox WHERE message LIKE '%\"answer\":true%'"), 3);
  EXPECT_EQ(house_.count("tickets"), 1);
}

TEST_P(MailPeers, OneThatWritesANewMailEachTimeIsNotAnsweredWithoutEndEither) {
  serve("");
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(run(house_.deliver(), letter(fmt::format("r{}", i), fmt::format("您好，第{}次，水管漏水", i))).code,
              EX_OK);
  ASSERT_TRUE(arrive("all", 3));
  EXPECT_EQ(house_.count("outbox"), 3);
  // Our own answers, as a list or a forwarding rule sends them back.
  for (const auto& mail : servers_.mails("all")) EXPECT_EQ(run(house_.deliver(), mail).code, EX_OK);
  EXPECT_EQ(house_.count("outbox"), 3);
}

TEST_P(MailPeers, AVacationAnswerIsKeptAndNotAnswered) {
  serve("");
  servers_.add_peer("robot", robot("Auto-Submitted: auto-replied\\r\\n"));
  write_from("wang@robot.peers.test.invalid", "厨房水管漏水");
  ASSERT_TRUE(
      house_.counts("inbox WHERE delivery_key LIKE 'email:feedback:%' AND peer='wang@robot.peers.test.invalid'", 2));
  EXPECT_EQ(house_.count("outbox"), 1);
  EXPECT_EQ(house_.count("ticket_history WHERE action='add_details'"), 0);
}

TEST_P(MailPeers, AMailingListIsNotAnswered) {
  serve("");
  servers_.add_peer("list", fmt::format(R"(#!/usr/bin/env python3
import smtplib, sys
mail = b"List-Id: <owners.list.peers.test.invalid>\r\nPrecedence: list\r\nSender: owners-bounces@list.peers.test.invalid\r\n" \
    + b"Reply-To: owners@list.peers.test.invalid\r\n" + sys.stdin.buffer.read()
smtplib.SMTP("127.0.0.1", {}).sendmail("owners-bounces@list.peers.test.invalid", ["feedback@feedback.test.invalid"], mail)
)",
                                        servers_.value("SMTP")));
  servers_.send("wang@owners.test.invalid", "owners@list.peers.test.invalid", letter("l", "大家好，电梯又坏了"));
  ASSERT_TRUE(house_.counts("inbox WHERE delivery_key LIKE 'email:feedback:%' AND peer='wang@owners.test.invalid'", 1));
  EXPECT_EQ(house_.count("outbox"), 0);
  EXPECT_EQ(house_.count("tickets"), 0);
}

TEST_P(MailPeers, TwoOfUsSayOneWordToEachOther) {
  serve("");
  const MailHouse other(GetParam(), servers_, "second.peers.test.invalid");
  const auto second = other.serve("");
  servers_.add_peer("second", fmt::format("#!/bin/sh\nexec {} deliver --socket {} --sender \"$1\" --recipient \"$2\"\n",
                                          HUIYIN_PROGRAM, servers_.file("second.peers.test.invalid.one.sock")));
  // Somebody of the other company writes from its feedback address.
  write_from("feedback@second.peers.test.invalid");
  ASSERT_TRUE(other.counts("inbox WHERE delivery_key LIKE 'email:feedback:%'", 1));
  EXPECT_EQ(other.count("outbox"), 0);
  EXPECT_EQ(other.count("tickets"), 0);
  EXPECT_EQ(house_.count("outbox"), 1);
}

TEST_P(MailPeers, AHardBounceEndsTheRowAndMarksThePeer) {
  serve("");
  write_from("wang@gone.peers.test.invalid");
  EXPECT_TRUE(house_.counts("outbox WHERE state='dead' AND receipt LIKE '5.1.1 %'", 1));
  EXPECT_EQ(house_.count("conversations WHERE address='wang@gone.peers.test.invalid' AND gone=1"), 1);
}

TEST_P(MailPeers, ASoftBounceIsTriedAgainLater) {
  serve("");
  servers_.add_peer("full", "#!/bin/sh\necho '5.2.2 mailbox full'\nexit 73\n");
  write_from("wang@full.peers.test.invalid");
  EXPECT_TRUE(house_.counts("outbox WHERE state='waiting' AND attempts=1 AND last_error LIKE '5.2.2 %'", 1));
  EXPECT_EQ(house_.count("outbox_queue WHERE address='wang@full.peers.test.invalid'"), 1);
  EXPECT_EQ(house_.count("conversations WHERE gone=1"), 0);
}

// Refused for what we are (SPF, DKIM, a block list), not for who he is: no address is marked, and the operator hears.
TEST_P(MailPeers, ABounceThatBlamesOurSetUpIsTheOperators) {
  serve("alarms: {to: ['email:feedback/ops@owners.test.invalid']}\n");
  servers_.add_peer("strict", "#!/bin/sh\nsleep 2\necho '5.7.1 SPF check failed'\nexit 77\n");
  write_from("wang@strict.peers.test.invalid");
  EXPECT_TRUE(house_.counts("outbox WHERE state='dead' AND receipt LIKE '5.7.1 %'", 1));
  EXPECT_TRUE(house_.counts("outbox WHERE address='ops@owners.test.invalid' AND message LIKE '%5.7.1%'", 1));
  EXPECT_EQ(house_.count("conversations WHERE gone=1"), 0);
}

INSTANTIATE_TEST_SUITE_P(Drivers, MailPeers, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
