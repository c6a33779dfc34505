#pragma once

#include <optional>

#include "core/message.h"

namespace huiyin::gateway {

/// What the outbox keeps of a message that carried a code, once it has left or was given up: which text went to whom,
/// and neither its words nor its data. Nothing where the message carries no code.
[[nodiscard]] std::optional<OutboundMessage> without_code(const OutboundMessage& message);

}  // namespace huiyin::gateway
