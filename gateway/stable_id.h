#pragma once

#include <cstdint>
#include <string_view>

#include "core/fnv1a.h"

namespace huiyin::gateway {

/// The id of what has its name from configuration (an estate, a department): the same on every node and after every
/// restart, without asking anybody. FNV-1a, 63 bits; 0 for an empty name.
template <class IdType>
[[nodiscard]] constexpr IdType stable_id(std::string_view name) {
  if (name.empty()) return {};
  return IdType{static_cast<std::int64_t>(fnv1a(name) >> 1)};
}

}  // namespace huiyin::gateway
