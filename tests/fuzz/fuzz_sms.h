#pragma once

#include <cstddef>
#include <cstdint>

namespace huiyin::fuzz {

/// What strangers send to the SMS webhooks; the first byte says to which. Aborts where a promise is broken.
void sms(const std::uint8_t* data, std::size_t size);

}  // namespace huiyin::fuzz
