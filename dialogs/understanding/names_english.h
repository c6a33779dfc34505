#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "dialogs/understanding/extract.h"

namespace huiyin::dialogs {

/// A name in Latin script: after 「my name is」, below 「Regards」, with a Mr or Ms, or capitalised beside the phone.
[[nodiscard]] std::optional<Found> find_english_name(const NameWords& names, std::string_view text,
                                                     const NameContext& context);

/// How many bytes at the beginning of `text` are capitalised words that may be a name; 0: none.
[[nodiscard]] std::size_t capitalised_name(std::string_view text);

}  // namespace huiyin::dialogs
