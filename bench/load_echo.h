#pragma once

#include <functional>
#include <memory>

#include "bench/load_owners.h"
#include "core/event.h"
#include "net/http_server.h"

namespace huiyin::bench {

/// A hook that parses, answers each text with a made-up ticket number at once, and keeps nothing: what HTTP, crypto and
/// the generator itself cost, and a check of the generator without a daemon. Whoever gives `keep` has it called with
/// each event before it is answered, on several threads.
class EchoHook {
 public:
  using Keep = std::function<void(const Event& event)>;
  EchoHook(const HookAccount& account, const Clock& clock, Keep keep = {});
  EchoHook(const EchoHook&) = delete;
  EchoHook& operator=(const EchoHook&) = delete;
  ~EchoHook();
  [[nodiscard]] int port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace huiyin::bench
