// The monthly pack and the nightly audit: timers of the store that fall due once, however many nodes there are.
#include "gateway/report_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "core/ids.h"
#include "gateway/alarms.h"
#include "gateway/stable_id.h"
#include "gateway/timers.h"
#include "tests/gateway/installation.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// 2026-12-01 09:00 in Asia/Shanghai.
const Time kDue = parse_utc("2026-12-01 01:00:00").value();

class Desks : public testing::TestWithParam<db::Driver> {
 protected:
  /// A node: a store, ids and a desk of its own.
  struct Node {
    Node(const Desks& test, int number)
        : ids(test.clock_, number), store(test.installation_.database().open()), alarms(*store, ids, test.clock_, {}) {
      desk = std::make_unique<ReportDesk>(ReportDesk::World{.store = *store,
                                                            .ids = ids,
                                                            .clock = test.clock_,
                                                            .alarms = alarms,
                                                            .config = test.config_,
                                                            .reports = {.monthly = true, .audit_minute = {}},
                                                            .assets = load_assets(test.config_).value(),
                                                            .ready = [] { return true; }});
    }
    IdSource ids;
    std::unique_ptr<db::Store> store;
    Alarms alarms;
    std::unique_ptr<ReportDesk> desk;
  };

  /// Until the tables say so; a generous limit, since the machine may be busy.
  void wait_for(const std::string& what, long long count) const {
    const auto limit = std::chrono::steady_clock::now() + 60s;
    while (installation_.count(what) != count && std::chrono::steady_clock::now() < limit)
      std::this_thread::sleep_for(5ms);
    ASSERT_EQ(installation_.count(what), count) << what;
  }
  void hire(const std::string& name, StaffRole role) {
    auto unit = db::unit_of("hire " + name);
    unit.staff = {{.id = StaffId{db::fresh_id()}, .role = role, .name = name, .peers = {{"wechat:main", name}}}};
    ASSERT_EQ(db::describe(store_->commit(std::move(unit))), "committed");
  }
  void add_ticket(Time opened, std::int64_t number, const std::string& words) {
    ManualClock then(opened);
    IdSource ids(then, 9);
    auto unit = db::unit_of("ticket " + std::to_string(number));
    auto ticket = db::ticket_of(db::kWang, number);
    ticket.id = ids.next<TicketId>();
    ticket.opened = opened;
    ticket.estate = stable_id<EstateId>("riverside");
    ticket.name = "王建国";
    ticket.address = "3栋2单元602";
    ticket.description = words;
    ticket.resolve_by = opened + 8h;
    unit.tickets = {ticket};
    ASSERT_EQ(db::describe(store_->commit(std::move(unit))), "committed");
  }

  Installation installation_{GetParam()};
  Config config_ = installation_.load(installation_.write_config(0));
  ManualClock clock_{kDue - 24h};
  std::unique_ptr<db::Store> store_ = installation_.database().open();
};

TEST_P(Desks, SendThePackOnceAndSetTheNext) {
  hire("boss", StaffRole::manager);
  hire("worker", StaffRole::agent);
  add_ticket(kDue - 240h, 1024, "厨房水管漏水，电话13800138000");
  add_ticket(kDue - 24h * 50, 1023, "路灯不亮");
  Node one(*this, 1), other(*this, 2);
  wait_for("timers WHERE kind='monthly_pack'", 1);
  clock_.set(kDue + 1s);
  const auto due = store_->lease_timers("node", clock_.now(), 15s, 10).value();
  ASSERT_EQ(due.size(), 1U);
  EXPECT_EQ(due[0].due, kDue);
  EXPECT_EQ(due[0].subject, "riverside");
  for (auto* node : {&one, &other}) {
    node->desk->fire(due[0]);
    node->desk->fire(due[0]);
  }
  wait_for("inbox WHERE delivery_key='" + key_of(due[0]) + "'", 1);
  one.desk->stop();
  other.desk->stop();
  const auto rows = store_->outbox_of({"wechat:main", "boss"}).value();
  ASSERT_EQ(rows.size(), 1U) << "once, of two nodes";
  const auto& text = rows[0].message.text;
  EXPECT_THAT(text, HasSubstr("【滨江花园】2026-11 复盘材料"));
  EXPECT_THAT(text, HasSubstr("收到报事 1（上期 1）"));
  EXPECT_THAT(text, HasSubstr("厨房水管漏水"));
  EXPECT_THAT(text, HasSubstr("上期遗留还没办完的：1 件"));
  EXPECT_THAT(text, HasSubstr("路灯不亮，已 50 天（待受理）"));
  EXPECT_THAT(text, Not(HasSubstr("13800138000")));
  EXPECT_EQ(installation_.count("outbox"), 1) << "nobody else";
  EXPECT_EQ(installation_.ask("SELECT due FROM timers").substr(0, 19), "2027-01-01 01:00:00");
}

TEST_P(Desks, FindTheirTimersAgainAfterARestart) {
  hire("boss", StaffRole::manager);
  {
    Node first(*this, 1);
    wait_for("timers", 1);
  }
  // The due moment passes while nobody runs; a node that comes up sets the next, and the missed one is there still.
  clock_.set(kDue + 72h);
  Node second(*this, 2);
  wait_for("timers", 2);
  const auto due = store_->lease_timers("node", clock_.now(), 15s, 10).value();
  ASSERT_EQ(due.size(), 1U);
  second.desk->fire(due[0]);
  wait_for("outbox", 1);
  EXPECT_THAT(store_->outbox_of({"wechat:main", "boss"})->at(0).message.text, HasSubstr("没有登记过工单"));
  wait_for("timers", 1);
}

INSTANTIATE_TEST_SUITE_P(Drivers, Desks, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

TEST(ReportDeskTimers, FallDueByTheEstatesClock) {
  Config config;
  config.estates = {{.name = "riverside", .title = "滨江花园"},
                    {.name = "london", .title = "London", .time_zone = "Europe/London"}};
  ReportConfig reports{.monthly = true, .audit_minute = 190};
  const auto lines = [&](const char* now) {
    std::vector<std::string> out;
    for (const auto& timer : ReportDesk::next_timers(config, reports, parse_utc(now).value()))
      out.push_back(timer.kind + " " + timer.subject + " " + format_utc(timer.due).substr(0, 16));
    return out;
  };
  EXPECT_THAT(lines("2026-11-26 04:00:00"),
              ElementsAre("monthly_pack riverside 2026-12-01 01:00", "monthly_pack london 2026-12-01 09:00",
                          "daily_audit  2026-11-26 19:10"));
  EXPECT_THAT(lines("2026-12-01 01:00:00"),
              ElementsAre("monthly_pack riverside 2027-01-01 01:00", "monthly_pack london 2026-12-01 09:00",
                          "daily_audit  2026-12-01 19:10"));
  reports = {.monthly = false, .audit_minute = {}};
  EXPECT_TRUE(lines("2026-11-26 04:00:00").empty());
  EXPECT_TRUE(ReportDesk::takes({.kind = kPackTimer}) && !ReportDesk::takes({.kind = "ticket"}));
}

}  // namespace
}  // namespace huiyin::gateway
