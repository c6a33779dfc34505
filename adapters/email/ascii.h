#pragma once

#include <string>
#include <string_view>

namespace huiyin::email {

// Small things that reading headers needs everywhere.

[[nodiscard]] inline char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
[[nodiscard]] inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}
[[nodiscard]] inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// A header's value without the line ends by which it was folded; at most 64 KB of it.
[[nodiscard]] std::string unfold(std::string_view raw);
/// Valid UTF-8 on one line: a line feed that an encoded word smuggled in would make a header of its own.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace huiyin::email
