#include "gateway/report_view.h"

#include <algorithm>

#include "gateway/report_cells.h"

namespace huiyin::gateway {

using pages::ReportCell;
using pages::ReportLabel;

std::vector<TicketId> tickets_named_by(const tickets::Report& report) {
  std::vector<TicketId> out;
  for (const auto& one : report.worst) out.push_back(one.ticket);
  for (const auto& one : report.surveys.low) out.push_back(one.ticket);
  for (const auto& one : report.matters) out.push_back(one.newest);
  for (const auto& one : report.homes) out.push_back(one.newest);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<ReportLabel> report_columns(const ReportSubject& subject, std::initializer_list<const char*> names) {
  std::vector<ReportLabel> out;
  for (const auto* name : names) out.push_back({name, subject.words("report." + std::string(name), {})});
  return out;
}

pages::ReportTable report_table(const ReportSubject& subject, const std::string& key,
                                std::initializer_list<const char*> columns) {
  return {.key = key, .title = subject.words("report." + key, {}), .columns = report_columns(subject, columns)};
}

std::string place_words(const ReportSubject& subject, const std::string& place) {
  return place.empty() ? subject.words("report.no_place", {}) : place;
}

std::string bucket_words(const tickets::ReportPeriod& period, std::size_t bucket) {
  const auto day = tickets::format_day(period.days[bucket]);
  const bool is_whole_month = period.by == tickets::ReportBy::month && day.ends_with("-01");
  return is_whole_month ? day.substr(0, std::string_view("2026-11").size()) : day;
}

std::vector<pages::ReportFigure> key_figures(const tickets::Report& report, const ReportSubject& subject) {
  const auto& service = report.service;
  const auto& surveys = report.surveys.all;
  const auto figure = [&](const char* name, ReportCell value, const templates::Data& data = {}) {
    const auto key = "report.figure_" + std::string(name);
    return pages::ReportFigure{{name, subject.words(key, {})},
                               std::move(value),
                               data.empty() ? std::string() : subject.words(key + ".detail", data)};
  };
  return {
      figure("reports", count_cell(report.reports), {{"merged", std::to_string(report.merged)}}),
      figure("open", count_cell(report.open), {{"overdue", std::to_string(service.overdue)}}),
      figure("response_minutes", minutes_cell(service.response, service.response.median),
             {{"share", percent_cell(service.respond).text}}),
      figure("resolution_hours", hours_cell(service.resolution, service.resolution.median),
             {{"share", percent_cell(service.resolve).text}}),
      figure("mean_score", decimal_cell(surveys.mean(), 2), {{"low", std::to_string(surveys.low)}}),
      figure("answer_rate", percent_cell(surveys.asked),
             {{"answered", std::to_string(surveys.asked.answered)}, {"asked", std::to_string(surveys.asked.all)}}),
      figure("reopened", count_cell(service.reopened),
             {{"share", percent_cell(service.reopened, service.tickets).text}}),
      figure("out_of_scope", count_cell(report.out_of_scope), {{"withdrawn", std::to_string(report.withdrawn)}}),
  };
}

pages::ReportPage view_of(const tickets::Report& report, const ReportSubject& subject) {
  const auto& days = subject.period.days;
  const auto from = tickets::format_day(days.front());
  const auto last = tickets::format_day(days.back() - std::chrono::days(1));
  const auto estate = subject.estate.empty() ? subject.words("report.all_estates", {}) : subject.estate;
  pages::ReportPage page{
      .locale = subject.locale,
      .title = subject.words("report.title", {{"estate", estate}, {"company", subject.company}}),
      .subtitle = subject.words("report.subtitle", {{"from", from}, {"until", last}, {"made", subject.made}}),
      .footer = subject.words("report.footer", {})};
  page.about = {{"estate", subject.estate_name},
                {"from", from},
                {"until", last},
                {"by", std::string(tickets::to_string(subject.period.by))}};
  if (report.reports == 0) {
    page.tables.push_back({.key = "nothing",
                           .title = subject.words("report.nothing", {}),
                           .if_empty = subject.words("report.nothing.note", {})});
    return page;
  }
  page.figures = key_figures(report, subject);
  page.tables = work_tables(report, subject);
  for (auto& table : owner_tables(report, subject)) page.tables.push_back(std::move(table));
  return page;
}

}  // namespace huiyin::gateway
