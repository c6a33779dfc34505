#pragma once

#include <optional>
#include <variant>

#include "gateway/office.h"
#include "gateway/pipeline.h"

namespace huiyin::gateway {

/// A ticket's timer has fired (TimerFired of kind kTicketTimer, in the strand of the ticket's owner): what the system
/// does of itself in a ticket's life. The first time it looks for duplicates, asks for what is missing and hands the
/// ticket out; then reminders, escalations, urgent calls, the result with its survey, closing. Sets the timer for what
/// comes next. Pure but for the ids that it draws.
[[nodiscard]] std::variant<UnitOfWork, NeedsMore> decide_ticket_timer(const Office& office, const Incoming& incoming,
                                                                      Snapshot snapshot, const Supplies& supplies);

/// What such a firing will ask for, told from the ticket as it was a moment ago: saves it the asking.
[[nodiscard]] Wants wants_of_timer(const Office& office, const Ticket& ticket, Time now);

/// The first look, in the unit that opens the ticket: what a timer would do a moment later in a unit of its own.
/// `ticket` as it will be opened; nothing where `snapshot` shows all that the look takes.
/// Where the duplicates of a ticket may be.
[[nodiscard]] NearWants near_wants(const Office& office, const Ticket& ticket, Time now);
[[nodiscard]] std::optional<Wants> lacks_for_opening(const Office& office, const Ticket& ticket,
                                                     const Snapshot& snapshot, Time now);
/// Takes it, after all else that `unit` does to its ticket `id`, and sets the ticket's timer. Where `snapshot` lacks
/// something, or something is missing that the owner has to be asked for, the timer takes the look.
void look_at_opened(const Office& office, TicketId id, const Snapshot& snapshot, const Supplies& supplies,
                    UnitOfWork& unit);

/// The ticket of such a timer; none where its subject is no id.
[[nodiscard]] TicketId ticket_of_timer(const std::string& subject);

}  // namespace huiyin::gateway
