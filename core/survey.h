#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/ids.h"
#include "core/peer.h"
#include "core/time.h"

namespace huiyin {

/// 满意度调查: one per closing of a ticket.
struct Survey {
  SurveyId id{};
  TicketId ticket{};
  Peer peer{};
  int closing = 1;             ///< which closing of the ticket it is about
  std::optional<int> score{};  ///< 1 to 5
  std::string suggestion{};
  std::string outcome{};  ///< `fixed`, `partly`, `not_fixed`
  Time asked{};
  Time expires{};
  std::optional<Time> answered{};
  std::int64_t version = 0;
  friend bool operator==(const Survey&, const Survey&) = default;
};

}  // namespace huiyin
