#pragma once

#include <sys/types.h>

#include "bench/load_owners.h"
#include "db/store.h"

namespace huiyin::bench {

/// A gateway without a gateway's work, in a process of its own: each message is decrypted and parsed, committed by the
/// real store together with a conversation of 600 bytes, as most messages of a dialog are, and answered. Nothing is
/// read, understood or decided, and no ticket is opened. What it reaches on a machine no dialog can surpass there.
class BareHook {
 public:
  /// Forks, so the caller must have no other threads. Throws std::runtime_error where it does not come up.
  BareHook(const HookAccount& account, const db::MysqlOptions& database, const Clock& clock);
  BareHook(const BareHook&) = delete;
  BareHook& operator=(const BareHook&) = delete;
  ~BareHook();

  /// As the constructor's, with the port.
  [[nodiscard]] const HookAccount& account() const { return account_; }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  HookAccount account_;
  pid_t pid_ = -1;
};

}  // namespace huiyin::bench
