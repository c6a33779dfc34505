#pragma once

#include <memory>

#include "db/store.h"
#include "gateway/cli.h"

namespace huiyin::gateway {

/// Opens the store of a configuration for a command; prints why not, and returns nothing, where that fails.
[[nodiscard]] std::unique_ptr<db::Store> open_store_for_command(const Config& config, Console console);
/// Prints it; the exit code.
[[nodiscard]] int say_unavailable(const db::StoreError& error, Console console);

}  // namespace huiyin::gateway
