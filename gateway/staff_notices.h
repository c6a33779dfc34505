#pragma once

#include <string>
#include <vector>

#include "core/unit_of_work.h"
#include "gateway/office.h"
#include "tickets/receivers.h"

namespace huiyin::gateway {

/// Something that staff are told of a ticket.
struct StaffNotice {
  std::string name{};      ///< of the text: `staff.offer`
  templates::Data data{};  ///< beside what is the ticket's own (ticket_data)
  bool with_card = false;  ///< the whole ticket, with buttons for what its reader may do
  bool urgent = false;     ///< by every way that somebody has, at any hour
  bool in_place = false;   ///< takes the place of the newest card about the ticket, where that can be changed
};

/// What texts about a ticket may name: number, category, place, description, priority, name, deadline, photos.
[[nodiscard]] templates::Data ticket_data(const Office& office, const Ticket& ticket, const Snapshot& snapshot,
                                          const std::string& locale);

/// What a button for the action says on this ticket: `接单`; of what is out of scope, that it is ours after all.
[[nodiscard]] std::string label_of(const Office& office, const Ticket& ticket, tickets::ActionKind action,
                                   const std::string& locale);

/// The id of a card about a ticket, new each time; and the ticket that such an id is about, none for any other text.
[[nodiscard]] std::string card_id(TicketId ticket, OutboxId message);
[[nodiscard]] TicketId ticket_of_card(std::string_view card);

/// The ticket as a card for `reader` (nobody: a group, which has no buttons): its lines, its page, and as choices what
/// he may do with it now, at most six.
void add_card(const Office& office, const Ticket& ticket, const Snapshot& snapshot, const Staff* reader, Time now,
              OutboundMessage& message);

/// Puts a message for each of `to` into the unit: to the first of somebody's peers, or, where it is urgent, to all of
/// them. Who has no peer is told nothing; where nobody at all can be told, that is logged and false.
bool tell_staff(const Office& office, const Ticket& ticket, const Snapshot& snapshot, const tickets::Addressees& to,
                const StaffNotice& notice, const Supplies& supplies, UnitOfWork& unit);

}  // namespace huiyin::gateway
