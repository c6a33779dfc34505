#include "gateway/decide_any.h"

#include "gateway/staff_desk.h"
#include "gateway/ticket_case.h"
#include "gateway/ticket_timer.h"

namespace huiyin::gateway {

std::variant<UnitOfWork, NeedsMore> decide_any(const Office& office, const std::map<std::string, const Desk*>& desks,
                                               const Incoming& incoming, Snapshot snapshot, const Supplies& supplies) {
  const auto& event = incoming.event;
  if (const auto* fired = std::get_if<TimerFired>(&event.body); fired != nullptr && fired->kind == kTicketTimer)
    return decide_ticket_timer(office, incoming, std::move(snapshot), supplies);
  if (office.is_staff_channel(event.peer.channel)) return decide_staff(office, incoming, std::move(snapshot), supplies);
  return decide(*desks.at(event.peer.channel), incoming, std::move(snapshot), supplies);
}

}  // namespace huiyin::gateway
