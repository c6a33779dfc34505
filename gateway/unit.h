#pragma once

#include "core/unit_of_work.h"
#include "gateway/desk.h"

namespace huiyin::gateway {

/// The unit of an event, with nothing in it but the delivery itself.
[[nodiscard]] UnitOfWork unit_for(const Incoming& incoming, const Supplies& supplies);

/// A reply that goes by the outbox, since nobody waits for it any more.
[[nodiscard]] OutboxRow owed(const OutboundMessage& message, const Supplies& supplies);

/// What is said to an event: passively, or, where nobody waits for it, by the outbox.
void put_reply(UnitOfWork& unit, std::optional<OutboundMessage> reply, const Incoming& incoming,
               const Supplies& supplies);

}  // namespace huiyin::gateway
