// What was reported, and how it was done: the tables of the company's own work.
#include <algorithm>
#include <map>

#include "gateway/report_cells.h"
#include "gateway/report_view.h"

namespace huiyin::gateway {
namespace {

using pages::ReportCell;
using pages::ReportChart;
using pages::ReportTable;

constexpr std::size_t kMostRows = 30;
constexpr std::size_t kMostSeries = 7;  // colours that can be told apart

ReportCell words_cell(std::string text) { return {std::move(text), std::nullopt}; }

std::vector<std::string> buckets_of(const ReportSubject& subject) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < subject.period.buckets(); ++i) out.push_back(bucket_words(subject.period, i));
  return out;
}

template <class Values>
ReportChart::Series series_of(const std::string& name, const Values& values) {
  ReportChart::Series out{.name = name};
  for (const auto value : values) out.values.emplace_back(static_cast<double>(value));
  return out;
}

template <class Key>
ReportTable frequency_table(const ReportSubject& subject, const std::string& key,
                            const std::vector<tickets::Frequency>& frequencies, Key words_of) {
  auto out = report_table(subject, key, {"what", "count", "share"});
  std::int64_t all = 0;
  for (const auto& one : frequencies) all += one.count;
  for (const auto& one : frequencies) {
    if (out.rows.size() == kMostRows) {
      out.notes.push_back(subject.words("report.more_rows", {{"count", std::to_string(frequencies.size())}}));
      break;
    }
    out.rows.push_back({words_cell(words_of(one.key)), count_cell(one.count), percent_cell(one.count, all)});
  }
  return out;
}

/// By month or week where there are several, else as they stand.
void draw_categories(const tickets::Report& report, const ReportSubject& subject, ReportTable& table) {
  ReportChart chart{.kind = ReportChart::Kind::stacked, .title = table.title, .labels = buckets_of(subject)};
  if (subject.period.buckets() == 1) {
    chart.kind = ReportChart::Kind::bars;
    chart.labels.clear();
    chart.series.push_back({.name = table.title});
  }
  for (std::size_t i = 0; i < std::min(kMostSeries, report.categories.size()); ++i) {
    const auto& one = report.categories[i];
    if (chart.kind == ReportChart::Kind::stacked) {
      chart.series.push_back(series_of(subject.kind(one.key), one.by_bucket));
    } else {
      chart.labels.push_back(subject.kind(one.key));
      chart.series.front().values.emplace_back(static_cast<double>(one.count));
    }
  }
  table.charts.push_back(std::move(chart));
}

std::vector<ReportCell> service_cells(const std::string& what, const tickets::ServiceFigures& one) {
  return {words_cell(what),
          count_cell(one.tickets),
          minutes_cell(one.response, one.response.median),
          minutes_cell(one.response, one.response.p90),
          percent_cell(one.respond),
          hours_cell(one.resolution, one.resolution.median),
          hours_cell(one.resolution, one.resolution.p90),
          percent_cell(one.resolve),
          count_cell(one.open),
          count_cell(one.overdue),
          percent_cell(one.reopened, one.tickets)};
}

constexpr auto kServiceColumns = {"what",          "tickets",        "response_median", "response_p90",
                                  "respond_share", "resolve_median", "resolve_p90",     "resolve_share",
                                  "still_open",    "still_overdue",  "reopened_share"};

template <class Key>
ReportTable service_table(const ReportSubject& subject, const std::string& key,
                          const std::vector<tickets::ServiceFigures>& figures, Key words_of) {
  auto out = report_table(subject, key, kServiceColumns);
  for (const auto& one : figures) out.rows.push_back(service_cells(words_of(one), one));
  return out;
}

std::optional<double> percent_of(const tickets::Share& share) { return percent_cell(share).number; }

/// One line a month or week; drawn where there are several.
ReportTable trend_table(const tickets::Report& report, const ReportSubject& subject) {
  auto out = report_table(subject, "trend",
                          {"bucket", "tickets", "response_median", "respond_share", "resolve_median", "resolve_share",
                           "mean_score", "answer_rate"});
  ReportChart kept{.kind = ReportChart::Kind::lines, .title = subject.words("report.chart_kept", {}), .most = 100};
  ReportChart scores{.kind = ReportChart::Kind::lines, .title = subject.words("report.mean_score", {}), .most = 5};
  kept.labels = scores.labels = buckets_of(subject);
  kept.series = {{subject.words("report.respond_share", {}), {}}, {subject.words("report.resolve_share", {}), {}}};
  scores.series = {{scores.title, {}}};
  for (std::size_t i = 0; i < subject.period.buckets(); ++i) {
    const auto& service = report.by_bucket[i];
    const auto& surveys = report.surveys.by_bucket[i];
    out.rows.push_back({words_cell(kept.labels[i]), count_cell(service.tickets),
                        minutes_cell(service.response, service.response.median), percent_cell(service.respond),
                        hours_cell(service.resolution, service.resolution.median), percent_cell(service.resolve),
                        decimal_cell(surveys.mean(), 2), percent_cell(surveys.asked)});
    kept.series[0].values.push_back(percent_of(service.respond));
    kept.series[1].values.push_back(percent_of(service.resolve));
    scores.series[0].values.push_back(decimal_cell(surveys.mean(), 2).number);
  }
  if (out.rows.size() > 1) out.charts = {std::move(kept), std::move(scores)};
  return out;
}

}  // namespace

std::vector<ReportTable> work_tables(const tickets::Report& report, const ReportSubject& subject) {
  const auto kind = [&](const std::string& key) { return subject.kind(key); };
  const auto place = [&](const std::string& key) { return place_words(subject, key); };
  const auto channel = [&](const std::string& key) {
    return key.empty() ? subject.words("report.no_channel", {}) : key;
  };
  std::vector<ReportTable> out;
  out.push_back(trend_table(report, subject));
  out.push_back(frequency_table(subject, "categories", report.categories, kind));
  draw_categories(report, subject, out.back());
  out.push_back(frequency_table(subject, "kinds", report.kinds, kind));
  out.push_back(frequency_table(subject, "places", report.places, place));
  out.push_back(frequency_table(subject, "channels", report.channels, channel));
  const auto by_category = [&](const tickets::ServiceFigures& one) { return subject.kind(one.key); };
  const auto by_department = [&](const tickets::ServiceFigures& one) { return subject.department(one.department); };
  out.push_back(service_table(subject, "service_by_category", report.by_category, by_category));
  out.back().notes.push_back(subject.words("report.service_note", {}));
  out.push_back(service_table(subject, "service_by_department", report.by_department, by_department));
  out.push_back(frequency_table(subject, "out_of_scope", report.out_of_scope_kinds, kind));
  return out;
}

}  // namespace huiyin::gateway
