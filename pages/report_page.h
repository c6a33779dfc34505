#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace huiyin::pages {

// A report as words and numbers, in its reader's language already, and the forms that it is given in. Pure.

/// `text` is what people read; `number` what programs do, where it is one.
struct ReportCell {
  std::string text{};
  std::optional<double> number{};
  bool is_missing = false;  ///< there is no such value: null for programs
};

/// A name that programs rely on, and what people read.
struct ReportLabel {
  std::string key{}, title{};
};

/// A line for each series over the same labels, or bars. What is not there is left out.
struct ReportChart {
  enum class Kind { bars, stacked, lines } kind = Kind::bars;
  struct Series {
    std::string name{};
    std::vector<std::optional<double>> values{};
  };
  std::string title{};
  std::vector<std::string> labels{};
  std::vector<Series> series{};
  std::optional<double> most{};  ///< where the axis ends; none: as the values need
};

struct ReportTable {
  std::string key{}, title{};
  std::vector<std::string> notes{};  ///< how it is to be read, each a sentence
  std::vector<ReportLabel> columns{};
  std::vector<std::vector<ReportCell>> rows{};  ///< each as long as `columns`
  std::vector<ReportChart> charts{};
  std::string if_empty{};  ///< what stands where there are no rows; empty: the table is left out then
};

/// One of the numbers that come first.
struct ReportFigure {
  ReportLabel label{};
  ReportCell value{};
  std::string detail{};
};

struct ReportPage {
  std::string locale{}, title{}, subtitle{};
  std::vector<ReportLabel> about{};  ///< for programs: estate, from, until …
  std::vector<ReportFigure> figures{};
  std::vector<ReportTable> tables{};
  std::string footer{};
};

/// What an HTML file carries in itself.
struct ReportAssets {
  std::string style{};   ///< pages/report.css
  std::string script{};  ///< pages/report.js
  std::string charts{};  ///< ECharts; empty: no charts are drawn, the tables say the same
};

/// One file that needs no other: it may be mailed, kept, printed. Everything is escaped.
[[nodiscard]] std::string render_report_html(const ReportPage& page, const ReportAssets& assets);
/// For a terminal: columns are as wide as what stands in them, a Chinese character being two wide.
[[nodiscard]] std::string render_report_text(const ReportPage& page);
/// For spreadsheets, RFC 4180 with a byte order mark, by which they know UTF-8; the tables one after another. A cell
/// that they would take for a formula gets an apostrophe in front.
[[nodiscard]] std::string render_report_csv(const ReportPage& page);
/// For programs: keys and numbers; one line.
[[nodiscard]] std::string render_report_json(const ReportPage& page);

}  // namespace huiyin::pages
