#pragma once

#include <span>
#include <string_view>

#include "core/error.h"
#include "db/session.h"
#include "db/store.h"

namespace huiyin::db {

/// One numbered step: of MySQL one DDL statement (it commits by itself), idempotent.
struct Migration {
  int number;
  std::string_view name;
  std::string_view sql;
};

/// The steps of `mysql` or `sqlite`, in order, as db/migrations/ had them when this program was built.
[[nodiscard]] std::span<const Migration> migrations_of(std::string_view dialect);

/// The newest step that ran; 0 for an empty database. Throws SqlError.
[[nodiscard]] int schema_version(Session& session);

/// Nothing where the schema is this program's; else what to do. Throws SqlError.
[[nodiscard]] std::optional<Error> check_schema(Session& session, const std::string& where);

/// Runs the missing steps, while holding the lease under which only one process does. Throws SqlError.
[[nodiscard]] MigrationReport run_migrations(Session& session);

}  // namespace huiyin::db
