#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace huiyin::wechat {

/// One XML element as a value: what the platform's messages need, and no more (no attributes, no order of text between
/// elements).
struct Element {
  std::string name{};
  std::string text{};  ///< all text and CDATA children joined: text may be cut over two sections
  std::vector<Element> children{};

  [[nodiscard]] const Element* find(std::string_view child) const;
  /// Every child of that name, also where the platform repeats it.
  [[nodiscard]] std::vector<const Element*> find_all(std::string_view child) const;
  /// The child's text without white space at its ends; empty where there is none.
  [[nodiscard]] std::string value(std::string_view child) const;
};

/// Parses a body whose root must be `<xml>`. Refused with a reason: more than 32 levels, a document type (there would
/// be entities), a NUL, text that is no UTF-8, a second root.
[[nodiscard]] tl::expected<Element, std::string> parse_xml(std::string_view body);

/// `<name><![CDATA[text]]></name>`, `]]>` in the text split, characters that XML 1.0 forbids left out.
[[nodiscard]] std::string cdata_element(std::string_view name, std::string_view text);
/// The same appended to `out`, of a text that holds no forbidden characters: cleaned already, or of our own making.
void append_cdata(std::string& out, std::string_view name, std::string_view clean);

}  // namespace huiyin::wechat
