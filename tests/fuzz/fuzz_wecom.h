#pragma once

#include <cstddef>
#include <cstdint>

namespace huiyin::fuzz {

/// One input at WeCom's callback: the first byte says whether the rest is the plaintext of an honest envelope, the
/// whole body as a stranger might send it, an echostr, or the API's answer to a message. Aborts where a promise of
/// adapters/channel.h is broken.
void wecom(const std::uint8_t* data, std::size_t size);

}  // namespace huiyin::fuzz
