#include "gateway/unit.h"

namespace huiyin::gateway {

UnitOfWork unit_for(const Incoming& incoming, const Supplies& supplies) {
  return {.id = supplies.ids->next<UnitId>(),
          .inbox = {.key = incoming.event.key,
                    .channel = incoming.event.peer.channel,
                    .peer = incoming.event.peer.address,
                    .raw = incoming.raw,
                    .received = incoming.received,
                    .request_id = incoming.request_id}};
}

OutboxRow owed(const OutboundMessage& message, const Supplies& supplies) {
  const auto id = supplies.ids->next<OutboxId>();
  OutboxRow row{.id = id, .message = message, .created = supplies.now, .due = supplies.now};
  row.message.key = "o" + std::to_string(id.value);
  row.message.answer = true;
  return row;
}

void put_reply(UnitOfWork& unit, std::optional<OutboundMessage> reply, const Incoming& incoming,
               const Supplies& supplies) {
  if (!reply) return;
  reply->key = incoming.event.key;
  if (incoming.late)
    unit.outbox.push_back(owed(*reply, supplies));
  else
    unit.reply = std::move(reply);
}

}  // namespace huiyin::gateway
