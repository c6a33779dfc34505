#pragma once

#include <string>
#include <vector>

#include "db/session.h"
#include "db/store.h"

namespace huiyin::db {

// The machinery's own writes, on one session. All throw SqlError, and may be run again after one.

[[nodiscard]] std::int64_t take_ticket_numbers(Session& session, int count);
/// -1: all are taken.
[[nodiscard]] int lease_node(Session& session, const std::string& owner, Time now, std::chrono::milliseconds held);
[[nodiscard]] std::vector<LeasedDestination> lease_destinations(Session& session, const std::string& owner,
                                                                const std::string& channel, Time now,
                                                                std::chrono::milliseconds held, int most);
[[nodiscard]] std::vector<Timer> lease_timers(Session& session, const std::string& owner, Time now,
                                              std::chrono::milliseconds held, int most);
[[nodiscard]] std::vector<LeasedMediaJob> lease_media_jobs(Session& session, const std::string& owner, Time now,
                                                           std::chrono::milliseconds held, int most);
void settle_media(Session& session, const std::string& owner, const std::vector<MediaSettlement>& settled);
[[nodiscard]] int purge_inbox(Session& session, Time before, int most);

/// The statement that finds what is due and free (for the test of its plan too).
[[nodiscard]] std::string due_rows_sql(std::string_view table, bool of_one_channel = false);

}  // namespace huiyin::db
