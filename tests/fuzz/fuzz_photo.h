#pragma once

#include <cstddef>
#include <cstdint>

namespace huiyin::fuzz {

/// The first byte chooses JPEG, PNG or WebP, the rest is the file. What comes out of it without metadata must come out
/// of it again unchanged: then nothing is left that would be dropped.
void photo(const std::uint8_t* data, std::size_t size);

}  // namespace huiyin::fuzz
