#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace huiyin::dialogs {

/// A part of a phrase between two gaps: all its wordings, written out, letters in lower case.
struct PhrasePart {
  std::vector<std::string> wordings{};
  bool far = false;  ///< `……` stands before it, not `…`
};
using PhraseParts = std::vector<PhrasePart>;

/// Or what is wrong with it.
[[nodiscard]] tl::expected<PhraseParts, std::string> parse_phrase(std::string_view phrase);

}  // namespace huiyin::dialogs
