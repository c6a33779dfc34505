#pragma once

#include <map>
#include <string>
#include <variant>

#include "gateway/desk.h"
#include "gateway/office.h"
#include "gateway/pipeline.h"

namespace huiyin::gateway {

/// Who decides about an event: the owner's desk, the staff's, or, for a ticket's timer, the system itself. `desks`: by
/// channel name; it must have the event's, unless that is from nobody.
[[nodiscard]] std::variant<UnitOfWork, NeedsMore> decide_any(const Office& office,
                                                             const std::map<std::string, const Desk*>& desks,
                                                             const Incoming& incoming, Snapshot snapshot,
                                                             const Supplies& supplies);

}  // namespace huiyin::gateway
