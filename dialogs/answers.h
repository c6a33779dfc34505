#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/dialog_state.h"
#include "core/message.h"
#include "dialogs/flow.h"

namespace huiyin::dialogs {

/// Characters that say something: letters, ideographs, digits. An emoji or a row of dots has none.
[[nodiscard]] std::size_t count_letters(std::string_view text);

/// Of those, the ones that words are made of: 「138001」 has none.
[[nodiscard]] std::size_t count_word_letters(std::string_view text);

/// As owners expect to see a number again: `13800138000` for `+8613800138000`.
[[nodiscard]] std::string shown_phone(const std::string& number);

/// What `kind` keeps of a value that understand() or the address book gave.
[[nodiscard]] SlotValue slot_of(FieldKind kind, const std::string& value);

[[nodiscard]] bool looks_like_name(std::string_view plain, const Understood& said);
[[nodiscard]] bool looks_like_place(std::string_view plain, const Understood& said);
/// 为什么要电话？ answers nothing.
[[nodiscard]] bool looks_like_question(std::string_view plain);

using Spans = std::vector<std::pair<std::size_t, std::size_t>>;
/// `text` without the bytes of `used` and without what introduced them (电话：, my name is), ends tidied.
[[nodiscard]] std::string remainder(const Flow& flow, std::string_view text, Spans used);

/// The answers shown for a choice field; `parent` is the choice whose sub-types are asked for, empty: the choices
/// themselves.
[[nodiscard]] std::vector<Choice> choices_of(const Flow& flow, const Field& field, const std::string& parent,
                                             const std::string& locale);

/// Which of `field`'s answers the text names: by the tapped id, its number in the list shown, its label or a word of
/// it.
[[nodiscard]] std::optional<std::string> match_choice(const Flow& flow, const Field& field, const std::string& parent,
                                                      std::string_view plain, const std::optional<std::string>& tapped);

[[nodiscard]] const FlowChoice* find_choice(const Field& field, std::string_view id);

/// 「设施故障 · 电梯」 for `repair/elevator`.
[[nodiscard]] std::string category_words(const Flow& flow, const std::string& value, const std::string& locale);

}  // namespace huiyin::dialogs
