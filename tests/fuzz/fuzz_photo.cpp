#include "tests/fuzz/fuzz_photo.h"

#include <array>
#include <cstdlib>
#include <string>

#include "gateway/strip_metadata.h"

namespace huiyin::fuzz {

void photo(const std::uint8_t* data, std::size_t size) {
  static constexpr std::array kTypes = {"image/jpeg", "image/png", "image/webp"};
  constexpr std::size_t kOrientation = 64;  // what an orientation alone takes, at most
  if (size == 0) return;
  const auto* type = kTypes[data[0] % kTypes.size()];
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto once = gateway::strip_metadata(bytes, type);
  if (!once) return;
  if (once->size() > bytes.size() + kOrientation) std::abort();
  if (gateway::strip_metadata(*once, type) != once) std::abort();
}

}  // namespace huiyin::fuzz
