#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/peer.h"
#include "core/time.h"

namespace huiyin {

enum class StaffRole { agent, dispatcher, manager, admin };

[[nodiscard]] std::string_view to_string(StaffRole role);

struct Staff {
  StaffId id{};
  EstateId estate{};  ///< none: all estates
  DepartmentId department{};
  StaffRole role = StaffRole::agent;
  std::string name{};
  std::string phone{};
  std::vector<Peer> peers{};  ///< where he is told: work chat ids
  bool disabled = false;
  std::int64_t version = 0;
  friend bool operator==(const Staff&, const Staff&) = default;
};

/// On duty, or (leave) away, for a span of time.
struct Duty {
  StaffId staff{};
  Time from{};
  Time until{};
  bool leave = false;
  friend bool operator==(const Duty&, const Duty&) = default;
};

/// A member of staff as work is given out.
struct Colleague {
  Staff staff{};
  std::vector<Duty> duties{};  ///< those of the day before and of the next fortnight
  int load = 0;                ///< with RosterWants::loads: tickets that he has and that are not done
  TicketId newest{};           ///< with RosterWants::loads: the newest ticket that he was given
  friend bool operator==(const Colleague&, const Colleague&) = default;
};

}  // namespace huiyin
