#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/event.h"
#include "core/snapshot.h"
#include "dialogs/effects.h"
#include "dialogs/flow.h"
#include "dialogs/understanding/understand.h"

namespace huiyin::dialogs {

/// One owner's event and what it leads to. Pure: the same arguments give the same turn.
/// `state` is the conversation's dialog state (snapshot.conversation may be absent for a new owner).
[[nodiscard]] std::variant<Turn, Needs> step(const Flow& flow, const DialogState& state, const Event& event,
                                             const Understood& understood, const Snapshot& snapshot, Time now);

}  // namespace huiyin::dialogs
