#pragma once

#include <variant>

#include "gateway/office.h"
#include "gateway/pipeline.h"

namespace huiyin::gateway {

/// What an event of a staff channel changes: commands by text, taps on cards, photos. Pure but for the ids that it
/// draws. Whatever way an action comes, it goes through tickets::apply(); the first to take a ticket has it, by its
/// version, and who comes second is told who and when.
///
/// Only known staff who are not disabled act; to others the same polite answer is given, and nothing else happens; but
/// whoever writes here is of the company, and may suggest something.
/// A page or another front that knows for certain who acts brings the same events: a CardTap whose card is
/// card_id() of the ticket, whose key is the action, and whose `selected` may name `text`, `told_by` and `receiver`; or
/// a TextMessage with the command's words.
[[nodiscard]] std::variant<UnitOfWork, NeedsMore> decide_staff(const Office& office, const Incoming& incoming,
                                                               Snapshot snapshot, const Supplies& supplies);

}  // namespace huiyin::gateway
