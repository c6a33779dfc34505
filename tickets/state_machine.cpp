#include "tickets/state_machine.h"

#include <algorithm>
#include <utility>

#include "tickets/audit.h"
#include "tickets/state_table.h"

namespace huiyin::tickets {
namespace {

using enum TicketStatus;
using enum ActionKind;
using enum RefusalReason;

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
  if (!find_transition(ticket.status, action, doer.role)) return not_now;
  if (!is_his(ticket, action, doer)) return not_yours;
  if (is_too_late(ticket, action, doer, now, rules)) return too_late;
  if (action == call_back && !has_flag(ticket.audit, kFlagCallBack)) return not_now;  // none is owed
  return std::nullopt;
}

/// What is left to be said before a ticket counts as done.
std::optional<RefusalReason> missing_result(const Ticket& ticket, const Action& action, const Rules& rules) {
  if (action.text.empty()) return needs_text;
  if (std::find(kToldBy.begin(), kToldBy.end(), action.told_by) == kToldBy.end()) return needs_told;
  return asks_after_photo(ticket, rules) && action.after_photos == 0 ? std::optional(needs_photo) : std::nullopt;
}

std::optional<RefusalReason> missing_input(const Ticket& ticket, const Action& action, Need need, const Rules& rules) {
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
    case Need::result:
      return missing_result(ticket, action, rules);
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

DepartmentId default_department(const Ticket& ticket, const Rules& rules) {
  if (const auto placed = find_department(rules.placement, ticket)) return placed;
  const auto found = rules.departments.find(ticket.category);
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
  const bool had_default = ticket.department == default_department(ticket, rules);
  ticket.category = details.category;
  ticket.subcategory = details.subcategory;
  ticket.audit = without_flag(ticket.audit, "category");
  if (had_default && ticket.status == opened) ticket.department = default_department(ticket, rules);
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

/// It is ours after all: what kind of work it is, is said now, or has to be looked at.
void take_on(Ticket& ticket, const Ticket& details, const Rules& rules) {
  ticket.audit = without_flag(ticket.audit, kFlagScope);
  if (ticket.category != Category::out_of_scope) return;  // somebody marked it; what it is was known
  const bool is_said = details.category != Category::none && details.category != Category::out_of_scope;
  ticket.category = is_said ? details.category : Category::none;
  ticket.subcategory = is_said ? details.subcategory : std::string();
  ticket.audit = is_said ? without_flag(ticket.audit, "category") : with_flag(ticket.audit, "category");
  ticket.department = default_department(ticket, rules);
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
    case reopen:
      if (ticket.status == out_of_scope) take_on(ticket, action.details, rules);
      ticket.assignee = {};
      break;  // to other hands
    case send_back:
      ticket.assignee = {};
      break;
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
    case ActionKind::audit:  // what somebody owes the owner stays
      ticket.audit = has_flag(ticket.audit, kFlagCallBack) ? std::string(kFlagCallBack) : std::string();
      break;
    case merge:
      ticket.merged_into = action.target;
      break;
    case complete:
      ticket.told_by = action.told_by;
      break;
    case ask_call_back:
      ticket.audit = with_flag(ticket.audit, kFlagCallBack);
      break;
    case call_back:
      ticket.audit = without_flag(ticket.audit, kFlagCallBack);
      break;
    case inspect:
    case plan:
    case progress:
    case suspend:
    case resume:
    case close:
    case withdraw:
    case add_photo:
    case mark_out_of_scope:
    case note:
    case arrange_visit:
    case tell:
    case remind:
    case escalate:
    case survey:
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

/// What a history row says. A new priority is told too: service times are computed from it (service_times.h).
std::string words_of(const Action& action) {
  if (action.kind != set_priority) return action.text;
  const std::string name(to_string(action.priority));
  return action.text.empty() ? name : name + ": " + action.text;
}

}  // namespace

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

bool asks_after_photo(const Ticket& ticket, const Rules& rules) {
  return std::any_of(rules.after_photo.begin(), rules.after_photo.end(),
                     [&](const KindOfTicket& kind) { return fits(kind, ticket); });
}

bool is_for_staff(const HistoryRow& row) { return row.action != to_string(survey); }

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
  if (!draft.department) draft.department = default_department(draft, rules);
  set_end(draft, now, rules);
  auto row = history_row(history, draft, kOpen, opened, doer, now);
  row.owner_visible = true;
  // Service times are computed from it (service_times.h); what danger makes of it, the ticket tells.
  if (draft.danger.empty() && draft.priority != Priority::normal) row.text = to_string(draft.priority);
  return {std::move(draft), std::move(row)};
}

tl::expected<Change, Refusal> apply(const Ticket& ticket, const Action& action, HistoryId history, const Doer& doer,
                                    Time now, const Rules& rules) {
  const auto refuse = [&](RefusalReason reason) { return tl::unexpected(refusal(reason, ticket, doer, now, rules)); };
  if (const auto reason = obstacle(ticket, action.kind, doer, now, rules)) return refuse(*reason);
  const auto row = find_transition(ticket.status, action.kind, doer.role).value();
  if (const auto reason = missing_input(ticket, action, row.need, rules)) return refuse(*reason);

  Change result{.ticket = ticket};
  change(result.ticket, action, doer, rules);
  result.ticket.status = status_after(result.ticket, row.target);
  set_end(result.ticket, now, rules);
  result.history = history_row(history, result.ticket, to_string(action.kind), ticket.status, doer, now);
  result.history.owner_visible = row.seen == Seen::by_owner;
  result.history.text = words_of(action);
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
