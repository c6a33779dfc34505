#include "pages/report_page.h"

namespace huiyin::pages {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
// OWASP, CSV Injection: what a spreadsheet takes for the beginning of a formula, full-width forms among it.
constexpr std::string_view kFormulaBeginnings[] = {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};

bool looks_like_formula(std::string_view text) {
  for (const auto beginning : kFormulaBeginnings)
    if (text.starts_with(beginning)) return true;
  return false;
}

void add_cell(std::string_view text, bool is_first, std::string& out) {
  if (!is_first) out += ',';
  out += '"';
  if (looks_like_formula(text)) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    if (c != '\0') out += c;
  }
  out += '"';
}

template <class Items, class Text>
void add_row(const Items& items, Text text_of, std::string& out) {
  bool is_first = true;
  for (const auto& item : items) {
    add_cell(text_of(item), is_first, out);
    is_first = false;
  }
  out += "\r\n";
}

void add_lines(const std::vector<std::string>& lines, std::string& out) {
  for (const auto& line : lines) {
    add_cell(line, true, out);
    out += "\r\n";
  }
}

}  // namespace

std::string render_report_csv(const ReportPage& page) {
  std::string out(kByteOrderMark);
  add_lines({page.title, page.subtitle}, out);
  for (const auto& figure : page.figures)
    add_row(
        std::vector{figure.label.title, figure.value.text, figure.detail}, [](const auto& text) { return text; }, out);
  for (const auto& table : page.tables) {
    if (table.rows.empty() && table.if_empty.empty()) continue;
    out += "\r\n";
    add_lines({table.title}, out);
    add_lines(table.notes, out);
    if (table.rows.empty()) add_lines({table.if_empty}, out);
    if (table.rows.empty()) continue;
    add_row(
        table.columns, [](const auto& column) { return column.title; }, out);
    for (const auto& row : table.rows)
      add_row(
          row, [](const auto& cell) { return cell.text; }, out);
  }
  if (!page.footer.empty()) add_lines({"", page.footer}, out);
  return out;
}

}  // namespace huiyin::pages
