#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialogs/understanding/lexicon_impl.h"
#include "dialogs/understanding/understand.h"

namespace huiyin::dialogs {

/// Each looks through a plain text; the spans of what it finds are bytes of `text` itself. Pure, linear in its length.

/// A mainland mobile or landline number, or an international one with its `+`; never a part of a longer number.
[[nodiscard]] std::optional<Found> find_phone(std::string_view text);

/// 「3号楼2单元602」「2-1-602」「3#2-501」「八号楼一单元」「Building 6, Unit 2」; value in Arabic digits, with the
/// words as typed.
[[nodiscard]] std::optional<Found> find_address(std::string_view text);

/// A person's name after a cue (我是, 我叫, my name is), with a title (王先生), or standing by itself in a list.
/// `in_list`: the text holds a phone or an address too, so that a lone 「李梅」 between commas is read as a name.
[[nodiscard]] std::optional<Found> find_name(const Lexicon::Impl& lexicon, std::string_view text, bool in_list);

/// What may be a ticket number. Rule `number_cue`: 工单 or the like stands before it; `number_whole`: it is the whole
/// text.
[[nodiscard]] std::vector<Found> find_numbers(std::string_view text);

/// A small number in Chinese numerals (十二 → 12, 一〇二 → 102) or in digits as it is; empty for anything else.
[[nodiscard]] std::string arabic(std::string_view numeral);

/// Is the whole of `text` a name that starts with a known surname?
[[nodiscard]] bool has_surname(const NameWords& names, std::string_view text);

}  // namespace huiyin::dialogs
