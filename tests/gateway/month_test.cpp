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

MonthOptions options_for(const std::string& driver) {
  MonthOptions options;
  options.begin = kBegin;
  options.seed = static_cast<std::uint64_t>(from_environment("HUIYIN_SEED", 20260918));
  options.tickets = static_cast<int>(from_environment("HUIYIN_MONTH_TICKETS", usual_tickets(driver)));
  options.owners = std::max(200, options.tickets * 2 / 5);
  return options;
}

/// One month on a schema of its own.
struct Run {
  MonthReport report{};
  MonthCounts counts{};
  std::string ended{};
};
Run run_month(const db::Driver& driver, const MonthOptions& options) {
  const db::Database database(driver);
  auto store_options = database.options();
  store_options.statement_timeout = 60s;  // that the machine is busy is no fault of the month's
  const auto store = db::open_store(store_options);
  if (!store) throw std::runtime_error(describe(store.error()));
  MonthWorld world(**store, options.seed, options.begin);
  MonthPeople people(world, options);
  people.begin();
  world.run(options.begin + 4 * std::chrono::days(options.days));
  return {audit_month(world, people), world.counts(), format_utc(world.now())};
}

std::string describe(const Run& run) {
  std::string out;
  for (const auto& [what, count] : run.report.counts) out += what + ": " + std::to_string(count) + "\n";
  const auto& counts = run.counts;
  return out + "units " + std::to_string(counts.units) + ", timers " + std::to_string(counts.timers) + ", repeats " +
         std::to_string(counts.repeats) + ", conflicts " + std::to_string(counts.conflicts) + ", lost " +
         std::to_string(counts.lost_commits) + ", ended " + run.ended + "\n";
}

TEST_P(Month, EveryTicketComesToItsEnd) {
  const auto options = options_for(GetParam().name);
  std::cout << "HUIYIN_SEED=" << options.seed << " HUIYIN_MONTH_TICKETS=" << options.tickets << "\n";
  const auto run = run_month(GetParam(), options);
  for (const auto& what : run.report.broken) ADD_FAILURE() << what;
  std::cout << describe(run);
  // A month in which nothing of the kind happened would prove nothing.
  EXPECT_GE(run.report.counts.at("tickets"), options.tickets * 9 / 10);
  for (const auto* what :
       {"ended closed", "ended withdrawn", "ended merged", "did escalate", "did remind", "did reopen", "did suspend",
        "did send_back", "did urge", "did ask_call_back", "did call_back", "surveys answered", "surveys reminded"})
    EXPECT_GT(run.report.counts.contains(what) ? run.report.counts.at(what) : 0, 0) << what;
  EXPECT_GT(run.counts.repeats, 0);
  EXPECT_GT(run.counts.conflicts, 0);
  EXPECT_GT(run.counts.lost_commits, 0);
}

TEST_P(Month, ASeedRepeatsARun) {
  auto options = options_for(GetParam().name);
  options.tickets = 60;
  options.owners = 40;
  const auto first = describe(run_month(GetParam(), options)), second = describe(run_month(GetParam(), options));
  EXPECT_EQ(first, second);
  ++options.seed;
  EXPECT_NE(describe(run_month(GetParam(), options)), first) << "and another seed is another month";
}

INSTANTIATE_TEST_SUITE_P(Drivers, Month, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
