// `huiyin report` on an installation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include <nlohmann/json.hpp>

#include "core/ids.h"
#include "gateway/cli.h"
#include "gateway/stable_id.h"
#include "tests/gateway/installation.h"
#include "tests/gateway/said.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CliReport : public testing::TestWithParam<db::Driver> {
 protected:
  Said run(ReportOptions options) const {
    options.config_file = config_;
    return said_by([&](Console console) { return run_report(options, console); });
  }
  /// A ticket that was taken after ten minutes and done after two hours, and whose owner was not content.
  void add_ticket() const {
    ManualClock clock(db::kNoon);
    IdSource ids(clock, 1);
    auto unit = db::unit_of("ticket");
    auto ticket = db::ticket_of(db::kWang, 1024);
    ticket.id = ids.next<TicketId>();
    ticket.estate = stable_id<EstateId>("riverside");
    ticket.name = "王建国";
    ticket.address = "3栋2单元602";
    ticket.description = "厨房水管漏水 <b>快</b>";
    ticket.subcategory = "water";
    ticket.status = TicketStatus::resolved;
    const auto change = [&](Millis after, TicketStatus from, TicketStatus to) {
      unit.history.push_back({.id = ids.next<HistoryId>(),
                              .ticket = ticket.id,
                              .at = db::kNoon + after,
                              .action = "x",
                              .from = from,
                              .to = to});
    };
    change(10min, TicketStatus::assigned, TicketStatus::accepted);
    change(2h, TicketStatus::in_progress, TicketStatus::resolved);
    auto survey = db::survey_of(db::kWang, ticket.id);
    survey.id = ids.next<SurveyId>();
    survey.score = 1;
    survey.answered = db::kNoon + 3h;
    survey.suggestion = "我是王建国，打13800138000没人接";
    unit.tickets = {ticket};
    unit.surveys = {survey};
    ASSERT_EQ(db::describe(installation_.database().open()->commit(std::move(unit))), "committed");
  }

  Installation installation_{GetParam()};
  std::string config_ = installation_.write_config(0);
};

TEST_P(CliReport, SaysWhatTheTicketsSay) {
  add_ticket();
  const ReportOptions november{.estate = "riverside", .from = "2026-11-01", .until = "2026-11-30"};
  auto options = november;
  options.format = "json";
  const auto json = run(options);
  ASSERT_EQ(json.code, EX_OK) << json.errors;
  const auto report = nlohmann::json::parse(json.out);
  EXPECT_EQ(report["from"], "2026-11-01");
  EXPECT_EQ(report["figures"]["reports"], 1);
  EXPECT_EQ(report["figures"]["response_minutes"], 10);
  EXPECT_EQ(report["figures"]["resolution_hours"], 2);
  EXPECT_EQ(report["tables"]["low_answers"][0]["words"], "我是王**，打138****8000没人接");
  const auto text = run(november);
  EXPECT_THAT(text.out, HasSubstr("HY1024-4"));
  EXPECT_THAT(text.out, HasSubstr("设施故障"));
  options.format = "html";
  const auto html = run(options);
  EXPECT_THAT(html.out, HasSubstr("<!doctype html>"));
  EXPECT_THAT(html.out, Not(HasSubstr("<b>快")));
  options.format = "csv";
  options.locale = "en";
  EXPECT_THAT(run(options).out, HasSubstr("The words behind low scores"));
}

TEST_P(CliReport, OfNothingSaysSo) {
  const auto nothing = run({.from = "2020-01-01", .until = "2020-01-31"});
  EXPECT_EQ(nothing.code, EX_OK);
  EXPECT_THAT(nothing.out, HasSubstr("这段时间没有登记过工单"));
  EXPECT_THAT(nothing.errors, IsEmpty());
}

TEST_P(CliReport, SaysInOneLineWhatIsWrong) {
  struct {
    ReportOptions options;
    const char* complaint;
  } const table[] = {
      {{.estate = "seaside"}, "--estate: there is no estate \"seaside\". Take one of riverside.\n"},
      {{.from = "2026-11-31"}, "--from: \"2026-11-31\" is no day. Write it as 2026-11-30.\n"},
      {{.until = "yesterday"}, "--to: \"yesterday\" is no day. Write it as 2026-11-30.\n"},
      {{.from = "2026-11-02", .until = "2026-11-01"},
       "--from: 2026-11-02 is after --to 2026-11-01. Change them round.\n"},
      {{.from = "1000-01-01", .until = "2026-11-01", .by = "week"},
       "--from: these are more than 200 months or weeks. Take a shorter time, or --by month.\n"},
  };
  for (const auto& row : table) {
    const auto said = run(row.options);
    EXPECT_EQ(said.code, EX_USAGE);
    EXPECT_EQ(said.errors, row.complaint);
    EXPECT_THAT(said.out, IsEmpty());
  }
}

INSTANTIATE_TEST_SUITE_P(Drivers, CliReport, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
