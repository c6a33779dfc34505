#include "pages/markdown.h"

#include <md4c-html.h>

#include "core/text.h"
#include "pages/html.h"

namespace huiyin::pages {
namespace {

constexpr std::string_view kMarks = "\\`*_[]<>|~#&";
// The file is opened from a disk or a mail: it may load nothing and run nothing.
constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

std::string one_line(std::string_view text) {
  std::string out(trim(text));
  for (char& c : out)
    if (c == '\n' || c == '\r') c = ' ';
  return out;
}

void append(const MD_CHAR* text, MD_SIZE size, void* out) { static_cast<std::string*>(out)->append(text, size); }

std::string line_of(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const auto& cell : cells) line += " " + one_line(cell) + " |";
  return line + "\n";
}

}  // namespace

std::string markdown_text(std::string_view text) {
  std::string out;
  for (const char c : one_line(text)) {
    if (kMarks.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  std::string out = "`";
  for (const char c : one_line(text)) {
    if (c == '|')
      out += "｜";  // would end the cell, and in code nothing escapes it for every reader of Markdown
    else if (c != '`')
      out += c;
  }
  return out + "`";
}

std::string markdown_table(const std::vector<std::string>& columns, const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return {};
  auto out = line_of(columns) + line_of(std::vector<std::string>(columns.size(), "---"));
  for (const auto& row : rows) out += line_of(row);
  return out;
}

std::string markdown_to_html(std::string_view markdown) {
  std::string html;
  const unsigned flags = MD_FLAG_TABLES | MD_FLAG_NOHTML;
  if (md_html(markdown.data(), static_cast<MD_SIZE>(markdown.size()), append, &html, flags, 0) != 0)
    return "<pre>" + escape(markdown) + "</pre>";  // it only fails for want of memory
  return html;
}

std::string render_printed_page(const PrintedPage& page, std::string_view style) {
  return "<!doctype html>\n<html lang=\"" + escape(page.locale) +
         "\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"" + escape(kPolicy) +
         "\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" "
         "content=\"noindex\"><title>" +
         escape(page.title) + "</title><style>\n" + std::string(style) + "</style></head><body class=\"" +
         escape(page.kind) + "\"><main>\n" + markdown_to_html(page.markdown) + "</main></body></html>\n";
}

}  // namespace huiyin::pages
