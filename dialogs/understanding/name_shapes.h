#pragma once

#include <cstddef>
#include <string_view>

#include "dialogs/understanding/lexicon_impl.h"

namespace huiyin::dialogs {

/// Each but the first says how many bytes at the beginning of a plain text are a name of its shape; 0: none. Pure.

/// What is left of `text` behind the signs and white space that part the items of a list.
[[nodiscard]] std::string_view without_separators(std::string_view text);

/// 王, 欧阳.
[[nodiscard]] std::size_t surname_at(const NameWords& names, std::string_view text);

/// May it stand behind a surname: 建国?
[[nodiscard]] bool is_given(const NameWords& names, std::string_view given);

/// 王建国, 王先生, 小王. `surname_only`: 王 will do, as in 我姓王.
[[nodiscard]] std::size_t chinese_name(const NameWords& names, std::string_view text, bool surname_only);

/// Behind 姓名： anything short is a name.
[[nodiscard]] std::size_t any_name(const NameWords& names, std::string_view text);

/// 「阿不都热合曼·买买提」
[[nodiscard]] std::size_t dotted_name(const NameWords& names, std::string_view text);

/// 「叫我阿强」「叫我婷婷吧」「喊我丽姐」: 阿强, 婷婷, 丽姐.
[[nodiscard]] std::size_t nickname(const NameWords& names, std::string_view text);

}  // namespace huiyin::dialogs
