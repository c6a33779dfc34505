#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/random.h"
#include "simulators/wecom_server.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace huiyin::simulators {

/// WeCom's part of the command line.
struct WeComOptions {
  std::string hook_url{};  ///< empty: no WeCom
  int port = 0;
  std::string corp_id = "ww0123456789abcdef";
  std::int64_t agent_id = 1000002;
  std::vector<std::string> members{}, robots{};
  std::string token_variable = "HUIYIN_WECOM_TOKEN", key_variable = "HUIYIN_WECOM_AES_KEY";
  std::string secret_variable = "HUIYIN_WECOM_SECRET";
};
void add_wecom(CLI::App& command, WeComOptions& options);

/// A work chat that runs: its API on a loopback port, its callback to the daemon's hook.
class WeComWorld {
 public:
  /// Nothing, with a line on stderr, where a secret is missing or the port is taken. Both must outlive it.
  [[nodiscard]] static std::unique_ptr<WeComWorld> start(const WeComOptions& options, const Clock& clock,
                                                         Random& random);
  ~WeComWorld() { server_.stop(); }
  WeComWorld(const WeComWorld&) = delete;
  WeComWorld& operator=(const WeComWorld&) = delete;
  [[nodiscard]] WeComPlatform& platform() { return platform_; }

 private:
  WeComWorld(const WeComOptions& options, const std::string& secret, WeComPlatform::Config platform, const Clock& clock,
             Random& random);
  WeComApi api_;
  WeComPlatform platform_;
  WeComServer server_;
};

}  // namespace huiyin::simulators
