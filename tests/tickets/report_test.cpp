// A report's arithmetic, against a small world worked out by hand: tests/data/report/two-months.txt says how.
#include <date/tz.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tickets/report_data.h"
#include "tickets/report_words.h"

namespace huiyin::tickets {
namespace {

using namespace std::chrono_literals;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;

/// `repair 4 (2 2)`
std::vector<std::string> lines(const std::vector<Frequency>& frequencies) {
  std::vector<std::string> out;
  for (const auto& one : frequencies) {
    auto line = one.key + " " + std::to_string(one.count) + " (";
    for (const auto count : one.by_bucket) line += (line.back() == '(' ? "" : " ") + std::to_string(count);
    out.push_back(line + ")");
  }
  return out;
}

/// `4 of 8`
std::string line(const Share& share) { return std::to_string(share.answered) + " of " + std::to_string(share.all); }

class TwoMonths : public testing::Test {
 protected:
  const Report report_ = report_of_two_months();
};

TEST_F(TwoMonths, CountsWhatWasReported) {
  EXPECT_EQ(report_.reports, 11);
  EXPECT_EQ(report_.merged, 1);
  EXPECT_EQ(report_.withdrawn, 1);
  EXPECT_EQ(report_.out_of_scope, 1);
  EXPECT_EQ(report_.open, 2);
  EXPECT_THAT(lines(report_.categories),
              ElementsAre("cleaning 4 (1 3)", "repair 4 (2 2)", "security 1 (0 1)", "service 1 (0 1)"));
  EXPECT_THAT(lines(report_.kinds), ElementsAre("cleaning/garbage 4 (1 3)", "repair/elevator 2 (1 1)",
                                                "repair/water 2 (1 1)", "security/noise 1 (0 1)", "service 1 (0 1)"));
  EXPECT_THAT(lines(report_.places), ElementsAre("3栋 4 (2 2)", "5栋 4 (1 3)", " 1 (0 1)", "1栋 1 (0 1)"));
  EXPECT_THAT(lines(report_.channels), ElementsAre("wechat:main 8 (2 6)", "sms:estate 2 (1 1)", " 1 (1 0)"));
  EXPECT_THAT(lines(report_.out_of_scope_kinds), ElementsAre("service 1 (0 1)"));
}

TEST_F(TwoMonths, MeasuresHowLongThingsTook) {
  const auto& all = report_.service;
  EXPECT_EQ(all.tickets, 8);
  EXPECT_EQ(all.response.count, 7U);
  EXPECT_EQ(all.response.median, 20 * 60);
  EXPECT_EQ(all.response.p90, 60 * 60);
  EXPECT_EQ(line(all.respond), "4 of 8");
  EXPECT_EQ(all.resolution.count, 6U);
  EXPECT_EQ(all.resolution.median, 310 * 60);
  EXPECT_EQ(all.resolution.p90, 1200 * 60);
  EXPECT_EQ(line(all.resolve), "4 of 8");
  EXPECT_EQ(all.open, 2);
  EXPECT_EQ(all.overdue, 2);
  EXPECT_EQ(all.reopened, 1);
}

TEST_F(TwoMonths, MeasuresEachCategoryDepartmentAndMonth) {
  ASSERT_EQ(report_.by_category.size(), 2U) << "nothing was done of what was withdrawn or not ours";
  EXPECT_EQ(report_.by_category[0].key, "repair");
  EXPECT_EQ(report_.by_category[0].response.median, (10 + 20) * 60 / 2) << "5 10 20 25";
  EXPECT_EQ(line(report_.by_category[0].respond), "2 of 4");
  EXPECT_EQ(report_.by_category[1].key, "cleaning");
  EXPECT_EQ(report_.by_category[1].response.median, 30 * 60) << "15 30 60";
  EXPECT_EQ(report_.by_category[1].resolution.p90, 500 * 60);
  ASSERT_EQ(report_.by_department.size(), 2U);
  EXPECT_EQ(report_.by_department[0].department, DepartmentId{1});
  EXPECT_EQ(report_.by_department[0].reopened, 1);
  ASSERT_EQ(report_.by_bucket.size(), 2U);
  EXPECT_EQ(report_.by_bucket[0].tickets, 3);
  EXPECT_EQ(line(report_.by_bucket[0].respond), "2 of 3");
  EXPECT_EQ(report_.by_bucket[1].tickets, 5);
  EXPECT_EQ(line(report_.by_bucket[1].respond), "2 of 5");
}

TEST_F(TwoMonths, HearsWhatOwnersSay) {
  const auto& surveys = report_.surveys;
  EXPECT_EQ(line(surveys.all.asked), "5 of 7");
  EXPECT_EQ(surveys.all.mean(), 3.5);
  EXPECT_EQ(surveys.all.low, 2);
  EXPECT_THAT(surveys.scores, ElementsAre(0, 1, 1, 1, 1));
  EXPECT_EQ(surveys.not_fixed, 1);
  EXPECT_EQ(line(surveys.by_bucket[0].asked), "2 of 3");
  EXPECT_EQ(surveys.by_bucket[0].sum, 7);
  EXPECT_EQ(line(surveys.by_bucket[1].asked), "3 of 4");
  EXPECT_EQ(surveys.by_category[0].key, "repair");
  EXPECT_EQ(line(surveys.by_category[0].asked), "4 of 4");
  EXPECT_EQ(line(surveys.by_category[1].asked), "1 of 3");
  EXPECT_EQ(surveys.by_duration[0].key, "4");
  EXPECT_EQ(line(surveys.by_duration[0].asked), "2 of 3");
  EXPECT_EQ(line(surveys.by_duration[1].asked), "3 of 4");
  EXPECT_EQ(surveys.p_category, std::nullopt) << "too few to tell";
  EXPECT_THAT(surveys.adjusted_mean.value(), DoubleNear(20.0 / 6, 1e-9));
  ASSERT_EQ(surveys.low.size(), 2U) << "newest first";
  EXPECT_EQ(surveys.low[0].ticket, TicketId{5});
  EXPECT_EQ(surveys.low[0].outcome, "not_fixed");
  EXPECT_EQ(surveys.low[1].kind, "repair/elevator");
}

TEST_F(TwoMonths, NamesNoRiseThatMayBeChance) {
  EXPECT_THAT(report_.rise.days_before, DoubleNear(61, 1e-9));
  EXPECT_EQ(report_.rise.days_now, 30);
  EXPECT_EQ(report_.rise.tested, 8U);
  EXPECT_THAT(report_.rise.rises, IsEmpty());
}

TEST_F(TwoMonths, NamesWhatComesAgainAndWhatWasWorst) {
  ASSERT_EQ(report_.matters.size(), 1U);
  EXPECT_EQ(report_.matters[0].count, 3);
  EXPECT_EQ(report_.matters[0].newest, TicketId{13});
  EXPECT_THAT(report_.homes, IsEmpty());
  std::vector<std::string> worst;
  for (const auto& one : report_.worst)
    worst.push_back(std::to_string(one.ticket.value) + ": " + std::to_string(one.points) + ", " +
                    std::to_string(one.hours_late) + " h");
  EXPECT_THAT(worst, ElementsAre("9: 9, 380 h", "5: 9, 0 h", "6: 8, 498 h", "2: 7, 2 h", "13: 2, 0 h"));
}

TEST(ReportAccumulator, OfNothingIsAReportOfNothing) {
  const auto report = ReportAccumulator(two_months(), {}).finish(Time{});
  EXPECT_EQ(report.reports, 0);
  EXPECT_THAT(report.categories, IsEmpty());
  EXPECT_EQ(report.by_bucket.size(), 2U);
  EXPECT_EQ(report.surveys.adjusted_mean, std::nullopt);
  EXPECT_EQ(report.rise.tested, 0U);
}

// 20 broken doors in November, 3 in the half year before; lamps stay as they were.
TEST(ReportAccumulator, NamesWhatRoseForCertain) {
  ReportAccumulator accumulator(two_months(), {});
  const auto opened = [&](std::int64_t id, const char* kind, const char* address, const char* day) {
    ReportTicket ticket{.id = TicketId{id}, .category = Category::repair, .subcategory = kind, .address = address};
    ticket.opened = parse_utc(std::string(day) + " 06:00:00").value();
    accumulator.take(ticket);
  };
  std::int64_t id = 0;
  for (const auto* day : {"2026-05-02", "2026-06-02", "2026-07-02"}) {
    opened(++id, "door", "7栋", day);
    for (int i = 0; i < 5; ++i) opened(++id, "lamp", "8栋", day);
  }
  for (int i = 0; i < 20; ++i) opened(++id, "door", "7栋", "2026-11-10");
  for (int i = 0; i < 3; ++i) opened(++id, "lamp", "8栋", "2026-11-11");
  const auto report = accumulator.finish(parse_utc("2026-12-01 04:00:00").value());
  ASSERT_EQ(report.rise.rises.size(), 2U);
  EXPECT_EQ(report.rise.tested, 4U);
  for (const auto& rise : report.rise.rises) {
    EXPECT_EQ(rise.before, 3);
    EXPECT_EQ(rise.now, 20);
    EXPECT_LT(rise.p_value, 1e-12);
    EXPECT_GT(rise.corrected, rise.p_value);
  }
}

TEST(ReportStatistics, AgreesWithWhatIsWorkedOutByHand) {
  std::vector<std::int32_t> ten = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, one = {7}, none;
  EXPECT_EQ(spread_of(ten).median, 5.5);
  EXPECT_EQ(spread_of(ten).p90, 9) << "the 9th of ten";
  EXPECT_EQ(spread_of(one).p90, 7);
  EXPECT_EQ(spread_of(none).count, 0U);
  EXPECT_NEAR(p_value_of_rise(1, 30, 10, 30), 12.0 / 2048, 1e-12) << "(11 + 1) / 2^11";
  EXPECT_NEAR(p_value_of_rise(1, 61, 3, 30), 0.10788, 1e-5) << "two-months.txt";
  EXPECT_EQ(p_value_of_rise(5, 30, 0, 30), 1);
  EXPECT_EQ(p_value_of_rise(0, 0, 9, 30), 1) << "without a history nothing has risen";
  EXPECT_THAT(corrected_by_holm({0.01, 0.04, 0.03}),
              ElementsAre(DoubleNear(0.03, 1e-12), DoubleNear(0.06, 1e-12), DoubleNear(0.06, 1e-12)));
  // Each of the four cells is 5 off an expected 25: 4 * 25 / 25 = 4, of which chi-squared with one degree has 0.0455.
  EXPECT_NEAR(p_value_of_difference({{50, 20}, {50, 30}}).value(), 0.0455, 1e-4);
  EXPECT_EQ(p_value_of_difference({{50, 20}, {3, 3}}), std::nullopt) << "one usable group is no comparison";
  EXPECT_EQ(p_value_of_difference({{50, 50}, {50, 50}}), std::nullopt) << "all answered";
}

TEST(ReportPeriod, IsCutAtItsEndsAndKnowsMidnight) {
  const auto* shanghai = date::locate_zone("Asia/Shanghai");
  const auto weeks =
      report_period(parse_day("2026-11-04").value(), parse_day("2026-11-17").value(), ReportBy::week, shanghai);
  std::vector<std::string> days;
  for (const auto day : weeks.days) days.push_back(format_day(day));
  EXPECT_THAT(days, ElementsAre("2026-11-04", "2026-11-09", "2026-11-16", "2026-11-18"));
  EXPECT_EQ(format_utc(weeks.edges[1]), "2026-11-08 16:00:00.000");
  EXPECT_EQ(format_utc(weeks.history_from), "2026-08-23 16:00:00.000") << "twelve weeks before the last Monday";
  const auto months = two_months();
  EXPECT_EQ(format_utc(months.edges.back()), "2026-11-30 16:00:00.000");
  EXPECT_EQ(format_utc(months.history_from), "2026-04-30 16:00:00.000");
  const auto day =
      report_period(parse_day("2026-02-28").value(), parse_day("2026-02-28").value(), ReportBy::month, nullptr);
  EXPECT_EQ(day.buckets(), 1U);
  for (const auto* none : {"", "2026-13-01", "2026-02-30", "2026-1-1", "20261101xx", "2026-11-01 "})
    EXPECT_EQ(parse_day(none), std::nullopt) << none;
}

TEST(ReportWords, HidePhonesAndNames) {
  const std::vector<std::string> names = {"王建国", "张师傅", "", "李"};
  struct {
    const char *words, *shown;
  } const table[] = {
      {"王建国没来，打13800138000也不接", "王**没来，打138****8000也不接"},
      {"打１３８ ００１３-８０００", "打138****8000"},
      {"020-12345678", "020****5678"},
      {"等了120分钟，3栋602，李家", "等了120分钟，3栋602，李家"},
      {"王建国王建国张师傅", "王**王**张**"},
      {"", ""},
      {"12 - 34", "12 - 34"},
  };
  for (const auto& row : table) EXPECT_EQ(masked_words(row.words, names), row.shown) << row.words;
}

}  // namespace
}  // namespace huiyin::tickets
