#pragma once

#include <mysql.h>

#include <cstdint>
#include <vector>

namespace huiyin::db {

/// Statements of one connection that are on their way: sent one behind the other, their answers not yet read. While any
/// are, nothing else may be sent on the connection but through this. Not thread-safe.
class MysqlFlight {
 public:
  explicit MysqlFlight(MYSQL* connection) : connection_(connection) {}

  /// Sends an execution whose parameters are bound, and does not wait. Only for statements that give no rows.
  /// Throws SqlError.
  void send(MYSQL_STMT* statement);
  /// Reads the answers that are outstanding. Throws the first SqlError among them, after all have been read.
  void land();
  /// land(), and how many rows each counted since the last take(), in the order they were sent.
  [[nodiscard]] std::vector<std::int64_t> take();
  /// Reads the answers that are outstanding, and forgets them.
  void forget() noexcept;

 private:
  void hold_back(bool wanted) noexcept;

  MYSQL* connection_;
  std::size_t aloft_ = 0;
  std::vector<std::int64_t> counts_{};
};

}  // namespace huiyin::db
