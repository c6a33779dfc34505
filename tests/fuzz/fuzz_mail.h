#pragma once

#include <cstddef>
#include <cstdint>

namespace huiyin::fuzz {

/// Reads the bytes as a mail. Aborts where what comes out could not be stored or would do harm.
void mail(const std::uint8_t* data, std::size_t size);

}  // namespace huiyin::fuzz
