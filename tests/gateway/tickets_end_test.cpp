// Tickets of a running daemon: each is handed out once, though the daemon is killed while it does so.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

#include "gateway/stable_id.h"
#include "tests/gateway/installation.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using simulators::SaysText;

constexpr int kOwners = 30;

class Tickets : public testing::TestWithParam<db::Driver> {
 protected:
  std::unique_ptr<ServeProcess> serve() {
    return std::make_unique<ServeProcess>(config_, installation_.file("serve.log"), port_);
  }
  void hire(const std::string& name) {
    UnitOfWork unit = db::unit_of("hire " + name);
    Staff staff;
    staff.id = StaffId{db::fresh_id()};
    staff.department = stable_id<DepartmentId>("repair");
    staff.name = name;
    staff.peers = {{"web:staff", name}};
    unit.staff = {staff};
    const auto now = SystemClock().now();  // on duty whatever the hour
    unit.duties = {{staff.id, now - std::chrono::hours(24), now + std::chrono::hours(24), false}};
    ASSERT_EQ(db::describe(installation_.database().open()->commit(std::move(unit))), "committed");
  }
  /// Each of his own place, so that none is another's duplicate.
  void report(simulators::WeChatPlatform& platform, int owner) {
    const auto openid = "oReports" + std::to_string(owner);
    for (const auto& text : {fmt::format("{}号楼1单元101厨房水管漏水，我是王建国，13800138000", owner + 1),
                             std::string("跳过"), std::string("1")})
      EXPECT_EQ(platform.send(openid, SaysText{text}).violation, "");
  }
  long long handed_out() { return installation_.count("ticket_history WHERE action='assign'"); }
  void expect_each_handed_out_once() {
    const auto limit = std::chrono::steady_clock::now() + 90s;
    while (handed_out() < kOwners && std::chrono::steady_clock::now() < limit) std::this_thread::sleep_for(20ms);
    EXPECT_EQ(handed_out(), kOwners);
    EXPECT_EQ(installation_.count("tickets"), kOwners);
    EXPECT_EQ(installation_.ask("SELECT count(DISTINCT ticket_id) FROM ticket_history WHERE action='assign'"),
              std::to_string(kOwners));
    EXPECT_EQ(installation_.count("outbox WHERE address='zhang'"), kOwners) << "and told once";
    EXPECT_EQ(installation_.count("timers WHERE kind='ticket'"), kOwners) << "each waits for what comes next";
  }

  Installation installation_{GetParam()};
  const int port_ = free_port();
  const std::string config_ = installation_.write_config(port_);
};

TEST_P(Tickets, AreHandedOutOnceThoughTheDaemonIsKilled) {
  hire("zhang");
  auto daemon = serve();
  auto platform = installation_.platform(port_);
  for (int i = 0; i < kOwners / 2; ++i) report(*platform, i);
  daemon->kill();
  daemon = serve();
  while (handed_out() < kOwners / 2 - 3) std::this_thread::sleep_for(1ms);
  for (int i = kOwners / 2; i < kOwners; ++i) report(*platform, i);
  daemon->kill();
  // What the killed one held is free when its leases run out.
  installation_.database().execute("UPDATE timers SET lease_expires='2026-01-01 00:00:00.000'");
  daemon = serve();
  expect_each_handed_out_once();
}

INSTANTIATE_TEST_SUITE_P(Drivers, Tickets, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
