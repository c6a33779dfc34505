#include "db/mysql_flight.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <optional>
#include <utility>

#include "db/mysql_error.h"

namespace huiyin::db {
namespace {

constexpr int kPatienceMs = 200;

SqlError last_error(MYSQL* connection) {
  try {
    fail(connection);
  } catch (const SqlError& error) {
    return error;
  }
}

/// While it lives, executions are sent and nothing is read (MARIADB_OPT_SKIP_READ_RESPONSE of MariaDB Connector/C).
class WithoutReading {
 public:
  explicit WithoutReading(MYSQL* connection) : connection_(connection) { set(1); }
  WithoutReading(const WithoutReading&) = delete;
  WithoutReading& operator=(const WithoutReading&) = delete;
  ~WithoutReading() { set(0); }

 private:
  void set(my_bool skip) { mysql_optionsv(connection_, MARIADB_OPT_SKIP_READ_RESPONSE, &skip); }

  MYSQL* connection_;
};

}  // namespace

/// While statements are sent, the kernel keeps them: the server is woken once for all and not for each. No matter where
/// the connection is none of TCP's.
void MysqlFlight::hold_back(bool wanted) noexcept {
  if (std::exchange(held_back_, wanted) == wanted) return;
  const int on = wanted ? 1 : 0;
  ::setsockopt(mysql_get_socket(connection_), IPPROTO_TCP, TCP_CORK, &on, sizeof on);
}

void MysqlFlight::depart(bool together) noexcept {
  hold_back(false);
  together_ = together && aloft_ > 1;
}

void MysqlFlight::send(MYSQL_STMT* statement, std::size_t answer_bytes) {
  if (aloft_ == 0) hold_back(true);
  const WithoutReading without_reading(connection_);
  if (mysql_stmt_execute(statement) != 0) {
    if (aloft_ == 0) hold_back(false);  // land() does it only where something is to land
    fail(statement);
  }
  ++aloft_;
  awaited_bytes_ += answer_bytes;
}

/// Waits until all answers are there, so that the server wakes us for the last one alone. Whatever else ends the wait,
/// the reading that follows knows.
void MysqlFlight::wait_for_all() noexcept {
  const auto all = std::exchange(awaited_bytes_, 0);
  const int fd = mysql_get_socket(connection_);
  const auto wanted = [fd](std::size_t bytes) {
    const int least = static_cast<int>(bytes);
    return ::setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &least, sizeof least) == 0;
  };
  if (!std::exchange(together_, false) || !wanted(all)) return;
  pollfd answers{.fd = fd, .events = POLLIN, .revents = 0};
  ::poll(&answers, 1, kPatienceMs);
  wanted(1);
}

void MysqlFlight::land() {
  std::optional<SqlError> first;
  hold_back(false);
  wait_for_all();
  while (aloft_ > 0) {
    --aloft_;
    if (mysql_read_query_result(connection_) == 0) {
      counts_.push_back(static_cast<std::int64_t>(mysql_affected_rows(connection_)));
      continue;
    }
    const auto error = last_error(connection_);
    if (error.kind() == SqlError::Kind::lost) aloft_ = 0;  // no more will come
    if (!first) first.emplace(error);
  }
  if (!first) return;
  counts_.clear();
  throw SqlError(*first);
}

std::vector<std::int64_t> MysqlFlight::take() {
  land();
  return std::exchange(counts_, {});
}

void MysqlFlight::forget() noexcept {
  try {
    land();
  } catch (const SqlError&) {  // whoever forgets has seen an error already
  }
  counts_.clear();
}

}  // namespace huiyin::db
