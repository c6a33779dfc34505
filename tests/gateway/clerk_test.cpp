// An operator's command while others change the same ticket.
#include "gateway/clerk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include <sstream>

#include "gateway/cli.h"
#include "tests/gateway/installation.h"
#include "tests/gateway/said.h"

namespace huiyin::gateway {
namespace {

using testing::HasSubstr;

class ClerkTest : public testing::TestWithParam<db::Driver> {
 protected:
  void SetUp() override {
    const auto said = said_by([&](Console console) {
      return run_ticket_open({.config_file = config_, .description = "走廊的灯坏了", .category = "repair"}, console);
    });
    ASSERT_EQ(said.code, EX_OK) << said.errors;
    number_ = ticket_number_in(said.out);
    clerk_ = Clerk::open(installation_.load(config_), console_);
    ASSERT_TRUE(clerk_) << errors_.str();
  }
  /// Makes the ticket urgent; before that is committed, somebody else writes a note to it, as long as `others` says so.
  Clerk::Decide making_urgent(int others) {
    return [this, others, decisions = 0]() mutable -> std::variant<UnitOfWork, int> {
      decisions_ = ++decisions;
      auto ticket = clerk_->store().read({.ticket_ids = {id()}}).value().tickets.front();
      if (decisions <= others) note();
      ticket.priority = Priority::urgent;
      auto unit = clerk_->begin("make it urgent");
      unit.tickets.push_back(std::move(ticket));
      return unit;
    };
  }
  TicketId id() const { return {std::stoll(installation_.ask("SELECT id FROM tickets"))}; }
  void note() const {
    const auto said = said_by([&](Console console) {
      return run_ticket_act({.config_file = config_, .number = number_, .action = "note", .text = "再看看"}, console);
    });
    ASSERT_EQ(said.code, EX_OK) << said.errors;
  }
  std::string notes() const { return installation_.ask("SELECT count(*) FROM ticket_history WHERE action='note'"); }
  std::string priority() const { return installation_.ask("SELECT priority FROM tickets"); }

  Installation installation_{GetParam()};
  const std::string config_ = installation_.write_config(0);
  std::istringstream in_{};
  std::ostringstream out_{}, errors_{};
  Console console_{in_, out_, errors_};
  std::unique_ptr<Clerk> clerk_{};
  std::string number_{};
  int decisions_ = 0;
};

TEST_P(ClerkTest, DecidesAgainWhereSomebodyElseWasQuicker) {
  const auto before = priority();
  EXPECT_EQ(clerk_->commit(making_urgent(2), console_), EX_OK) << errors_.str();
  EXPECT_EQ(decisions_, 3);
  EXPECT_NE(priority(), before);
  EXPECT_EQ(notes(), "2") << "what the others wrote stays";
  EXPECT_EQ(errors_.str(), "");
}

TEST_P(ClerkTest, GivesUpWithWordsWhereSomebodyElseAlwaysIs) {
  const auto before = priority();
  EXPECT_EQ(clerk_->commit(making_urgent(1000), console_), EX_TEMPFAIL);
  EXPECT_THAT(errors_.str(), HasSubstr("somebody else changed it meanwhile"));
  EXPECT_EQ(priority(), before);
}

TEST_P(ClerkTest, CommitsNothingWhereNothingIsDecided) {
  const auto inbox = installation_.count("inbox");
  EXPECT_EQ(clerk_->commit([]() -> std::variant<UnitOfWork, int> { return EX_DATAERR; }, console_), EX_DATAERR);
  EXPECT_EQ(installation_.count("inbox"), inbox);
}

INSTANTIATE_TEST_SUITE_P(Drivers, ClerkTest, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
