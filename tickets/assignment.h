#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/staff.h"
#include "core/ticket.h"
#include "tickets/calendar.h"

namespace huiyin::tickets {

/// How a department hands out its tickets.
enum class AssignmentMode {
  grab,          ///< 抢单: all on duty are told, the first to accept has it
  round_robin,   ///< 轮派: who has waited longest since his last one
  least_loaded,  ///< 最闲: who has fewest open
  dispatcher,    ///< 人工派单
};
[[nodiscard]] std::string_view to_string(AssignmentMode mode);
[[nodiscard]] std::optional<AssignmentMode> parse_assignment_mode(std::string_view text);

struct Department {
  DepartmentId id{};
  std::string name{};   ///< `repair`
  std::string title{};  ///< 「工程部」
  AssignmentMode mode = AssignmentMode::grab;
  std::string lead{};                 ///< a staff member's name or phone; empty: the department's managers
  std::vector<std::string> groups{};  ///< its group chats: `channel/address`
  int most_open = 0;                  ///< tickets that one person may have at once; 0: any number
};

[[nodiscard]] const Department* find_department(const std::vector<Department>& departments, DepartmentId id);

/// Who can be given something now: on duty by the roster and not on leave. Who has no duty in the roster at all is on
/// duty while the calendar is open; leave holds for him too. `duties` are those that touch `now`'s day or later; what
/// lies further back does no harm. Disabled staff never are.
[[nodiscard]] bool is_on_duty(const Staff& member, const std::vector<Duty>& duties, const Calendar& calendar, Time now);
[[nodiscard]] std::vector<StaffId> on_duty(const std::vector<Staff>& staff, const std::vector<Duty>& duties,
                                           const Calendar& calendar, Time now);
/// When somebody of `staff` is next on duty, `now` if one is; nothing where nobody will be for a fortnight.
[[nodiscard]] std::optional<Time> next_duty(const std::vector<Staff>& staff, const std::vector<Duty>& duties,
                                            const Calendar& calendar, Time now);

/// One who could get a ticket.
struct Candidate {
  StaffId staff{};
  int open_tickets = 0;
  std::optional<Time> last_assigned{};  ///< when he last got one
};

struct Assignment {
  enum class Kind {
    person,      ///< `staff` has it
    offer,       ///< all candidates are told
    dispatcher,  ///< a dispatcher decides
    queue,       ///< nobody is there: it waits, the dispatcher is alarmed
  };
  Kind kind = Kind::queue;
  StaffId staff{};
  friend bool operator==(const Assignment&, const Assignment&) = default;
};

/// `candidates`: the department's agents on duty. `avoid`: who had it before it was reopened; they get it only where
/// nobody else is there. Equal ones go by id, so that every node decides the same.
[[nodiscard]] Assignment choose_hands(const Department& department, std::vector<Candidate> candidates,
                                      const std::vector<StaffId>& avoid = {});

/// Who is to be avoided: who had the ticket, or sent it back, in the round before the last reopening.
[[nodiscard]] std::vector<StaffId> former_hands(const std::vector<HistoryRow>& history);

/// Of tickets that wait, the one that is handed out first: urgent ones, then the oldest. Null where there is none.
[[nodiscard]] const Ticket* first_in_queue(const std::vector<Ticket>& waiting);

}  // namespace huiyin::tickets
