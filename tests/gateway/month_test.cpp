// A month of an estate: owners, staff and faults by drawn numbers, on a clock that is set by hand, through the deciders
// and a real store. HUIYIN_SEED repeats a run; HUIYIN_MONTH_TICKETS makes it longer or shorter.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/db/drivers.h"
#include "tests/gateway/month_audit.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

long long from_environment(const char* name, long long otherwise) {
  const char* const value = std::getenv(name);
  return value == nullptr ? otherwise : std::atoll(value);
}

constexpr Time kBegin = Time{std::chrono::sys_days{std::chrono::year{2026} / 9 / 18}};  // with two holidays in it

class Month : public testing::TestWithParam<db::Driver> {};

/// What a run of CI has time for; the whole month is HUIYIN_MONTH_TICKETS=10000.
int usual_tickets(const std::string& driver) { return driver == "sqlite" ? 1500 : 300; }

TEST_P(Month, EveryTicketComesToItsEnd) {
  MonthOptions options;
  options.begin = kBegin;
  options.seed = static_cast<std::uint64_t>(from_environment("HUIYIN_SEED", 20260918));
  options.tickets = static_cast<int>(from_environment("HUIYIN_MONTH_TICKETS", usual_tickets(GetParam().name)));
  options.owners = std::max(200, options.tickets * 2 / 5);
  std::cout << "HUIYIN_SEED=" << options.seed << " HUIYIN_MONTH_TICKETS=" << options.tickets << "\n";
  const db::Database database(GetParam());
  auto store_options = database.options();
  store_options.statement_timeout = 60s;  // that the machine is busy is no fault of the month's
  const auto store = db::open_store(store_options);
  ASSERT_TRUE(store) << describe(store.error());
  MonthWorld world(**store, options.seed, options.begin);
  MonthPeople people(world, options);
  people.begin();
  world.run(options.begin + 4 * std::chrono::days(options.days));

  const auto report = audit_month(world, people);
  for (const auto& what : report.broken) ADD_FAILURE() << what;
  for (const auto& [what, count] : report.counts) std::cout << what << ": " << count << "\n";
  const auto& counts = world.counts();
  std::cout << "units " << counts.units << ", timers " << counts.timers << ", repeats " << counts.repeats
            << ", conflicts " << counts.conflicts << ", lost " << counts.lost_commits << ", ended "
            << format_utc(world.now()) << "\n";
  // A month in which nothing of the kind happened would prove nothing.
  EXPECT_GE(report.counts.at("tickets"), options.tickets * 9 / 10);
  for (const auto* what :
       {"ended closed", "ended withdrawn", "ended merged", "did escalate", "did remind", "did reopen", "did suspend",
        "did send_back", "did urge", "did ask_call_back", "did call_back", "surveys answered", "surveys reminded"})
    EXPECT_GT(report.counts.contains(what) ? report.counts.at(what) : 0, 0) << what;
  EXPECT_GT(counts.repeats, 0);
  EXPECT_GT(counts.conflicts, 0);
  EXPECT_GT(counts.lost_commits, 0);
}

INSTANTIATE_TEST_SUITE_P(Drivers, Month, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
