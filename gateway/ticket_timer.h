#pragma once

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

/// The ticket of such a timer; none where its subject is no id.
[[nodiscard]] TicketId ticket_of_timer(const std::string& subject);

}  // namespace huiyin::gateway
