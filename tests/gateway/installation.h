#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "core/random.h"
#include "core/time.h"
#include "gateway/daemon.h"
#include "gateway/system.h"
#include "simulators/wechat_platform.h"
#include "tests/db/drivers.h"
#include "tests/gateway/temporary_folder.h"

namespace huiyin::gateway {

/// An installation of a test's own: a folder, a configuration, a database of one of the drivers, and the WeChat
/// platform that its hook is registered with.
class Installation {
 public:
  explicit Installation(const db::Driver& driver);

  /// Writes the configuration: ports (0: any free one), the spool's file, and any further lines at its end. Returns its
  /// path.
  std::string write_config(int port, const std::string& spool = "spool.db", const std::string& more = {}) const;
  [[nodiscard]] Config load(const std::string& config_file) const;
  [[nodiscard]] db::Database& database() const { return *database_; }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }
  /// The platform, delivering to a hook on `port`.
  [[nodiscard]] std::unique_ptr<simulators::WeChatPlatform> platform(
      int port, std::chrono::milliseconds patience = std::chrono::seconds(5), int tries = 3);
  /// The first column of the first row; by a connection of its own, since a test may have restarted the server.
  [[nodiscard]] std::string ask(const std::string& sql) const;
  [[nodiscard]] long long count(const std::string& what) const {
    return std::stoll(ask("SELECT count(*) FROM " + what));
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<db::Database> database_;
  SystemClock clock_;
  SystemRandom random_;
};

/// `huiyin serve` as a process of its own.
class ServeProcess {
 public:
  /// Starts it and waits until it is ready; throws std::runtime_error with what it said where it does not become so.
  ServeProcess(const std::string& config_file, const std::string& log_file, int port);
  ~ServeProcess();
  ServeProcess(const ServeProcess&) = delete;
  ServeProcess& operator=(const ServeProcess&) = delete;

  void kill();      ///< SIGKILL, and waits
  int terminate();  ///< SIGTERM, and waits; the exit code
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  int end_with(int signal);
  pid_t pid_ = -1;
};

/// A loopback port that nothing listens on at the moment.
[[nodiscard]] int free_port();

/// The seven messages of a whole report, in order; the reply to the last names a ticket.
[[nodiscard]] std::vector<std::string> whole_report();

/// `HY1024-4` in a text; empty where there is none.
[[nodiscard]] std::string ticket_number_in(const std::string& text);

}  // namespace huiyin::gateway
