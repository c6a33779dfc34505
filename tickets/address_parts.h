#pragma once

#include <string>
#include <string_view>

namespace huiyin::tickets {

// What can be read of an address in the form of comparable_place(). Pure.

/// The number in front of `mark`, with it: of 「3栋2单元602」 and 「单元」 `2单元`. Empty where there is none.
[[nodiscard]] std::string counted_part(std::string_view comparable, std::string_view mark);

/// Ends in a flat's number (602, 1203室): there is one such trouble there, not several as in a garage.
[[nodiscard]] bool is_home(std::string_view comparable);

}  // namespace huiyin::tickets
