#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace huiyin::simulators {

/// One element of a reply: a value or children, never both.
struct XmlField {
  std::string name{};
  std::string value{};
  std::vector<XmlField> fields{};

  [[nodiscard]] const XmlField* find(std::string_view child) const;
  [[nodiscard]] std::string text(std::string_view child) const;
};

/// Reads a reply as strictly as anything that a platform might run: `<xml>` first and last, no declaration, no
/// attribute, nothing of what XML 1.0 forbids, an entity only of the five. The error says what is wrong, and where.
[[nodiscard]] tl::expected<XmlField, std::string> read_strictly(std::string_view text);

}  // namespace huiyin::simulators
