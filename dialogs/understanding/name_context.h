#pragma once

#include <cstddef>
#include <string_view>

#include "dialogs/understanding/extract.h"

namespace huiyin::dialogs {

/// Each asks what stands before a name of a plain text. Pure.

/// Somebody else is spoken of: 房东姓林, 楼上1102的王先生. 我是楼下1102的王先生 is the writer himself.
[[nodiscard]] bool is_of_another(const NameWords& names, std::string_view text, std::size_t begin,
                                 const NameContext& context);

/// Is he of whom 「他姓…」 at `end` is said one of the writer's own, with a number to call him at: 打我爸电话，他姓龚?
[[nodiscard]] bool is_of_relation(const NameWords& names, std::string_view text, std::size_t end,
                                  const NameContext& context);

/// Behind `lead`, is `cue` a word for people who are met and not named: 也不和业主商量?
[[nodiscard]] bool is_met(std::string_view cue, std::string_view lead);

}  // namespace huiyin::dialogs
