#pragma once

#include <string_view>

#include "dialogs/understanding/understand.h"

namespace huiyin::dialogs {

/// Adds `;ext=801` to a landline behind which 「转801」, 「-801」, 「(分机801)」 or 「ext. 801」 stands; `found` then
/// ends behind it. Up to six digits. Pure.
void add_extension(std::string_view text, Found& found);

}  // namespace huiyin::dialogs
