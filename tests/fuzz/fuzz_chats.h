#pragma once

#include <cstddef>
#include <cstdint>

namespace huiyin::fuzz {

/// One input at the callbacks of Feishu and DingTalk: the first byte says whether the rest is the plaintext of an
/// honest event, a body as a stranger sends it, a tap of an old app, a message to DingTalk's robot (whose signature
/// covers no body), or an answer of one of the APIs. Aborts where a promise of adapters/channel.h is broken.
void chats(const std::uint8_t* data, std::size_t size);

}  // namespace huiyin::fuzz
