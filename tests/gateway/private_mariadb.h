#pragma once

#include <signal.h>
#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "tests/gateway/temporary_folder.h"

namespace huiyin::gateway {

/// A MariaDB server that a test may stop, stall and start again. While one lives, HUIYIN_TEST_MYSQL names it.
class PrivateMariadb {
 public:
  PrivateMariadb() {
    ::chmod(folder_.path().c_str(), 0755);  // the server's own user must get in
    start();
    if (const char* outer = std::getenv("HUIYIN_TEST_MYSQL")) outer_ = outer;
    ::setenv("HUIYIN_TEST_MYSQL", address_.c_str(), 1);
  }
  ~PrivateMariadb() {
    go_on();
    stop();
    outer_.empty() ? ::unsetenv("HUIYIN_TEST_MYSQL") : ::setenv("HUIYIN_TEST_MYSQL", outer_.c_str(), 1);
  }
  PrivateMariadb(const PrivateMariadb&) = delete;
  PrivateMariadb& operator=(const PrivateMariadb&) = delete;

  void start() {
    const auto said = run("script/mariadb start " + folder_.file("server"));
    address_ = value(said, "HUIYIN_TEST_MYSQL=");
    pid_ = std::stoi(value(said, "HUIYIN_MARIADB_PID="));
  }
  void stop() { (void)run("script/mariadb stop " + folder_.file("server")); }
  /// It holds its connections, and answers nothing.
  void stall() const { ::kill(pid_, SIGSTOP); }
  void go_on() const { ::kill(pid_, SIGCONT); }

 private:
  static std::string run(const std::string& command) {
    FILE* pipe = ::popen(command.c_str(), "r");
    std::string out;
    std::array<char, 256> line{};
    while (pipe != nullptr && std::fgets(line.data(), line.size(), pipe) != nullptr) out += line.data();
    if (pipe == nullptr || ::pclose(pipe) != 0) throw std::runtime_error(command + " failed:\n" + out);
    return out;
  }
  static std::string value(const std::string& said, const std::string& name) {
    const auto at = said.find(name);
    if (at == std::string::npos) throw std::runtime_error(name + " is not in:\n" + said);
    return said.substr(at + name.size(), said.find('\n', at) - at - name.size());
  }

  TemporaryFolder folder_;
  std::string address_;
  std::string outer_;
  int pid_ = 0;
};

}  // namespace huiyin::gateway
