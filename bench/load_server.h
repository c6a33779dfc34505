#pragma once

#include <sys/types.h>

#include <string>

#include "db/store.h"

namespace huiyin::bench {

/// A MariaDB for the bench: the one that HUIYIN_TEST_MYSQL and HUIYIN_MARIADB_PID name, else one of its own, started by
/// script/mariadb in `folder` and stopped with this object.
class BenchServer {
 public:
  /// Throws std::runtime_error where there is none and none can be started.
  explicit BenchServer(const std::string& folder);
  BenchServer(const BenchServer&) = delete;
  BenchServer& operator=(const BenchServer&) = delete;
  ~BenchServer();

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Drops and creates the database; how to reach it.
  [[nodiscard]] db::MysqlOptions make_database(const std::string& name);

 private:
  std::string own_folder_;
  pid_t pid_ = 0;
  db::MysqlOptions options_;
};

}  // namespace huiyin::bench
