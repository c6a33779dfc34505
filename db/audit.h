#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "db/store.h"

namespace huiyin::db {

/// What the tables say of one channel on one day. Of what came: `decided` are deliveries whose unit of work is there;
/// `unexplained`, changes of tickets that name a delivery which is not there. Of what is owed: rows by their state;
/// `unqueued` of those that wait are in no queue, so that nobody will ever send them; `unmoved`, replies that moved to
/// the outbox and did not arrive there.
struct ChannelAudit {
  std::int64_t decided = 0, unexplained = 0;
  std::map<std::string, std::int64_t> owed{};  ///< by state, as the table names it
  std::int64_t unqueued = 0, unmoved = 0;
};

/// By channel; an empty name is what came or goes by none (timers, an operator's commands). Reads by primary key, on a
/// connection of its own.
[[nodiscard]] Result<std::map<std::string, ChannelAudit>> audit_day(const StoreOptions& options, Time from, Time until);

}  // namespace huiyin::db
