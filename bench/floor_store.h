#pragma once

#include <chrono>
#include <cstdint>

#include "db/store.h"

namespace huiyin::bench {

struct StoreRun {
  double messages_per_s = 0;
  double p50_ms = 0, p99_ms = 0;
  double mean_group = 0;      ///< units in one transaction
  std::uint64_t retries = 0;  ///< transactions run again, after a deadlock mostly
};

/// The floor's work by the store: `owners` threads, each waiting for the commit of its last message before the next. A
/// unit is an inbox row, a conversation of 600 bytes at the version read, an outbox row, of the floor's sizes. The
/// database is migrated here, and grows from run to run. Throws std::runtime_error where a commit is not Committed.
[[nodiscard]] StoreRun run_store(const db::StoreOptions& options, int owners, std::chrono::milliseconds warm_up,
                                 std::chrono::milliseconds measured);

}  // namespace huiyin::bench
