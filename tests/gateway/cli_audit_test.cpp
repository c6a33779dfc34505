// `huiyin audit`: a difference is planted, and named.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include "gateway/clerk.h"
#include "gateway/cli.h"
#include "gateway/spool.h"
#include "tests/gateway/installation.h"
#include "tests/gateway/said.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CliAudit : public testing::TestWithParam<db::Driver> {
 protected:
  Said run(const std::string& day) const {
    return said_by([&](Console console) { return run_audit(config_, day, console); });
  }
  /// A delivery of today that changed a ticket and owes somebody a message.
  UnitOfWork delivery(const std::string& key, OutboxState state = OutboxState::waiting) {
    const auto now = clock_.now();
    UnitOfWork unit;
    unit.id = ids_.next<UnitId>();
    unit.inbox = {.key = key, .channel = "wechat:main", .peer = "oWang", .received = now};
    auto ticket = db::ticket_of(db::kWang, ++number_);
    ticket.id = ids_.next<TicketId>();
    unit.tickets = {ticket};
    unit.history = {{.id = ids_.next<HistoryId>(),
                     .ticket = ticket.id,
                     .at = now,
                     .action = "open",
                     .channel = "wechat:main",
                     .delivery_key = key}};
    OutboxRow row{.id = ids_.next<OutboxId>(), .created = now, .due = now, .state = state};
    row.message = {.key = "o" + std::to_string(row.id.value), .to = db::kWang, .text = "已受理"};
    unit.outbox = {row};
    return unit;
  }
  void commit(UnitOfWork unit) const { ASSERT_EQ(db::describe(store_->commit(std::move(unit))), "committed"); }

  Installation installation_{GetParam()};
  std::string config_ = installation_.write_config(0, "spool.db", "alarms: {to: [wechat:main/oOperator]}\n");
  SystemClock clock_{};
  IdSource ids_{clock_, 5};
  std::unique_ptr<db::Store> store_ = installation_.database().open();
  std::int64_t number_ = 7000;
  std::string today_ = write_local_time(clock_.now(), 480min).substr(0, 10);
};

TEST_P(CliAudit, SaysThatTheBooksComeOutEven) {
  commit(delivery("wechat:main:1"));
  commit(delivery("wechat:main:2"));
  const auto spool = Spool::open(installation_.file("spool.db"), 100).value();
  SpoolRow waiting{.peer = db::kLi, .key = "s1", .received = clock_.now(), .raw = "x"};
  auto refused = waiting;
  refused.key = "s2";
  ASSERT_EQ(spool->add(waiting), Spool::Added::stored);
  ASSERT_EQ(spool->add(refused), Spool::Added::stored);
  for (const auto& row : spool->oldest(2))
    if (row.key == "s2") spool->set_aside(row, "its key was withdrawn");
  const auto even = run(today_);
  EXPECT_EQ(even.code, EX_OK) << even.out << even.errors;
  EXPECT_THAT(even.out, HasSubstr("wechat:main                  4         2         1         1 |         2         0"
                                  "         2         0\n"));
  EXPECT_THAT(even.out, Not(HasSubstr("DIFFERENCE")));
}

TEST_P(CliAudit, NamesWhatWasLost) {
  commit(delivery("wechat:main:1"));
  commit(delivery("wechat:main:2"));
  installation_.database().execute("DELETE FROM inbox WHERE delivery_key='wechat:main:2'");
  const auto lost = run(today_);
  EXPECT_EQ(lost.code, EX_DATAERR);
  EXPECT_THAT(lost.out,
              HasSubstr("DIFFERENCE wechat:main: 1 change(s) of tickets name a delivery that is not in the inbox"));
  EXPECT_EQ(installation_.count("outbox WHERE address='oOperator'"), 1) << "an alarm";
  EXPECT_EQ(run(today_).code, EX_DATAERR);
  EXPECT_EQ(installation_.count("outbox WHERE address='oOperator'"), 1) << "once in an hour";
}

TEST_P(CliAudit, NamesWhatNobodyWillSend) {
  commit(delivery("wechat:main:1"));
  installation_.database().execute("DELETE FROM outbox_queue");
  EXPECT_THAT(run(today_).out, HasSubstr("DIFFERENCE wechat:main: 1 message(s) wait and are in no queue"));
  installation_.database().execute("UPDATE outbox SET state='sent' WHERE address='oWang'");
  const auto sent = run(today_);
  EXPECT_THAT(sent.out, Not(HasSubstr("in no queue")));
  installation_.database().execute("UPDATE inbox SET reply_moved=1 WHERE delivery_key='wechat:main:1'");
  EXPECT_THAT(run(today_).out, HasSubstr("DIFFERENCE wechat:main: 1 late repl(ies) are owed and in no outbox"));
}

TEST_P(CliAudit, SaysInOneLineWhichDayItCannot) {
  EXPECT_EQ(run("yesterday").errors, "--day: \"yesterday\" is no day. Write it as 2026-11-30.\n");
  EXPECT_THAT(run("2020-01-01").errors, HasSubstr("the deliveries of 2020-01-01 are forgotten by now"));
  EXPECT_THAT(run("2999-01-01").errors, HasSubstr("2999-01-01 is still to come"));
  EXPECT_EQ(run("2020-01-01").code, EX_USAGE);
}

INSTANTIATE_TEST_SUITE_P(Drivers, CliAudit, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
