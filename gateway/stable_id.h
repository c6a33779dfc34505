#pragma once

#include <cstdint>
#include <string_view>

namespace huiyin::gateway {

/// The id of what has its name from configuration (an estate, a department): the same on every node and after every
/// restart, without asking anybody. FNV-1a, 63 bits; 0 for an empty name.
template <class IdType>
[[nodiscard]] constexpr IdType stable_id(std::string_view name) {
  if (name.empty()) return {};
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return IdType{static_cast<std::int64_t>(hash >> 1)};
}

}  // namespace huiyin::gateway
