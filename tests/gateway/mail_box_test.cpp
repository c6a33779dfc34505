// A mailbox read by IMAP: once, whatever dies meanwhile.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "gateway/assets.h"
#include "tests/gateway/mail_rig.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

class MailBox : public MailEnd {};

TEST_P(MailBox, IsReadOnceOverARestart) {
  put(0, 40);
  servers_.put("feedback", "2000.bad", "no header, no sender\r\n\r\nx");
  serve(house_.imap("feedback"));
  ASSERT_TRUE(house_.counts("tickets", 40));
  ASSERT_TRUE(arrive("feedback/.Processed", 40));
  ASSERT_TRUE(arrive("feedback/.Failed", 1));
  // A mail that is moved is in both folders for a moment.
  EXPECT_TRUE(becomes([&] { return servers_.mails("feedback").empty(); }));
  process_->kill();
  put(30, 50, "again");  // ten of these are old ones once more
  serve(house_.imap("feedback"));
  EXPECT_TRUE(house_.counts("tickets", 50));
  EXPECT_TRUE(arrive("feedback/.Processed", 60));
}

// The node that dies has fetched the mail and put its photos on disk; its commit waits for a lock that we hold.
TEST_P(MailBox, AKilledNodesMailIsReadByTheNext) {
  const bool sqlite = GetParam().name == "sqlite";
  put(0, 1);
  serve(house_.imap("feedback"));
  ASSERT_TRUE(house_.counts("tickets", 1));  // the mailbox is leased
  ASSERT_TRUE(arrive("feedback/.Processed", 1));
  const auto& database = house_.installation().database();
  database.execute(sqlite ? "BEGIN IMMEDIATE" : "LOCK TABLES tickets WRITE");
  servers_.put("feedback", "9.m", read_file("tests/data/email/16-photos-filenames.eml").value());
  const auto photo = "find " + house_.installation().file("") +
                     " -name 2efff780b584e6669b02ad3eb6687bce8428a782aeed9c990498df8247efd555";
  EXPECT_TRUE(becomes([&] { return !run(photo).out.empty(); }));
  process_->kill();
  database.execute(sqlite ? "COMMIT" : "UNLOCK TABLES");
  EXPECT_EQ(servers_.mails("feedback").size(), 1U);
  EXPECT_EQ(house_.count("tickets"), 1);
  serve(house_.imap("feedback"));
  EXPECT_TRUE(house_.counts("tickets", 2));
  EXPECT_TRUE(arrive("feedback/.Processed", 2));
  EXPECT_EQ(house_.count("attachments WHERE ticket_id<>0"), 2);
}

TEST_P(MailBox, WithoutAFolderForTheDoneMailsStayMarked) {
  auto lines = house_.imap("feedback");
  lines.erase(lines.find("      done_folder"), std::string("      done_folder: Processed\n").size());
  put(0, 5);
  serve(lines);
  ASSERT_TRUE(house_.counts("tickets", 5));
  process_->terminate();
  put(5, 6);
  serve(lines);
  EXPECT_TRUE(house_.counts("tickets", 6));
  EXPECT_EQ(servers_.mails("feedback").size(), 6U);
  EXPECT_EQ(house_.count("inbox WHERE delivery_key LIKE 'email:feedback:%'"), 6);
}

INSTANTIATE_TEST_SUITE_P(Drivers, MailBox, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
