#include <nlohmann/json.hpp>

#include "pages/html.h"
#include "pages/report_page.h"

namespace huiyin::pages {
namespace {

using Json = nlohmann::ordered_json;

// The file is opened from anywhere, by mail or from a disk: it may load nothing and send nothing.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'";

/// JSON that stands inside an element: no text of it can end that.
std::string embedded(const Json& json) {
  std::string out;
  for (const char c : json.dump(-1, ' ', false, Json::error_handler_t::replace)) {
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  }
  return out;
}

std::string_view name_of(ReportChart::Kind kind) {
  switch (kind) {
    case ReportChart::Kind::bars:
      return "bars";
    case ReportChart::Kind::stacked:
      return "stacked";
    case ReportChart::Kind::lines:
      return "lines";
  }
  return "";
}

std::string chart_html(const ReportChart& chart) {
  Json data{{"kind", name_of(chart.kind)}, {"labels", chart.labels}, {"series", Json::array()}};
  for (const auto& series : chart.series) {
    Json values = Json::array();
    for (const auto& value : series.values) values.push_back(value ? Json(*value) : Json());
    data["series"].push_back({{"name", series.name}, {"values", std::move(values)}});
  }
  if (chart.most) data["most"] = *chart.most;
  return "<figure><figcaption>" + escape(chart.title) + "</figcaption><div class=\"chart\" role=\"img\" aria-label=\"" +
         escape(chart.title) + "\"></div><script type=\"application/json\">" + embedded(data) + "</script></figure>\n";
}

std::string table_html(const ReportTable& table, bool with_charts) {
  if (table.rows.empty() && table.if_empty.empty()) return {};
  auto out = "<section id=\"" + escape(table.key) + "\"><h2>" + escape(table.title) + "</h2>\n";
  for (const auto& note : table.notes) out += "<p class=\"note\">" + escape(note) + "</p>\n";
  if (table.rows.empty()) return out + "<p class=\"none\">" + escape(table.if_empty) + "</p></section>\n";
  if (with_charts && !table.charts.empty()) {
    out += "<div class=\"charts\">\n";
    for (const auto& chart : table.charts) out += chart_html(chart);
    out += "</div>\n";
  }
  const auto cell = [](std::string_view tag, std::string_view text, bool is_number) {
    return "<" + std::string(tag) + (is_number ? " class=\"number\">" : ">") + escape_lines(text) + "</" +
           std::string(tag) + ">";
  };
  out += "<table><thead><tr>";
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    out += cell("th", table.columns[i].title, table.rows.front()[i].number.has_value());
  out += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (const auto& one : row) out += cell("td", one.text, one.number.has_value());
    out += "</tr>\n";
  }
  return out + "</tbody></table></section>\n";
}

std::string figures_html(const ReportPage& page) {
  if (page.figures.empty()) return {};
  std::string out = "<dl class=\"figures\">\n";
  for (const auto& figure : page.figures)
    out += "<div><dt>" + escape(figure.label.title) + "</dt><dd>" + escape(figure.value.text) + "</dd>" +
           (figure.detail.empty() ? std::string() : "<dd class=\"detail\">" + escape(figure.detail) + "</dd>") +
           "</div>\n";
  return out + "</dl>\n";
}

}  // namespace

std::string render_report_html(const ReportPage& page, const ReportAssets& assets) {
  const bool with_charts = !assets.charts.empty();
  auto out = "<!doctype html>\n<html lang=\"" + escape(page.locale) +
             "\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"" +
             escape(kPolicy) +
             "\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" "
             "content=\"noindex\"><title>" +
             escape(page.title) + "</title><style>\n" + assets.style + "</style></head><body><main>\n<header><h1>" +
             escape(page.title) + "</h1><p>" + escape(page.subtitle) + "</p></header>\n" + figures_html(page);
  for (const auto& table : page.tables) out += table_html(table, with_charts);
  if (!page.footer.empty()) out += "<footer>" + escape_lines(page.footer) + "</footer>\n";
  out += "</main>\n";
  if (with_charts) out += "<script>" + assets.charts + "</script>\n<script>" + assets.script + "</script>\n";
  return out + "</body></html>\n";
}

}  // namespace huiyin::pages
