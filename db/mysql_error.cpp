#include "db/mysql_error.h"

namespace huiyin::db {
namespace {

using Kind = SqlError::Kind;

Kind kind_of(int code) {
  switch (code) {
    case 1205:  // lock wait timeout: it alone undoes only the statement, so the caller rolls back
    case 1213:  // deadlock; Galera's certification failure comes as this
    case 1020:  // record has changed since last read (MariaDB's snapshot isolation)
    case 3572:  // NOWAIT
      return Kind::contended;
    case 1040:  // too many connections
    case 1053:  // server shutdown in progress
    case 1080:
    case 1152:
    case 1158:
    case 1159:
    case 1160:
    case 1161:
    case 1184:
    case 1203:
    case 1317:  // interrupted
    case 1927:  // connection was killed
    case 1969:  // max_statement_time
    case 3024:  // max_execution_time
      return Kind::lost;
    case 1021:  // disk full
    case 1037:
    case 1041:
    case 1047:  // Galera: not ready
    case 1114:  // table full
    case 1290:  // read-only
    case 1792:
    case 1836:
      return Kind::away;
    case 1048:  // NULL
    case 1062:  // duplicate key
    case 1153:  // packet too large
    case 1264:  // out of range
    case 1265:
    case 1292:  // not a time
    case 1366:  // not utf8mb4
    case 1406:  // too long
    case 1451:
    case 1452:  // foreign key
    case 3140:
    case 3819:  // CHECK, MySQL
    case 4025:  // CHECK, MariaDB
      return Kind::refused;
    default:
      // 2000 to 2999 are the client library's: refused, gone away, lost during the query, timed out, malformed.
      return code >= 2000 && code < 3000 ? Kind::lost : Kind::broken;
  }
}

}  // namespace

void fail(MYSQL* connection) {
  const auto code = static_cast<int>(mysql_errno(connection));
  throw SqlError(kind_of(code), code, mysql_error(connection));
}

void fail(MYSQL_STMT* statement) {
  const auto code = static_cast<int>(mysql_stmt_errno(statement));
  throw SqlError(kind_of(code), code, mysql_stmt_error(statement));
}

}  // namespace huiyin::db
