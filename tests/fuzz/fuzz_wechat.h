#pragma once

#include <cstddef>
#include <cstdint>

namespace huiyin::fuzz {

/// One input through the WeChat webhook: the first byte chooses mode and framing, the rest is the body, signed as the
/// platform would. Aborts where a promise is broken; the promises are those of adapters/channel.h.
void webhook(const std::uint8_t* data, std::size_t size);

/// One input as the plaintext of an encrypted body (first byte even), or as Encrypt itself.
/// What the API, or whatever stands in its place, answers: to a message each way, to the token call, to a fetch. The
/// first byte: which, and the status.
void judge(const std::uint8_t* data, std::size_t size);
void decryption(const std::uint8_t* data, std::size_t size);

}  // namespace huiyin::fuzz
