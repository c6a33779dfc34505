#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "core/error.h"
#include "db/store.h"

namespace huiyin::gateway {

/// `serve`, whole: store, channels, pipeline, spool, the two HTTP servers, put together from a configuration.
class Daemon {
 public:
  /// Everything that can be wrong with the start is an Error in words: a port in use, an unreadable flow, a schema of
  /// another version. A database that is away is none: requests go into the spool until it answers.
  [[nodiscard]] static tl::expected<std::unique_ptr<Daemon>, std::vector<Error>> start(const Config& config,
                                                                                       const SecretSources& secrets);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  [[nodiscard]] int hook_port() const;
  [[nodiscard]] int monitor_port() const;
  /// Takes nothing new, finishes what was accepted, and lets go of the store. Idempotent.
  void stop();

 private:
  struct Impl;
  explicit Daemon(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

[[nodiscard]] db::StoreOptions store_options(const Config& config);

}  // namespace huiyin::gateway
