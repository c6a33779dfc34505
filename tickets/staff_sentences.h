#pragma once

#include <string_view>

#include "tickets/staff_words.h"

namespace huiyin::tickets {

/// Whether a message that begins with a command's word was meant as that command: 「完成 换了轴承」 was, 「完成不了」
/// is a sentence. What is taken for a sentence costs its writer a second message; what is wrongly taken for a command
/// closes a ticket. Only for tickets/ itself.

/// What stands between the command's word and the rest.
enum class Gap {
  none,    ///< the rest is glued on
  apart,   ///< white space, a comma, or there is no rest
  marked,  ///< a colon
};
[[nodiscard]] Gap gap_at_start(std::string_view folded);

/// The bytes of a 了 or 吧 at the start of what is glued to a command's word, if it only rounds it off:
/// 「完成了，换了轴承」. 0 where the sentence goes on.
[[nodiscard]] std::size_t rounding_at_start(std::string_view folded);

struct AfterCommand {
  std::string_view rest{};    ///< folded, without the number and what links the parts
  Gap gap = Gap::apart;       ///< between the word and the number or the rest
  bool names_ticket = false;  ///< with its number, or by replying to a notice of it
};
[[nodiscard]] bool is_sentence(const CommandWord& word, const AfterCommand& after);

/// Does the action take words of its writer? 接单 takes none.
[[nodiscard]] bool takes_words(ActionKind kind);

}  // namespace huiyin::tickets
