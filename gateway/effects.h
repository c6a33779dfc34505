#pragma once

#include <optional>

#include "dialogs/effects.h"
#include "gateway/desk.h"

namespace huiyin::gateway {

/// What the turn's effects touch and `snapshot` does not show; nothing where it shows all.
[[nodiscard]] std::optional<NeedsMore> missing_for(const Desk& desk, const dialogs::Turn& turn,
                                                   const Snapshot& snapshot, const Supplies& supplies);

/// Writes the turn's effects into `unit` and `conversation`, and what only now is known (ids, the ticket's number) back
/// into the turn. `snapshot` must show all that missing_for() asks for.
void apply_effects(const Desk& desk, const Incoming& incoming, const Snapshot& snapshot, const Supplies& supplies,
                   dialogs::Turn& turn, Conversation& conversation, UnitOfWork& unit);

}  // namespace huiyin::gateway
