#pragma once

#include <cstdint>
#include <vector>

#include "bench/load_owners.h"
#include "db/session.h"

namespace huiyin::bench {

struct AuditResult {
  std::uint64_t lost = 0;     ///< told to an owner and not in the database, or answered and not in the inbox
  std::uint64_t doubled = 0;  ///< a second ticket of one dialog, or a number given twice
  std::uint64_t tickets = 0;  ///< in the database
};

/// Compares what owners were told with what the database holds. The daemon has ended; `told` holds every ticket and
/// `messages` counts every message of all plans that ran against it.
[[nodiscard]] AuditResult audit(db::Session& session, const std::vector<OpenedTicket>& told, std::uint64_t messages);

}  // namespace huiyin::bench
