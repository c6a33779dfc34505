#pragma once

#include <string_view>

#include "dialogs/understanding/understand.h"

namespace huiyin::dialogs {

/// worth_calling() of a number that is nobody's to call back.
inline constexpr int kNobodysToCall = -3;

/// How much the words around a number make it the one to call back: above 0 the owner's own (我的电话, 改成, 是我的),
/// below it a second or an old one; kNobodysToCall and less: somebody else's, a fax, one that is asked about. Pure.
[[nodiscard]] int worth_calling(std::string_view text, const Found& found);

/// The words before `at` that may be about a number there: back to the number before, some ten characters.
[[nodiscard]] std::string_view words_before(std::string_view text, std::size_t at);

}  // namespace huiyin::dialogs
