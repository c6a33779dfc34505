#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace huiyin::tickets {

/// An owner's words as others may read them: each of `names` is masked where it stands, and so is whatever could be a
/// telephone number (seven digits or more, full-width ones too, with spaces or dashes among them). Pure.
[[nodiscard]] std::string masked_words(std::string_view words, const std::vector<std::string>& names);

}  // namespace huiyin::tickets
