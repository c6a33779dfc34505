#include "tickets/state_machine.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tickets/audit.h"

namespace huiyin::tickets {
namespace {

using enum TicketStatus;
using enum ActionKind;
using enum RefusalReason;

constexpr std::array<std::string_view, kActionKinds> kActionNames = {
    "assign",        "accept",       "inspect",      "plan",        "progress",
    "suspend",       "resume",       "send_back",    "complete",    "close",
    "reopen",        "withdraw",     "urge",         "add_details", "add_photo",
    "request_human", "set_category", "set_priority", "audit",       "mark_out_of_scope",
    "merge",         "note"};
constexpr std::array<std::string_view, kRoles> kRoleNames = {"owner", "agent",  "dispatcher", "manager",
                                                             "admin", "system", "operator"};
constexpr std::array<std::string_view, 6> kReasonNames = {"not_now",  "not_this_role", "not_yours",
                                                          "too_late", "needs_text",    "needs_target"};

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
constexpr Mask kAll = kActive | set_of(resolved, closed, withdrawn, out_of_scope, merged);

constexpr Mask kOwner = set_of(Role::owner);
constexpr Mask kAgent = set_of(Role::agent);
constexpr Mask kSystem = set_of(Role::system);
constexpr Mask kLeads = set_of(Role::manager, Role::admin, Role::operator_);
constexpr Mask kDesk = kLeads | set_of(Role::dispatcher);
constexpr Mask kStaff = kDesk | kAgent;
constexpr Mask kPersons = set_of(Role::agent, Role::dispatcher, Role::manager, Role::admin);  // who can have a ticket

/// Where an action leads: a status, or `stays`, or `reopened`: assigned where a department is known, else opened.
struct Target {
  enum class Kind { to, stays, reopened } kind = Kind::stays;
  TicketStatus status = opened;
};
constexpr Target to(TicketStatus status) { return {Target::Kind::to, status}; }
constexpr Target kStays{Target::Kind::stays};
constexpr Target kReopened{Target::Kind::reopened};

enum class Need { nothing, words, receiver, ticket, category };
enum class Seen { by_owner, by_staff };

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
    {suspend, kBeingDone, kStaff, to(suspended), Need::words, Seen::by_owner},
    {resume, set_of(suspended), kStaff | kSystem, to(in_progress), Need::nothing, Seen::by_owner},
    {send_back, kTaken | set_of(assigned), kPersons, to(opened), Need::words, Seen::by_staff},
    {complete, kBeingDone, kStaff, to(resolved), Need::words, Seen::by_owner},
    {close, set_of(resolved), kOwner | kDesk | kSystem, to(closed), Need::nothing, Seen::by_owner},
    {close, kActive, kLeads, to(closed), Need::words, Seen::by_owner},  // unrepaired: the owner is told why
    {reopen, set_of(resolved, closed, withdrawn), kOwner | kDesk, kReopened, Need::nothing, Seen::by_owner},
    {reopen, set_of(out_of_scope), kDesk, kReopened, Need::nothing, Seen::by_owner},
    {withdraw, kActive, kOwner | kDesk, to(withdrawn), Need::nothing, Seen::by_owner},
    {urge, kActive, kOwner | kDesk, kStays, Need::nothing, Seen::by_owner},
    {add_details, kActive | set_of(resolved), kOwner | kStaff, kStays, Need::nothing, Seen::by_owner},
    {add_photo, kActive | set_of(resolved), kOwner | kStaff, kStays, Need::nothing, Seen::by_owner},
    {request_human, kAll & ~set_of(merged), kOwner | kDesk | kSystem, kStays, Need::nothing, Seen::by_owner},
    {set_category, kActive, kDesk, kStays, Need::category, Seen::by_staff},
    {set_priority, kActive, kDesk | kSystem, kStays, Need::nothing, Seen::by_staff},
    {audit, kActive | set_of(out_of_scope), kDesk, kStays, Need::nothing, Seen::by_staff},
    {mark_out_of_scope, set_of(opened, assigned, accepted), kDesk | kSystem, to(out_of_scope), Need::nothing,
     Seen::by_owner},
    {merge, kActive, kDesk | kSystem, to(merged), Need::ticket, Seen::by_owner},
    {note, kAll, kStaff, kStays, Need::words, Seen::by_staff},
};

const Row* find_row(TicketStatus status, ActionKind action, Role role) {
  const auto* const row = std::find_if(std::begin(kTable), std::end(kTable), [&](const Row& each) {
    return each.action == action && has(each.from, status) && has(each.who, role);
  });
  return row == std::end(kTable) ? nullptr : row;
}

bool is_of_role(ActionKind action, Role role) {
  return std::any_of(std::begin(kTable), std::end(kTable),
                     [&](const Row& row) { return row.action == action && has(row.who, role); });
}

bool is_end(TicketStatus status) { return has(set_of(closed, withdrawn, out_of_scope, merged), status); }

/// Whose ticket it is, as far as the doer is concerned.
bool is_his(const Ticket& ticket, ActionKind action, const Doer& doer) {
  if (doer.role == Role::owner) return doer.peer == ticket.peer;
  if (doer.role != Role::agent) return true;
  const bool is_free = !ticket.assignee && action == accept;
  return is_free || (doer.id != 0 && ticket.assignee == StaffId{doer.id});
}

bool is_too_late(const Ticket& ticket, ActionKind action, const Doer& doer, Time now, const Rules& rules) {
  return action == reopen && doer.role == Role::owner && ticket.closed && now > *ticket.closed + rules.reopen_within;
}

/// Why not, as far as the table, the ticket's holder and the time decide it; nothing: it may be done.
std::optional<RefusalReason> obstacle(const Ticket& ticket, ActionKind action, const Doer& doer, Time now,
                                      const Rules& rules) {
  if (doer.role == Role::owner && doer.peer != ticket.peer) return not_yours;  // first: he is not even told the status
  if (!is_of_role(action, doer.role)) return not_this_role;
  if (find_row(ticket.status, action, doer.role) == nullptr) return not_now;
  if (!is_his(ticket, action, doer)) return not_yours;
  if (is_too_late(ticket, action, doer, now, rules)) return too_late;
  return std::nullopt;
}

std::optional<RefusalReason> missing_input(const Ticket& ticket, const Action& action, Need need) {
  switch (need) {
    case Need::nothing:
      return std::nullopt;
    case Need::words:
      return action.text.empty() ? std::optional(needs_text) : std::nullopt;
    case Need::receiver:
      return action.department || action.staff ? std::nullopt : std::optional(needs_target);
    case Need::ticket:
      return action.target && action.target != ticket.id ? std::nullopt : std::optional(needs_target);
    case Need::category:
      return action.details.category == Category::none ? std::optional(needs_target) : std::nullopt;
  }
  return std::nullopt;
}

TicketStatus status_after(const Ticket& ticket, const Target& target) {
  switch (target.kind) {
    case Target::Kind::to:
      return target.status;
    case Target::Kind::stays:
      return ticket.status;
    case Target::Kind::reopened:
      return ticket.department ? assigned : opened;
  }
  return ticket.status;
}

DepartmentId default_department(Category category, const Rules& rules) {
  const auto found = rules.departments.find(category);
  return found == rules.departments.end() ? DepartmentId{} : found->second;
}

/// Takes what `from` has into `into`; the field's flag goes, since the answer is fresh.
void take(std::string& into, const std::string& from, Ticket& ticket, std::string_view field) {
  if (from.empty()) return;
  into = from;
  ticket.audit = without_flag(ticket.audit, field);
}

/// Words are never replaced: what was told first stays, what comes later follows it.
void take_description(Ticket& ticket, const std::string& more) {
  if (more.empty() || ticket.description.find(more) != std::string::npos) return;
  const bool is_longer_form = more.find(ticket.description) != std::string::npos;
  const auto whole = is_longer_form ? more : ticket.description + "\n" + more;
  take(ticket.description, whole, ticket, "description");
}

void take_category(Ticket& ticket, const Ticket& details, const Rules& rules) {
  if (details.category == Category::none) return;
  const bool had_default = ticket.department == default_department(ticket.category, rules);
  ticket.category = details.category;
  ticket.subcategory = details.subcategory;
  ticket.audit = without_flag(ticket.audit, "category");
  if (had_default && ticket.status == opened) ticket.department = default_department(ticket.category, rules);
}

void take_details(Ticket& ticket, const Ticket& details, const Rules& rules) {
  take(ticket.name, details.name, ticket, "name");
  take(ticket.phone, details.phone, ticket, "phone");
  take(ticket.address, details.address, ticket, "address");
  if (details.place) ticket.place = details.place;
  take(ticket.reported_for, details.reported_for, ticket, "reported_for");
  take(ticket.preferred_visit, details.preferred_visit, ticket, "preferred_visit");
  ticket.may_enter = ticket.may_enter || details.may_enter;
  take_category(ticket, details, rules);
  take_description(ticket, details.description);
  for (const auto& flag : flags_of(details.audit)) ticket.audit = with_flag(ticket.audit, flag);
}

/// What an action changes beside the status.
void change(Ticket& ticket, const Action& action, const Doer& doer, const Rules& rules) {
  switch (action.kind) {
    case assign:
      if (action.department) ticket.department = action.department;
      ticket.assignee = action.staff;
      break;
    case accept:
      ticket.assignee = StaffId{doer.id};
      break;
    case send_back:
    case reopen:
      ticket.assignee = {};
      break;  // to other hands
    case urge:
      ticket.priority = std::max(ticket.priority, ticket.priority == Priority::low ? Priority::normal : Priority::high);
      break;
    case add_details:
      take_details(ticket, action.details, rules);
      break;
    case request_human:
      ticket.audit = with_flag(ticket.audit, kFlagHuman);
      break;
    case set_category:
      take_category(ticket, action.details, rules);
      break;
    case set_priority:
      ticket.priority = action.priority;
      break;
    case ActionKind::audit:
      ticket.audit.clear();
      break;
    case merge:
      ticket.merged_into = action.target;
      break;
    case inspect:
    case plan:
    case progress:
    case suspend:
    case resume:
    case complete:
    case close:
    case withdraw:
    case add_photo:
    case mark_out_of_scope:
    case note:
      break;
  }
}

void set_end(Ticket& ticket, Time now, const Rules& rules) {
  if (!is_end(ticket.status)) {
    ticket.closed.reset();
    ticket.purge_after.reset();
  } else if (!ticket.closed) {
    ticket.closed = now;
    ticket.purge_after = now + rules.retention;
  }
}

ActorKind actor_kind(Role role) {
  switch (role) {
    case Role::owner:
      return ActorKind::owner;
    case Role::system:
      return ActorKind::system;
    case Role::operator_:
      return ActorKind::operator_;
    case Role::agent:
    case Role::dispatcher:
    case Role::manager:
    case Role::admin:
      return ActorKind::staff;
  }
  return ActorKind::system;
}

HistoryRow history_row(HistoryId id, const Ticket& ticket, std::string_view action, TicketStatus from, const Doer& doer,
                       Time now) {
  return {.id = id,
          .ticket = ticket.id,
          .at = now,
          .action = std::string(action),
          .from = from,
          .to = ticket.status,
          .actor = {actor_kind(doer.role), doer.id},
          .channel = doer.channel,
          .delivery_key = doer.delivery_key};
}

Refusal refusal(RefusalReason reason, const Ticket& ticket, const Doer& doer, Time now, const Rules& rules) {
  if (doer.role == Role::owner && doer.peer != ticket.peer) return {.reason = reason};  // a stranger learns nothing
  return {.reason = reason,
          .status = ticket.status,
          .holder = doer.role == Role::owner ? StaffId{} : ticket.assignee,
          .allowed = allowed_actions(ticket, doer, now, rules)};
}

}  // namespace

