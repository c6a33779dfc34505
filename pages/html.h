#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "templates/renderer.h"

namespace huiyin::pages {

/// The page's texts in its reader's language: `page.title` with data, as templates/ has it. Not escaped yet.
using Words = std::function<std::string(std::string_view name, const templates::Data& data)>;
/// The texts in a language.
using Language = std::function<Words(const std::string& locale)>;

/// For text and for attribute values in double quotes: & < > " ' are written out, a NUL is left out.
[[nodiscard]] std::string escape(std::string_view text);
/// The same, with line ends as <br>.
[[nodiscard]] std::string escape_lines(std::string_view text);

/// A whole document around `body` (HTML already) for a phone. Without scripts, and with no style but the two sheets.
[[nodiscard]] std::string document(std::string_view title, std::string_view locale, std::string_view body);

/// `<input type=hidden>`.
[[nodiscard]] std::string hidden(std::string_view name, std::string_view value);

/// Headers of every page: nothing but our own style and pictures, no framing, not kept, not told to other sites.
inline constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

}  // namespace huiyin::pages
