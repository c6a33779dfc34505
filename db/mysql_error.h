#pragma once

#include <mysql.h>

#include "db/session.h"

namespace huiyin::db {

/// Throws the last error of a connection or a statement as a SqlError, by MySQL's and MariaDB's error codes and those
/// of the client library.
[[noreturn]] void fail(MYSQL* connection);
[[noreturn]] void fail(MYSQL_STMT* statement);

}  // namespace huiyin::db
