// A report as people read it, and as programs do: golden files of the small world of tests/data/report/two-months.txt.
#include "gateway/report_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/gateway/golden.h"
#include "tests/templates/shipped_texts.h"
#include "tests/tickets/report_data.h"
#include "tickets/number.h"

namespace huiyin::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

ReportSubject subject(const std::string& locale) {
  static const auto texts = templates::Renderer::load(shipped_texts(), "zh-CN").value();
  ReportSubject out{.locale = locale,
                    .company = "滨江物业",
                    .estate = "滨江花园",
                    .estate_name = "riverside",
                    .period = tickets::two_months(),
                    .made = "2026-12-01 12:00",
                    .words = [locale](std::string_view name, const templates::Data& data) {
                      return texts.render(name, locale, "", data);
                    }};
  out.kind = [](const std::string& key) { return key; };
  out.department = [](DepartmentId id) { return "D" + std::to_string(id.value); };
  out.number = [](const Ticket& ticket) { return tickets::format_number(ticket.number, "HY"); };
  out.staff = {"张师傅"};
  for (const auto& row : tickets::read_report_data("two-months.txt"))
    if (const auto* one = std::get_if<ReportTicket>(&row)) {
      Ticket ticket{.id = one->id,
                    .number = {1000 + one->id.value},
                    .name = "王建国",
                    .address = one->address,
                    .description = "=1+1 张师傅说的 <b>快</b>",
                    .status = one->status};
      out.named.emplace(one->id, ticket);
    }
  return out;
}

class ReportView : public testing::Test {
 protected:
  [[nodiscard]] static pages::ReportPage page(const std::string& locale) {
    return view_of(tickets::report_of_two_months(), subject(locale));
  }
};

TEST_F(ReportView, ReadsWellAsText) {
  expect_golden("report_zh-CN.txt", pages::render_report_text(page("zh-CN")));
  expect_golden("report_en.txt", pages::render_report_text(page("en")));
}

TEST_F(ReportView, GivesProgramsKeysAndNumbers) {
  const auto text = pages::render_report_json(page("zh-CN"));
  expect_golden("report.json", nlohmann::ordered_json::parse(text).dump(1) + "\n");
  EXPECT_EQ(nlohmann::json::parse(text)["figures"]["answer_rate"], 71.4) << "5 of 7";
}

TEST_F(ReportView, IsNoFormulaInASpreadsheet) {
  auto one = page("zh-CN");
  one.tables[0].rows[0][0].text = "=HYPERLINK(\"http://evil.test\")";
  one.tables[0].title = "@SUM(A1)";
  one.subtitle = "+86 a,b";
  one.footer = "－1";
  const auto csv = pages::render_report_csv(one);
  EXPECT_TRUE(csv.starts_with("\xef\xbb\xbf"));
  EXPECT_THAT(csv, HasSubstr("\"'=HYPERLINK(\"\"http://evil.test\"\")\""));
  EXPECT_THAT(csv, HasSubstr("\r\n\"'@SUM(A1)\"\r\n"));
  EXPECT_THAT(csv, HasSubstr("\r\n\"'+86 a,b\"\r\n"));
  EXPECT_THAT(csv, HasSubstr("\"'－1\""));
  EXPECT_THAT(csv, HasSubstr("\"'=1+1 张**说的")) << "what an owner wrote, the fitter's name masked";
}

TEST_F(ReportView, IsOneFileThatRunsNothingOfAnOwners) {
  auto one = page("zh-CN");
  one.tables[1].charts[0].series[0].name = "</script><script>alert(1)</script>";
  const auto html = pages::render_report_html(one, {.style = "p{}", .script = "run()", .charts = "var echarts"});
  EXPECT_THAT(html, Not(HasSubstr("<b>"))) << "an owner's words are no HTML";
  EXPECT_THAT(html, HasSubstr("&lt;b&gt;快&lt;/b&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("<script>alert"))) << "nor do they end the data of a chart";
  EXPECT_THAT(html, Not(HasSubstr("13800138000")));
  EXPECT_THAT(html, Not(HasSubstr("王建国")));
  for (const auto* loads : {"src=", "href=", "@import", "url("}) EXPECT_THAT(html, Not(HasSubstr(loads)));
  const auto plain = pages::render_report_html(one, {.style = "p{}"});
  EXPECT_THAT(plain, Not(HasSubstr("<script>"))) << "without ECharts the tables say the same";
  EXPECT_THAT(plain, HasSubstr("5栋1单元"));
}

TEST_F(ReportView, OfNothingSaysSo) {
  const auto nothing = view_of(tickets::ReportAccumulator(tickets::two_months(), {}).finish(Time{}), subject("zh-CN"));
  EXPECT_EQ(nothing.figures.size(), 0U);
  EXPECT_THAT(pages::render_report_text(nothing), HasSubstr("这段时间没有登记过工单"));
  EXPECT_THAT(pages::render_report_html(nothing, {}), HasSubstr("这段时间没有登记过工单"));
  EXPECT_THAT(pages::render_report_csv(nothing), HasSubstr("这段时间没有登记过工单"));
  EXPECT_EQ(nlohmann::json::parse(pages::render_report_json(nothing))["tables"]["nothing"].size(), 0U);
}

// A ticket that was purged between two reads leaves dashes, and nothing breaks.
TEST_F(ReportView, DoesWithoutTicketsThatAreGone) {
  auto bare = subject("en");
  bare.named.clear();
  EXPECT_THAT(pages::render_report_text(view_of(tickets::report_of_two_months(), bare)), HasSubstr("—"));
}

}  // namespace
}  // namespace huiyin::gateway
