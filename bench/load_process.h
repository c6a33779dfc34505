#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace huiyin::bench {

/// CPU time that a process has used so far, all its threads, user and system; of a process that is gone: 0.
[[nodiscard]] std::chrono::microseconds cpu_time(pid_t pid);
/// The most memory that it ever held (VmHWM), in MB.
[[nodiscard]] double peak_mb(pid_t pid);

/// A child process whose output goes to a file; ended, at the latest, with this object.
class ChildProcess {
 public:
  using Environment = std::vector<std::pair<std::string, std::string>>;
  /// Throws std::runtime_error where it cannot be started.
  ChildProcess(const std::vector<std::string>& arguments, const Environment& environment, const std::string& log_file);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() { terminate(); }

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool is_running();
  /// SIGTERM, and SIGKILL after 10 s; returns the exit status, -1 for a signal's. Idempotent.
  int terminate();
  /// Waits for its own end.
  int wait();

 private:
  pid_t pid_ = -1;
  int status_ = 0;
};

/// An empty folder, whatever lay there; its absolute path.
[[nodiscard]] std::string fresh_folder(const std::string& path);

/// What a shell command prints.
[[nodiscard]] std::string printed_by(const std::string& command);
/// The value of `name=value` on a line of `text`; empty where there is none.
[[nodiscard]] std::string value_of(const std::string& text, const std::string& name);

/// A port of loopback that was free just now.
[[nodiscard]] int free_port();

}  // namespace huiyin::bench
