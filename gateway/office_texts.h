#pragma once

#include <span>
#include <string_view>

namespace huiyin::gateway {

/// The texts that work on tickets needs (templates/<locale>/staff.yaml, news.yaml).
[[nodiscard]] std::span<const std::string_view> office_texts();

}  // namespace huiyin::gateway