std::string_view to_string(ActionKind kind) { return kActionNames.at(static_cast<std::size_t>(kind)); }
std::string_view to_string(Role role) { return kRoleNames.at(static_cast<std::size_t>(role)); }
std::string_view to_string(RefusalReason reason) { return kReasonNames.at(static_cast<std::size_t>(reason)); }

std::optional<ActionKind> parse_action(std::string_view text) {
  const auto* const found = std::find(kActionNames.begin(), kActionNames.end(), text);
  if (found == kActionNames.end()) return std::nullopt;
  return static_cast<ActionKind>(found - kActionNames.begin());
}

Role role_of(StaffRole role) {
  switch (role) {
    case StaffRole::agent:
      return Role::agent;
    case StaffRole::dispatcher:
      return Role::dispatcher;
    case StaffRole::manager:
      return Role::manager;
    case StaffRole::admin:
      return Role::admin;
  }
  return Role::agent;
}

bool is_active(TicketStatus status) { return has(kActive, status); }

std::vector<ActionKind> allowed_actions(const Ticket& ticket, const Doer& doer, Time now, const Rules& rules) {
  std::vector<ActionKind> allowed;
  for (int i = 0; i < kActionKinds; ++i) {
    const auto kind = static_cast<ActionKind>(i);
    if (!obstacle(ticket, kind, doer, now, rules)) allowed.push_back(kind);
  }
  return allowed;
}

