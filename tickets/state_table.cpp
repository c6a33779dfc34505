#include "tickets/state_table.h"

#include <algorithm>
#include <array>

namespace huiyin::tickets {
namespace {

using enum TicketStatus;
using enum ActionKind;

constexpr std::array<std::string_view, kActionKinds> kActionNames = {
    "assign",        "accept",       "inspect",       "plan",        "progress",
    "suspend",       "resume",       "send_back",     "complete",    "close",
    "reopen",        "withdraw",     "urge",          "add_details", "add_photo",
    "request_human", "set_category", "set_priority",  "audit",       "mark_out_of_scope",
    "merge",         "note",         "arrange_visit", "tell",        "remind",
    "escalate",      "survey",       "ask_call_back", "call_back"};
constexpr std::array<std::string_view, kRoles> kRoleNames = {"owner", "agent",  "dispatcher", "manager",
                                                             "admin", "system", "operator"};
constexpr std::array<std::string_view, 8> kReasonNames = {"not_now",    "not_this_role", "not_yours",  "too_late",
                                                          "needs_text", "needs_target",  "needs_told", "needs_photo"};

using Mask = unsigned;

template <class... Enum>
constexpr Mask set_of(Enum... members) {
  return ((1U << static_cast<unsigned>(members)) | ...);
}
template <class Enum>
constexpr bool has(Mask mask, Enum member) {
  return (mask & set_of(member)) != 0;
}

constexpr Mask kBeingDone = set_of(accepted, in_progress);
constexpr Mask kTaken = kBeingDone | set_of(suspended);
constexpr Mask kActive = kTaken | set_of(opened, assigned);
constexpr Mask kDone = set_of(resolved, closed);  // a call-back or a survey may still be owed
constexpr Mask kAll = kActive | set_of(resolved, closed, withdrawn, out_of_scope, merged);

constexpr Mask kOwner = set_of(Role::owner);
constexpr Mask kAgent = set_of(Role::agent);
constexpr Mask kSystem = set_of(Role::system);
constexpr Mask kLeads = set_of(Role::manager, Role::admin, Role::operator_);
constexpr Mask kDesk = kLeads | set_of(Role::dispatcher);
constexpr Mask kStaff = kDesk | kAgent;
constexpr Mask kPersons = set_of(Role::agent, Role::dispatcher, Role::manager, Role::admin);  // who can have a ticket

constexpr Target to(TicketStatus status) { return {Target::Kind::to, status}; }
constexpr Target kStays{Target::Kind::stays};
constexpr Target kReopened{Target::Kind::reopened};

struct Row {
  ActionKind action{};
  Mask from = 0;
  Mask who = 0;
  Target target{};
  Need need = Need::nothing;
  Seen seen = Seen::by_staff;
};

// The process. For each (status, action, role) at most one row. An agent acts only on a ticket that he has; accept is
// how he gets one.
constexpr Row kTable[] = {
    {assign, kActive, kDesk | kSystem, to(assigned), Need::receiver, Seen::by_owner},
    {assign, kTaken | set_of(assigned), kAgent, to(assigned), Need::receiver, Seen::by_staff},
    {accept, set_of(opened, assigned), kPersons, to(accepted), Need::nothing, Seen::by_owner},
    {inspect, kBeingDone, kStaff, to(in_progress), Need::words, Seen::by_staff},
    {plan, kBeingDone, kStaff, to(in_progress), Need::words, Seen::by_staff},
    {progress, kBeingDone, kStaff, to(in_progress), Need::words, Seen::by_owner},
    // Who does it is in no work chat and told the desk, which has a shell.
    {progress, set_of(assigned), set_of(Role::operator_), to(in_progress), Need::words, Seen::by_owner},
    {complete, set_of(opened, assigned), set_of(Role::operator_), to(resolved), Need::result, Seen::by_owner},
    {suspend, kBeingDone, kStaff, to(suspended), Need::words, Seen::by_owner},
    {resume, set_of(suspended), kStaff | kSystem, to(in_progress), Need::nothing, Seen::by_owner},
    {send_back, kTaken | set_of(assigned), kPersons, to(opened), Need::words, Seen::by_staff},
    {complete, kBeingDone, kStaff, to(resolved), Need::result, Seen::by_owner},
    {close, set_of(resolved), kOwner | kDesk | kSystem, to(closed), Need::nothing, Seen::by_owner},
    {close, kActive, kLeads, to(closed), Need::words, Seen::by_owner},  // unrepaired: the owner is told why
    {reopen, set_of(resolved, closed, withdrawn), kOwner | kDesk, kReopened, Need::nothing, Seen::by_owner},
    {reopen, set_of(out_of_scope), kDesk, kReopened, Need::nothing, Seen::by_owner},
    {withdraw, kActive, kOwner | kDesk, to(withdrawn), Need::nothing, Seen::by_owner},
    {urge, kActive, kOwner | kDesk, kStays, Need::nothing, Seen::by_owner},
    {add_details, kActive | set_of(resolved), kOwner | kStaff, kStays, Need::nothing, Seen::by_owner},
    {add_photo, kActive | set_of(resolved), kOwner | kStaff, kStays, Need::nothing, Seen::by_owner},
    {add_details, set_of(out_of_scope), kOwner | kDesk, kStays, Need::nothing, Seen::by_owner},  // for who looks again
    {add_photo, set_of(out_of_scope), kOwner | kDesk, kStays, Need::nothing, Seen::by_owner},
    {request_human, kAll & ~set_of(merged), kOwner | kDesk | kSystem, kStays, Need::nothing, Seen::by_owner},
    {set_category, kActive, kDesk, kStays, Need::category, Seen::by_staff},
    {set_priority, kActive, kDesk | kSystem, kStays, Need::nothing, Seen::by_staff},
    {audit, kActive | set_of(out_of_scope), kDesk, kStays, Need::nothing, Seen::by_staff},
    {mark_out_of_scope, set_of(opened, assigned, accepted), kDesk | kSystem, to(out_of_scope), Need::nothing,
     Seen::by_owner},
    {merge, kActive, kDesk | kSystem, to(merged), Need::ticket, Seen::by_owner},
    {merge, set_of(merged), kSystem, to(merged), Need::ticket, Seen::by_staff},  // along with what it was merged into
    {note, kAll, kStaff, kStays, Need::words, Seen::by_staff},
    {arrange_visit, kTaken, kStaff, kStays, Need::words, Seen::by_owner},
    {tell, kTaken | set_of(assigned, resolved), kOwner, kStays, Need::words, Seen::by_owner},
    {tell, kActive | set_of(resolved), kStaff, kStays, Need::words, Seen::by_owner},
    {remind, kActive | set_of(out_of_scope), kSystem, kStays, Need::words, Seen::by_staff},
    {escalate, kActive | kDone, kSystem, kStays, Need::words, Seen::by_staff},
    {survey, kActive | kDone, kSystem, kStays, Need::words, Seen::by_staff},
    {ask_call_back, kActive | kDone, kDesk | kSystem, kStays, Need::words, Seen::by_staff},
    {call_back, kActive | kDone, kDesk, kStays, Need::words, Seen::by_staff},
};

}  // namespace

std::optional<Transition> find_transition(TicketStatus status, ActionKind action, Role role) {
  const auto* const row = std::find_if(std::begin(kTable), std::end(kTable), [&](const Row& each) {
    return each.action == action && has(each.from, status) && has(each.who, role);
  });
  if (row == std::end(kTable)) return std::nullopt;
  return Transition{row->target, row->need, row->seen};
}

std::vector<ProcessRow> process() {
  std::vector<ProcessRow> rows;
  for (const auto& row : kTable) {
    ProcessRow out{
        .action = row.action, .to = row.target.status, .need = row.need, .owner_sees = row.seen == Seen::by_owner};
    for (unsigned status = 0; status <= static_cast<unsigned>(merged); ++status)
      if (has(row.from, static_cast<TicketStatus>(status))) out.from.push_back(static_cast<TicketStatus>(status));
    for (unsigned role = 0; role < static_cast<unsigned>(kRoles); ++role)
      if (has(row.who, static_cast<Role>(role))) out.who.push_back(static_cast<Role>(role));
    if (row.target.kind == Target::Kind::to) out.leads = ProcessRow::Leads::to;
    if (row.target.kind == Target::Kind::reopened) out.leads = ProcessRow::Leads::reopens;
    rows.push_back(std::move(out));
  }
  return rows;
}

bool is_of_role(ActionKind action, Role role) {
  return std::any_of(std::begin(kTable), std::end(kTable),
                     [&](const Row& row) { return row.action == action && has(row.who, role); });
}

bool is_active(TicketStatus status) { return has(kActive, status); }
bool is_end(TicketStatus status) { return has(set_of(closed, withdrawn, out_of_scope, merged), status); }

std::string_view to_string(ActionKind kind) { return kActionNames.at(static_cast<std::size_t>(kind)); }
std::string_view to_string(Role role) { return kRoleNames.at(static_cast<std::size_t>(role)); }
std::string_view to_string(RefusalReason reason) { return kReasonNames.at(static_cast<std::size_t>(reason)); }

std::optional<ActionKind> parse_action(std::string_view text) {
  const auto* const found = std::find(kActionNames.begin(), kActionNames.end(), text);
  if (found == kActionNames.end()) return std::nullopt;
  return static_cast<ActionKind>(found - kActionNames.begin());
}

}  // namespace huiyin::tickets
