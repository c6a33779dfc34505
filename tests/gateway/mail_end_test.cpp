// Mail, whole: Postfix pipes it into `huiyin deliver`, Dovecot's mailbox is read by IMAP, answers go out by SMTP. The
// servers are Debian's own, on loopback (script/mailservers); without root or without them these tests fail.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include <fstream>

#include "adapters/email/mail_parser.h"
#include "gateway/assets.h"
#include "tests/gateway/mail_rig.h"

namespace huiyin::gateway {
namespace {

TEST_P(MailEnd, DeliveredOnceAnsweredUnderIt) {
  serve("");
  EXPECT_EQ(run(house_.deliver(), letter("1", kWhole)).code, EX_OK);
  EXPECT_EQ(run(house_.deliver(), letter("1", kWhole)).code, EX_OK);  // the mail server asks again
  EXPECT_EQ(house_.count("tickets"), 1);
  ASSERT_TRUE(arrive("all", 1));
  const auto answer = email::parse_mail(servers_.mails("all").front(), {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->subject, "Re: 报修");
  EXPECT_EQ(answer->in_reply_to, std::vector<std::string>{"<1@owners.test.invalid>"});
  EXPECT_TRUE(answer->return_path->starts_with("bounce+o"));
  const auto number = house_.ask("SELECT number FROM tickets");
  EXPECT_TRUE(answer->reply_to.starts_with("feedback+" + number + ".")) << answer->reply_to;
  // The owner's answer to that address joins the ticket.
  EXPECT_EQ(run(house_.deliver("--recipient " + answer->reply_to), letter("2", "还有阳台也漏")).code, EX_OK);
  EXPECT_EQ(house_.count("tickets"), 1);
  EXPECT_EQ(house_.count("ticket_history WHERE action='add_details'"), 1);
}

TEST_P(MailEnd, PhotosAreOnDiskAndInTheTicket) {
  serve("");
  const auto mail = read_file("tests/data/email/16-photos-filenames.eml").value();
  EXPECT_EQ(run(house_.deliver(), mail).code, EX_OK);
  EXPECT_EQ(house_.count("attachments WHERE sha256 IS NOT NULL AND sha256<>'' AND ticket_id<>0"), 2);
  const auto hash = house_.ask("SELECT sha256 FROM attachments WHERE file_name LIKE '%漏水%'");
  EXPECT_EQ(hash, "2efff780b584e6669b02ad3eb6687bce8428a782aeed9c990498df8247efd555");
  EXPECT_FALSE(run("find " + house_.installation().file("") + " -name " + hash).out.empty());
}

TEST_P(MailEnd, ExitCodesTellTheMailServerWhatToDo) {
  serve("");
  EXPECT_EQ(run(house_.deliver(), "").code, EX_DATAERR);
  EXPECT_EQ(run(house_.deliver("--channel email:nobody"), letter("1", kWhole)).code, EX_TEMPFAIL);
  EXPECT_EQ(run(house_.deliver(), letter("9", "自动回复", "Auto-Submitted: auto-replied\r\n")).code, EX_OK);
  EXPECT_EQ(house_.count("outbox"), 0);
  process_->kill();
  // Without a daemon the mail goes into the store directly.
  const auto alone = run(house_.deliver(), letter("2", kWhole));
  EXPECT_EQ(alone.code, EX_OK);
  EXPECT_EQ(alone.out, "") << "it would stand in a bounce";
  EXPECT_EQ(house_.count("tickets"), 1);
  // With neither a daemon nor a readable configuration it stays with the mail server.
  EXPECT_EQ(run(std::string(HUIYIN_PROGRAM) + " deliver --config /nowhere.yaml", letter("3", kWhole)).code,
            EX_TEMPFAIL);
}

// With nothing in it but the socket, only the daemon can have taken the mail.
TEST_P(MailEnd, TheDaemonIsFoundByItsConfiguration) {
  serve("");
  const auto socket = servers_.file("feedback.test.invalid.one.sock");
  const auto config = house_.installation().file("front.yaml");
  int number = 0;
  for (const auto& control : {fmt::format("control: {{socket: {}, group: mail}}\n", socket),
                              fmt::format("control: {{ group: mail, socket: \"{}\" }}  # here\n", socket),
                              fmt::format("control:\n  group: mail\n  socket: {}\n", socket)}) {
    std::ofstream(config) << control;
    const auto ran =
        run(std::string(HUIYIN_PROGRAM) + " deliver --config " + config, letter(fmt::format("f{}", number++), kWhole));
    EXPECT_EQ(ran.code, EX_OK) << control;
    EXPECT_EQ(ran.out, "");
  }
  EXPECT_EQ(house_.count("inbox WHERE delivery_key LIKE 'email:feedback:%'"), 3);
}

TEST_P(MailEnd, ByTheMailServersPipe) {
  serve("");
  servers_.send("wang@owners.test.invalid", "feedback@feedback.test.invalid", letter("1", kWhole));
  ASSERT_TRUE(arrive("all", 1));
  const auto answer = email::parse_mail(servers_.mails("all").front(), {});
  ASSERT_TRUE(answer);
  servers_.send("wang@owners.test.invalid", answer->reply_to, letter("2", "还有阳台也漏"));
  EXPECT_TRUE(house_.counts("ticket_history WHERE action='add_details'", 1));
  EXPECT_EQ(house_.count("tickets"), 1);
}

INSTANTIATE_TEST_SUITE_P(Drivers, MailEnd, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
