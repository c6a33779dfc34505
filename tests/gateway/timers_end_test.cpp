// Forms that were left, with the daemon killed while it reminds of them: each owner is reminded once.
#include <gtest/gtest.h>

#include <thread>

#include "tests/gateway/installation.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using simulators::SaysText;

constexpr int kOwners = 150;  // more than a batch of timers, so that a kill comes between

class Timers : public testing::TestWithParam<db::Driver> {
 protected:
  std::unique_ptr<ServeProcess> serve() {
    return std::make_unique<ServeProcess>(config_, installation_.file("serve.log"), port_);
  }
  long long reminders() { return installation_.count("outbox WHERE message LIKE '%gateway.draft_reminder%'"); }
  /// As if the owners had left a day ago. Only while no daemon runs: it would know better from its cache.
  void let_a_day_pass() {
    installation_.database().execute("UPDATE timers SET due='2026-01-01 00:00:00.000'");
    installation_.database().execute(
        "UPDATE conversations SET dialog=REPLACE(dialog,'\"touched\":','\"touched\":1,\"was\":')");
  }

  Installation installation_{GetParam()};
  const int port_ = free_port();
  const std::string config_ = installation_.write_config(port_);
};

TEST_P(Timers, EachIsFiredOnceThoughTheDaemonIsKilled) {
  auto daemon = serve();
  auto platform = installation_.platform(port_);
  for (int i = 0; i < kOwners; ++i)
    for (const char* text : {"报修", "王建国"})
      EXPECT_EQ(platform->send("oLeft" + std::to_string(i), SaysText{text}).violation, "");
  EXPECT_EQ(installation_.count("timers"), kOwners) << "one for each";
  daemon->kill();
  let_a_day_pass();

  daemon = serve();
  while (reminders() == 0) std::this_thread::sleep_for(1ms);
  daemon->kill();
  const auto before = reminders();
  EXPECT_LT(before, kOwners) << "all were done before the kill: the test shows nothing";

  daemon = serve();
  const auto limit = std::chrono::steady_clock::now() + 60s;
  while (installation_.count("timers") > 0 && std::chrono::steady_clock::now() < limit)
    std::this_thread::sleep_for(20ms);
  EXPECT_EQ(installation_.count("timers"), 0);
  EXPECT_EQ(reminders(), kOwners);
  EXPECT_EQ(installation_.ask("SELECT count(DISTINCT address) FROM outbox"), std::to_string(kOwners));
  EXPECT_EQ(installation_.count("inbox WHERE delivery_key LIKE 'timer:%'"), kOwners);
  const auto back = platform->send("oLeft0", SaysText{"继续"});
  EXPECT_NE(back.shown.find("手机号"), std::string::npos) << back.shown;
}

INSTANTIATE_TEST_SUITE_P(Drivers, Timers, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
