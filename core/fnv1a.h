#pragma once

#include <cstdint>
#include <string_view>

namespace huiyin {

/// FNV-1a, 64 bits: for hashes that are stored or that several processes must agree on. Not for what strangers could
/// profit from making collide.
[[nodiscard]] constexpr std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

}  // namespace huiyin
