#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace huiyin {

/// What values of the configuration may look like. Pure.

/// Lower-case letters, digits, `-` and `_`, beginning with a letter or digit: what fits into a URL and into a key.
[[nodiscard]] bool is_name(std::string_view text);
[[nodiscard]] bool is_ip_address(const std::string& text);
/// An address, or one with `/` and a number of bits.
[[nodiscard]] bool is_ip_range(const std::string& text);
/// One that tzdata knows.
[[nodiscard]] bool is_time_zone(const std::string& name);
/// `21:00` as minutes since midnight.
[[nodiscard]] std::optional<int> minute_of_day(const std::string& text);

}  // namespace huiyin
