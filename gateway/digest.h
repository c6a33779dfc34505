#pragma once

#include <cstddef>
#include <vector>

#include "gateway/sending.h"

namespace huiyin::gateway {

/// What a destination that may get only `left` messages now gets: all where they fit; else the first ones as they are,
/// and of the rest as many as go into one text of `max_bytes` (0: without limit) as a digest, one after the other. What
/// has buttons, media or articles, changes a card, or was tried before, is never part of a digest: it goes alone, or
/// waits. A card that is part of one is said in words.
/// Moves what goes to the front of errand.sends in order and removes the rest; returns whether anything was removed.
[[nodiscard]] bool fit_into(Errand& errand, int left, std::size_t max_bytes);

}  // namespace huiyin::gateway
