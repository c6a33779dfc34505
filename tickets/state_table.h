#pragma once

#include <optional>

#include "tickets/process.h"
#include "tickets/state_machine.h"

namespace huiyin::tickets {

/// The table of state_machine.h: what only tickets/ itself looks at.

/// Where an action leads: a status, or `stays`, or `reopened`: assigned where a department is known, else opened.
struct Target {
  enum class Kind { to, stays, reopened } kind = Kind::stays;
  TicketStatus status = TicketStatus::opened;
};

enum class Seen { by_owner, by_staff };

/// One line of the table, for one (status, action, role).
struct Transition {
  Target target{};
  Need need = Need::nothing;
  Seen seen = Seen::by_staff;
};

[[nodiscard]] std::optional<Transition> find_transition(TicketStatus status, ActionKind action, Role role);
/// Does the role ever do this?
[[nodiscard]] bool is_of_role(ActionKind action, Role role);
/// closed, withdrawn, out_of_scope, merged.
[[nodiscard]] bool is_end(TicketStatus status);

}  // namespace huiyin::tickets
