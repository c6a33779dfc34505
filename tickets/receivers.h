#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/staff.h"
#include "core/ticket.h"
#include "tickets/assignment.h"

namespace huiyin::tickets {

/// Who is told of something, before it is known who that is today.
struct Receiver {
  enum class Kind {
    assignee,     ///< who has the ticket; nobody has it: those on duty in its department
    duty,         ///< those on duty in its department
    group,        ///< the department's group chats
    lead,         ///< the department's lead
    manager,      ///< the managers
    dispatcher,   ///< the dispatchers
    destination,  ///< one place that configuration names: `channel/address`
  };
  Kind kind = Kind::assignee;
  std::string destination{};
  friend bool operator==(const Receiver&, const Receiver&) = default;
};

/// `assignee`, `duty`, `group`, `lead`, `manager`, `dispatcher`, or a destination with a slash. Nothing for other
/// texts.
[[nodiscard]] std::optional<Receiver> parse_receiver(std::string_view text);
[[nodiscard]] std::string to_string(const Receiver& receiver);

/// Who that is: staff, each once, and destinations as `channel/address`. Who is disabled is left out.
struct Addressees {
  std::vector<StaffId> staff{};
  std::vector<std::string> destinations{};
  [[nodiscard]] bool is_empty() const { return staff.empty() && destinations.empty(); }
};

/// `staff`: all of the estate (and those of all estates); `on_duty`: see assignment.h; `department`: the ticket's, null
/// where it has none. Where a lead is not known it is the department's managers, then all managers; where nobody is on
/// duty, the lead; where there is no dispatcher, the managers. So that a message finds somebody wherever there is one.
[[nodiscard]] Addressees resolve(const std::vector<Receiver>& receivers, const Ticket& ticket,
                                 const Department* department, const std::vector<Staff>& staff,
                                 const std::vector<StaffId>& on_duty);

}  // namespace huiyin::tickets
