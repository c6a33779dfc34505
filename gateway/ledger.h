#pragma once

#include "core/conversation.h"
#include "core/event.h"

namespace huiyin::gateway {

/// Notes in the conversation what an owner's event tells about reaching him: when he was last here, whether he still
/// follows, and the pushes that his action allows (WeChat: 5 in 48 h after a message; 3 in one minute after a click, a
/// follow or a scan), and the notices that he consented to or refused. Expired windows go.
void note_inbound(Conversation& conversation, const Event& event, Time now);

/// Did the owner do this himself? Receipts, timers and the provider's own notices are not his doing.
[[nodiscard]] bool is_from_owner(const EventBody& body);

}  // namespace huiyin::gateway
