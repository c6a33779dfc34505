#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "dialogs/understanding/extract.h"

namespace huiyin::dialogs {

/// Each asks what stands before a name of a plain text. Pure.

/// Where the first of the writer's own ends that is spoken of, with a number to call him at: 打我爸电话. npos: none is.
/// `relations` are the hits of the lexicon's words for them.
[[nodiscard]] std::size_t own_told_at(const NameWords& names, std::string_view text,
                                      const std::vector<PhraseHit>& relations, bool with_phone);

/// Somebody else is spoken of: 房东姓林, 楼上1102的王先生, and 他姓龚 unless `own_told` is before it.
/// 我是楼下1102的王先生 is the writer himself.
[[nodiscard]] bool is_of_another(const NameWords& names, std::string_view text, std::size_t begin,
                                 std::size_t own_told);

/// 「表扬一下保洁」「感谢昨晚夜班的」: who comes behind `lead` is thanked or blamed.
[[nodiscard]] bool is_thanked(std::string_view lead);

/// 「狗主人好像是6栋的」: who comes behind `lead` is known by hearsay; the address is blanked out in it.
[[nodiscard]] bool is_supposed(std::string_view lead);

/// 「我是想问一下…」「我是说…」: what is said behind 我是 tells of no person.
[[nodiscard]] bool is_a_wish(std::string_view said);

/// Behind `lead`, is `cue` a word for people who are met and not named: 也不和业主商量?
[[nodiscard]] bool is_met(std::string_view cue, std::string_view lead);

}  // namespace huiyin::dialogs
