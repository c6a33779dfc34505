#pragma once

#include <memory>

#include "db/session.h"
#include "db/store.h"

namespace huiyin::db {

/// SQLite through SQLiteCpp: WAL, synchronous=FULL, one writer at a time. Its writing sessions wait for each other
/// within the process in turn, and for other processes by busy_timeout.
[[nodiscard]] std::unique_ptr<Connector> make_sqlite_connector(const SqliteOptions& options,
                                                               std::chrono::milliseconds timeout);

[[nodiscard]] const Dialect& sqlite_dialect();

}  // namespace huiyin::db
