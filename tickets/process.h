#pragma once

#include <vector>

#include "core/ticket.h"
#include "tickets/state_machine.h"

namespace huiyin::tickets {

/// What an action does not go without.
enum class Need { nothing, words, receiver, ticket, category, result };

/// A line of the process for people: who may do what when, and what comes of it. What apply() does, and no more.
struct ProcessRow {
  enum class Leads { to, stays, reopens };  ///< reopens: assigned where a department is known, else opened
  ActionKind action = ActionKind::note;
  std::vector<TicketStatus> from{};
  std::vector<Role> who{};
  Leads leads = Leads::stays;
  TicketStatus to = TicketStatus::opened;  ///< leads: to
  Need need = Need::nothing;
  bool owner_sees = false;
};

/// The whole table of state_machine.h, in its order.
[[nodiscard]] std::vector<ProcessRow> process();

}  // namespace huiyin::tickets
