#pragma once

#include <string>
#include <string_view>

namespace huiyin::simulators {

/// What is wrong with `value` for a template's field called `key` (`thing1`, `phrase3`); empty: nothing. Strict where
/// the vendor's page leaves room: what passes here passes there.
[[nodiscard]] std::string fault_of_field(std::string_view key, std::string_view value);

}  // namespace huiyin::simulators
