#pragma once

#include <functional>

#include "db/session.h"

namespace huiyin::bench {

/// Fills an empty schema with a year of one estate's tickets: `tickets` of them, each with seven rows of history, and a
/// survey for three of four. All by statements of the server's own; nothing of it goes through this process.
/// Deterministic. `progress`: is told how many tickets there are by now.
void seed_year(db::Session& session, int tickets, const std::function<void(int)>& progress);

}  // namespace huiyin::bench
