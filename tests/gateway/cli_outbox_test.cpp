// `huiyin outbox` on an installation: what an operator sees, and what she can do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include "gateway/cli.h"
#include "gateway/outbox_text.h"
#include "tests/gateway/installation.h"
#include "tests/gateway/said.h"

namespace huiyin::gateway {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CliOutbox : public testing::TestWithParam<db::Driver> {
 protected:
  Said run(int (*command)(const OutboxOptions&, Console), OutboxOptions options) const {
    options.config_file = config_;
    return said_by([&](Console console) { return command(options, console); });
  }
  OutboxRow queue(const Peer& to, const std::string& text, OutboxState state, const std::string& error) {
    auto unit = db::unit_of("unit " + text);
    unit.outbox = {db::text_to(to, text, db::kNoon)};
    const auto row = unit.outbox[0];
    EXPECT_EQ(db::describe(store_->commit(std::move(unit))), "committed");
    if (state == OutboxState::waiting) return row;
    const auto written =
        store_->settle("node", {{.id = row.id, .state = state, .attempts = 3, .last_error = error}}, {}, db::kNoon);
    EXPECT_TRUE(written);
    return row;
  }
  [[nodiscard]] OutboxState state(const OutboxRow& row) const { return store_->find_outbox(row.id).value()->state; }

  Installation installation_{GetParam()};
  std::string config_ = installation_.write_config(0);
  std::unique_ptr<db::Store> store_ = installation_.database().open();
};

TEST_P(CliOutbox, ListsShowsRetriesAndDrops) {
  const auto dead = queue({"sms:estate", "+8613800138000"}, "电梯已修好", OutboxState::dead, "40008: 号码无效");
  const auto unknown = queue({"wechat:main", "oWang"}, "已受理", OutboxState::unknown, "timeout");
  const auto waiting = queue({"wechat:main", "oWang"}, "明天上门", OutboxState::waiting, "");

  const auto all = run(run_outbox_list, {});
  EXPECT_EQ(all.code, EX_OK);
  EXPECT_THAT(all.out, HasSubstr("3 row(s), newest first"));
  EXPECT_THAT(all.out, Not(HasSubstr("13800138000"))) << "masked";
  EXPECT_THAT(all.out, Not(HasSubstr("电梯已修好"))) << "an owner's words are shown on demand";
  const auto listed = run(run_outbox_list, {.state = "dead"});
  EXPECT_THAT(listed.out, HasSubstr("40008: 号码无效"));
  EXPECT_THAT(listed.out, HasSubstr("1 row(s)"));
  EXPECT_THAT(run(run_outbox_list, {.channel = "wechat:main", .peer = "oWang"}).out, HasSubstr("2 row(s)"));
  EXPECT_EQ(run(run_outbox_list, {.state = "lost"}).code, EX_USAGE);

  const auto shown = run(run_outbox_show, {.ids = {dead.id.value}});
  EXPECT_THAT(shown.out, HasSubstr("电梯已修好"));
  EXPECT_THAT(shown.out, HasSubstr("sms:estate/+8613800138000"));
  EXPECT_EQ(run(run_outbox_show, {.ids = {1}}).code, EX_DATAERR);

  EXPECT_EQ(run(run_outbox_retry, {}).code, EX_USAGE) << "not everything by mistake";
  EXPECT_EQ(run(run_outbox_retry, {.state = "dead"}).out, "1 row(s) to be sent now\n");
  EXPECT_EQ(state(dead), OutboxState::waiting);
  const auto dropped = run(run_outbox_drop, {.ids = {unknown.id.value, waiting.id.value}});
  EXPECT_EQ(dropped.out, "2 row(s) dropped\n");
  EXPECT_THAT(dropped.errors, IsEmpty());
  EXPECT_EQ(state(unknown), OutboxState::cancelled);
  const auto again = run(run_outbox_drop, {.ids = {unknown.id.value, 1}});
  EXPECT_EQ(again.code, EX_DATAERR);
  EXPECT_THAT(again.errors, HasSubstr("is cancelled, left as it is"));
  EXPECT_THAT(again.errors, HasSubstr("1: there is no such row"));
}

TEST_P(CliOutbox, TellsTheTimeOfTheConfiguredZone) {
  queue({"wechat:main", "oWang"}, "已受理", OutboxState::waiting, "");
  EXPECT_THAT(run(run_outbox_list, {}).out, HasSubstr("due 2026-11-23 12:00:00")) << "Asia/Shanghai by default";
  config_ = installation_.write_config(0, "spool.db", "time_zone: UTC\n");
  EXPECT_THAT(run(run_outbox_list, {}).out, HasSubstr("due 2026-11-23 04:00:00"));
}

TEST(OutboxText, ALineAndTheWhole) {
  OutboxRow row;
  row.id = {42};
  row.message = {.key = "42", .to = {"sms:estate", "+8613800138000"}, .template_name = "ticket.done", .text = "修好了"};
  row.created = row.due = db::kNoon;
  row.attempts = 2;
  row.last_error = "503\nbusy";
  row.urgent = true;
  EXPECT_EQ(describe_outbox_line(row, std::chrono::hours(8)),
            "42                  waiting   due 2026-11-23 12:00:00 sms:estate/+86138****8000 tries=2 503 busy\n");
  EXPECT_EQ(describe_outbox(row, std::chrono::hours(8)),
            "42 waiting\n"
            "  to          sms:estate/+8613800138000\n"
            "  created     2026-11-23 12:00:00\n"
            "  due         2026-11-23 12:00:00\n"
            "  marked      urgent \n"
            "  tries       2\n"
            "  last error  503\nbusy\n"
            "  key         42\n"
            "  template    ticket.done\n"
            "\n修好了\n");
}

INSTANTIATE_TEST_SUITE_P(Drivers, CliOutbox, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
