#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "db/store.h"

namespace huiyin::bench {

struct FloorRun {
  double messages_per_s = 0;
  double p50_ms = 0, p99_ms = 0;
};

/// What any honest gateway pays: one transaction a message by bare Connector/C++ threads, one per owner, each waiting
/// for its COMMIT. It locks the conversation, inserts the inbox row, rewrites a conversation of 600 bytes, inserts an
/// outbox row, commits; no HTTP, no crypto, no dialog. Makes its tables in `database`, which is its own. Throws
/// sql::SQLException.
[[nodiscard]] FloorRun run_load_floor(const db::MysqlOptions& database, int owners, std::chrono::milliseconds warm_up,
                                      std::chrono::milliseconds measured);

}  // namespace huiyin::bench
