#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/ticket.h"

namespace huiyin::tickets {

/// Ticket numbers as people write and read them: `HY1024-4`. The last digit is Damm's check digit over those of the
/// sequence (H. M. Damm, 2004): it finds every wrong digit and every swap of two neighbours. Pure, thread-safe.

/// 0 to 9. `sequence` must not be negative.
[[nodiscard]] int check_digit(std::int64_t sequence);

/// `HY1024-4`.
[[nodiscard]] std::string format_number(TicketNumber number, std::string_view prefix);

enum class NumberFault {
  not_a_number,  ///< something else; without the prefix also what is shorter or longer than a number is likely to be
  wrong_check_digit,  ///< looks like one of ours, with a slip: ask for it again
};

/// Reads a whole text as one number: `HY1024-4`, `hy10244`, `10244`, `ＨＹ１０２４－４`, `HY 1024 4`, `#10244`.
/// Without the prefix 4 to 10 digits only: fewer are an answer to a question, more a phone. One in ten other numbers of
/// that length (a phone without its area code) has a right check digit by chance: ask only where a number makes sense.
[[nodiscard]] tl::expected<TicketNumber, NumberFault> parse_number(std::string_view text, std::string_view prefix);

/// The numbers that a text mentions, each once, in its order: with the prefix, or right after a word that announces one
/// (工单, 单号, 编号, #, ticket). What has a wrong check digit is no mention.
[[nodiscard]] std::vector<TicketNumber> find_numbers(std::string_view text, std::string_view prefix);

}  // namespace huiyin::tickets
