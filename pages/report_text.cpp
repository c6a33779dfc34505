#include <algorithm>

#include "core/text.h"
#include "pages/report_page.h"

namespace huiyin::pages {
namespace {

constexpr std::size_t kGap = 2;

/// How many columns of a terminal a text takes: Chinese characters and full-width marks take two.
std::size_t width_of(std::string_view text) {
  std::size_t wide = 0;
  for (const char c : text)
    if ((static_cast<unsigned char>(c) & 0xf0U) == 0xe0U || (static_cast<unsigned char>(c) & 0xf8U) == 0xf0U) ++wide;
  return count_characters(text) + wide;
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// Numbers stand at the right of their column, words at the left; nothing is put behind the last.
void add_row(const std::vector<ReportCell>& cells, const std::vector<std::size_t>& widths, std::string& out) {
  std::string line = "  ";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto text = one_line(cells[i].text);
    const std::string pad(widths[i] - std::min(widths[i], width_of(text)), ' ');
    line += cells[i].number ? pad + text : text + pad;
    line += std::string(kGap, ' ');
  }
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + "\n";
}

void add_table(const ReportTable& table, std::string& out) {
  if (table.rows.empty() && table.if_empty.empty()) return;
  out += "\n" + table.title + "\n";
  for (const auto& note : table.notes) out += "  " + note + "\n";
  if (table.rows.empty()) {
    out += "  " + table.if_empty + "\n";
    return;
  }
  std::vector<ReportCell> head;
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    head.push_back({table.columns[i].title, table.rows.front()[i].number});
    auto width = width_of(head.back().text);
    for (const auto& row : table.rows) width = std::max(width, width_of(one_line(row[i].text)));
    widths.push_back(width);
  }
  add_row(head, widths, out);
  for (const auto& row : table.rows) add_row(row, widths, out);
}

}  // namespace

std::string render_report_text(const ReportPage& page) {
  std::string out = page.title + "\n" + page.subtitle + "\n";
  if (!page.figures.empty()) out += "\n";
  for (const auto& figure : page.figures) {
    out += "  " + figure.label.title + "  " + figure.value.text;
    if (!figure.detail.empty()) out += "  (" + figure.detail + ")";
    out += "\n";
  }
  for (const auto& table : page.tables) add_table(table, out);
  if (!page.footer.empty()) out += "\n" + page.footer + "\n";
  return out;
}

}  // namespace huiyin::pages
