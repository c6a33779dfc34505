#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/conversation.h"
#include "core/message.h"
#include "dialogs/effects.h"
#include "gateway/desk.h"

namespace huiyin::gateway {

/// All that a turn says, as one message; nothing where it says nothing. What exceeds the channel's limit is kept in
/// `conversation.more`, and the message ends on how to get it.
[[nodiscard]] std::optional<OutboundMessage> render_reply(const Desk& desk, const std::vector<dialogs::Effect>& effects,
                                                          Conversation& conversation);

/// The next page of what was kept; `conversation.more` must not be empty.
[[nodiscard]] OutboundMessage next_page(const Desk& desk, Conversation& conversation);

}  // namespace huiyin::gateway
