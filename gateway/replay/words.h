#pragma once

#include <string>

#include "core/event.h"
#include "core/message.h"

namespace huiyin::gateway {

/// What an owner did, for people: his words, or what stands for them in brackets (`[图片 photo]`).
[[nodiscard]] std::string words_of(const Event& event);
/// What he was said, with the names of the choices that its text does not write out.
[[nodiscard]] std::string words_of(const OutboundMessage& message);

}  // namespace huiyin::gateway
