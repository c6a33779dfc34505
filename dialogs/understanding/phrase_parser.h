#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace huiyin::dialogs {

/// What a phrase of the lexicon stands for: one list of wordings for each part between two `…`; all wordings of a part
/// are alternatives, written out. Letters are lower case.
using PhraseParts = std::vector<std::vector<std::string>>;

/// Or what is wrong with it.
[[nodiscard]] tl::expected<PhraseParts, std::string> parse_phrase(std::string_view phrase);

}  // namespace huiyin::dialogs
