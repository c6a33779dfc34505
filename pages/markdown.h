#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace huiyin::pages {

/// A value as words inside Markdown: what would be a mark there is escaped, and line ends are spaces.
[[nodiscard]] std::string markdown_text(std::string_view text);

/// A value that is typed as it stands, in a code span.
[[nodiscard]] std::string markdown_code(std::string_view text);

/// A table of cells that are Markdown already; empty where there are no rows.
[[nodiscard]] std::string markdown_table(const std::vector<std::string>& columns,
                                         const std::vector<std::vector<std::string>>& rows);

/// CommonMark with tables as HTML. HTML inside the text stands there as text, so that no value can bring any.
/// Source of the dialect: spec.commonmark.org, and GitHub's tables; read by MD4C.
[[nodiscard]] std::string markdown_to_html(std::string_view markdown);

/// A document to be printed: one file that loads nothing. `kind` is a class of its body, for `style`.
struct PrintedPage {
  std::string locale{}, title{}, kind{};
  std::string markdown{};
};
[[nodiscard]] std::string render_printed_page(const PrintedPage& page, std::string_view style);

}  // namespace huiyin::pages
