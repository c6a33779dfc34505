#pragma once

#include <optional>

#include "dialogs/effects.h"
#include "gateway/desk.h"

namespace huiyin::gateway {

/// Where an owner's form tells of a thing that many share (a lift) and somebody has reported that already: `turn` asks
/// him whether it is the same, in place of the form's next question. What has to be read for that, where it was not.
[[nodiscard]] std::optional<NeedsMore> offer_known_trouble(const Desk& desk, const Peer& peer, const Snapshot& snapshot,
                                                           const Supplies& supplies, dialogs::Turn& turn);

}  // namespace huiyin::gateway
