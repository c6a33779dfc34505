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

  /// The bytes that an OK has at least, and with how many rows an UPDATE matched and changed.
  static constexpr std::size_t kOkBytes = 11, kUpdatedBytes = 52;

  /// Sends an execution whose parameters are bound, and does not wait. Only for statements that give no rows.
  /// `answer_bytes`: of its answer if it succeeds, at least. Throws SqlError.
  void send(MYSQL_STMT* statement, std::size_t answer_bytes = kOkBytes);
  /// Lets go what is held back so that the server is woken once for all, as land() does first. `together`: land() then
  /// waits for all answers before it reads one.
  void depart(bool together) noexcept;
  /// Reads the answers that are outstanding. Throws the first SqlError among them, after all have been read.
  void land();
  /// land(), and how many rows each counted since the last take(), in the order they were sent.
  [[nodiscard]] std::vector<std::int64_t> take();
  /// Reads the answers that are outstanding, and forgets them.
  void forget() noexcept;

 private:
  void hold_back(bool wanted) noexcept;
  void wait_for_all() noexcept;

  MYSQL* connection_;
  std::size_t aloft_ = 0;
  std::size_t awaited_bytes_ = 0;  ///< of the answers to what is aloft, at least
  bool held_back_ = false;
  bool together_ = false;
  std::vector<std::int64_t> counts_{};
};

}  // namespace huiyin::db
