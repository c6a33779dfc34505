#pragma once

#include <memory>
#include <optional>
#include <string>

#include "bench/load_owners.h"
#include "bench/load_process.h"
#include "core/secret.h"
#include "db/store.h"

namespace huiyin::bench {

/// A running `huiyin serve` with a configuration of its own.
class Daemon {
 public:
  struct Options {
    std::string program{};                    ///< the `huiyin` binary
    std::string folder{};                     ///< for configuration, log and, with SQLite, the data; exists
    std::optional<db::MysqlOptions> mysql{};  ///< none: SQLite
    HookAccount account{};                    ///< its port is chosen here where it is 0
    std::string encoding_aes_key{};
    std::string channels{};  ///< the entries of `channels:`; empty: the WeChat account
  };
  /// Writes the configuration, migrates, starts, and waits until it is ready. Throws std::runtime_error with the end of
  /// the daemon's log where it does not get so far.
  explicit Daemon(Options options);

  [[nodiscard]] const HookAccount& account() const { return options_.account; }
  [[nodiscard]] pid_t pid() const { return process_->pid(); }
  [[nodiscard]] std::string database_file() const { return options_.folder + "/data/huiyin.db"; }
  /// Ends it as an operator would; throws where it does not end well.
  void stop();

 private:
  [[nodiscard]] std::string config() const;
  [[nodiscard]] std::string wechat_stanza() const;
  [[nodiscard]] std::string log_end() const;
  void wait_until_ready();

  Options options_;
  int monitor_port_ = 0;
  std::string config_file_, log_file_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace huiyin::bench