Change open_ticket(Ticket draft, HistoryId history, const Doer& doer, Time now, const Rules& rules) {
  draft.status = draft.category == Category::out_of_scope ? out_of_scope : opened;
  draft.opened = now;
  if (!draft.danger.empty()) draft.priority = Priority::urgent;
  if (draft.category == Category::out_of_scope) draft.audit = with_flag(draft.audit, kFlagScope);
  draft.audit = audited(draft);
  if (!draft.department) draft.department = default_department(draft.category, rules);
  set_end(draft, now, rules);
  auto row = history_row(history, draft, kOpen, opened, doer, now);
  row.owner_visible = true;
  return {std::move(draft), std::move(row)};
}

tl::expected<Change, Refusal> apply(const Ticket& ticket, const Action& action, HistoryId history, const Doer& doer,
                                    Time now, const Rules& rules) {
  const auto refuse = [&](RefusalReason reason) { return tl::unexpected(refusal(reason, ticket, doer, now, rules)); };
  if (const auto reason = obstacle(ticket, action.kind, doer, now, rules)) return refuse(*reason);
  const auto& row = *find_row(ticket.status, action.kind, doer.role);
  if (const auto reason = missing_input(ticket, action, row.need)) return refuse(*reason);

  Change result{.ticket = ticket};
  change(result.ticket, action, doer, rules);
  result.ticket.status = status_after(result.ticket, row.target);
  set_end(result.ticket, now, rules);
  result.history = history_row(history, result.ticket, to_string(action.kind), ticket.status, doer, now);
  result.history.owner_visible = row.seen == Seen::by_owner;
  result.history.text = action.text;
  return result;
}

std::string describe(const Refusal& refusal) {
  std::string out(to_string(refusal.reason));
  if (refusal.reason == not_now) out.append(": the ticket is ").append(to_string(refusal.status));
  if (refusal.holder) out.append("; held by ").append(std::to_string(refusal.holder.value));
  out += "; allowed now: ";
  for (std::size_t i = 0; i < refusal.allowed.size(); ++i)
    out.append(i == 0 ? "" : ", ").append(to_string(refusal.allowed[i]));
  return refusal.allowed.empty() ? out + "nothing" : out;
}

}  // namespace huiyin::tickets
