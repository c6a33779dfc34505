#pragma once

#include <functional>

#include "db/session.h"
#include "db/store.h"

namespace huiyin::db {

/// Does `action` on a session of its own, opened for it and closed after it: for what reads much and seldom, and must
/// not hold one of the store's sessions meanwhile. Nothing is tried again.
[[nodiscard]] Result<void> with_own_session(const StoreOptions& options, const std::function<void(Session&)>& action);

}  // namespace huiyin::db
