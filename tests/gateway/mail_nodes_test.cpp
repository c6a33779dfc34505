// A mailbox that two nodes on one database could read. Not for SQLite, which is for one.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/gateway/mail_rig.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

class MailNodes : public MailEnd {};

TEST_P(MailNodes, OfTwoNodesOneReadsAndTheOtherTakesOver) {
  put(0, 60);
  std::unique_ptr<ServeProcess> nodes[] = {house_.serve(house_.imap("feedback"), "one"),
                                           house_.serve(house_.imap("feedback"), "two")};
  ASSERT_TRUE(house_.counts("tickets", 60));
  ASSERT_TRUE(arrive("feedback/.Processed", 60));
  const auto holder = house_.ask("SELECT lease_owner FROM credentials WHERE channel='mailbox:email:feedback'");
  const bool first = holder.find(fmt::format(":{}:", nodes[0]->pid())) != std::string::npos;
  const bool other = holder.find(fmt::format(":{}:", nodes[1]->pid())) != std::string::npos;
  ASSERT_NE(first, other) << holder;
  put(60, 100);
  ASSERT_TRUE(becomes([&] { return house_.count("tickets") > 60; }));
  nodes[first ? 0 : 1]->kill();
  EXPECT_TRUE(becomes([&] { return house_.count("tickets") == 100; }, 60s));
  EXPECT_TRUE(arrive("feedback/.Processed", 100));
  EXPECT_EQ(house_.count("(SELECT DISTINCT description,number FROM tickets) t"), 100);
}

INSTANTIATE_TEST_SUITE_P(Drivers, MailNodes, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
