#pragma once

#include <memory>

#include "db/session.h"
#include "db/store.h"

namespace huiyin::db {

/// MySQL, MariaDB and Galera through MariaDB's C client library: READ COMMITTED, strict mode, UTC, utf8mb4, every wait
/// bounded.
[[nodiscard]] std::unique_ptr<Connector> make_mysql_connector(const MysqlOptions& options,
                                                              std::chrono::milliseconds timeout);

[[nodiscard]] const Dialect& mysql_dialect();

}  // namespace huiyin::db
