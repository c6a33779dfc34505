#pragma once

#include <optional>
#include <string>

#include "db/session.h"
#include "db/store.h"

namespace huiyin::db {

// Access tokens that the nodes share, on one session: what Store says of each. All throw SqlError, and may be run again
// after one.

[[nodiscard]] std::optional<StoredCredential> find_credential(Session& session, const std::string& channel);
[[nodiscard]] bool lease_credential(Session& session, const std::string& channel, Time known, const std::string& owner,
                                    Time now, std::chrono::milliseconds held);
[[nodiscard]] bool publish_credential(Session& session, const std::string& channel, const std::string& owner,
                                      const Secret& value, Time expires, Time now);

}  // namespace huiyin::db
