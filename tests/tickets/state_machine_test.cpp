#include "tickets/state_machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "tickets/audit.h"

namespace huiyin::tickets {
namespace {

using namespace std::chrono_literals;
using enum TicketStatus;
using enum ActionKind;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

constexpr Time kNoon{std::chrono::sys_days{std::chrono::year(2026) / 11 / 23} + 4h};  // in Asia/Shanghai
constexpr auto kRow = HistoryId{900};
constexpr StaffId kAgent{31};
constexpr DepartmentId kRepairs{5};
const Peer kWang{"wechat:main", "o-wang"};
const Rules kRules{.departments = {{Category::repair, kRepairs}, {Category::cleaning, DepartmentId{6}}}};

Ticket ticket_in(TicketStatus status) {
  Ticket ticket;
  ticket.id = TicketId{77};
  ticket.number = {1024};
  ticket.peer = kWang;
  ticket.name = "王建国";
  ticket.phone = "+8613800138000";
  ticket.address = "3栋2单元602";
  ticket.category = Category::repair;
  ticket.description = "电梯坏了";
  ticket.department = kRepairs;
  ticket.status = status;
  ticket.opened = kNoon - 24h;
  ticket.version = 3;
  if (status != opened) ticket.assignee = kAgent;
  if (status == closed || status == withdrawn || status == out_of_scope || status == merged) ticket.closed = kNoon - 1h;
  return ticket;
}

Doer doer(Role role) {
  Doer out{.role = role, .id = 40 + static_cast<int>(role), .channel = "wechat:main", .delivery_key = "wechat:main/1"};
  if (role == Role::owner) out.peer = kWang;
  if (role == Role::agent) out.id = kAgent.value;
  return out;
}

/// An action with everything that any action needs.
Action whole(ActionKind kind) {
  Action action{.kind = kind,
                .text = "换了门机板",
                .told_by = "phone",
                .after_photos = 1,
                .department = kRepairs,
                .staff = StaffId{32},
                .target = TicketId{78}};
  action.details.category = Category::cleaning;
  return action;
}

tl::expected<Change, Refusal> done(const Ticket& ticket, const Action& action, Role role) {
  return apply(ticket, action, kRow, doer(role), kNoon, kRules);
}

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, text.size()), ' ');
}

/// One block per action: a line per status, a column per role; the status it leads to, or `-`.
std::string whole_machine() {
  constexpr std::size_t kWidth = 13;
  std::string out;
  for (int a = 0; a < kActionKinds; ++a) {
    const auto kind = static_cast<ActionKind>(a);
    out += padded(std::string(to_string(kind)), 18);
    for (int r = 0; r < kRoles; ++r) out += padded(std::string(to_string(static_cast<Role>(r))), kWidth);
    out += "\n";
    for (int s = 0; s <= static_cast<int>(merged); ++s) {
      const auto status = static_cast<TicketStatus>(s);
      out += padded("  " + std::string(to_string(status)), 18);
      for (int r = 0; r < kRoles; ++r) {
        auto ticket = ticket_in(status);
        ticket.audit = kFlagCallBack;  // else there is nobody to be called back
        const auto result = done(ticket, whole(kind), static_cast<Role>(r));
        out += padded(result ? std::string(to_string(result->ticket.status)) : "-", kWidth);
      }
      out += "\n";
    }
    out += "\n";
  }
  std::istringstream lines(out);
  std::string trimmed;
  for (std::string line; std::getline(lines, line);) trimmed += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  return trimmed;
}

// Every (status, action, role), as people read it. HUIYIN_UPDATE_GOLDEN=1 rewrites the file; the diff is reviewed as
// prose.
TEST(StateMachine, IsTheTableInTheGoldenFile) {
  constexpr auto kFile = "tests/golden/ticket_state_machine.txt";
  if (std::getenv("HUIYIN_UPDATE_GOLDEN") != nullptr) std::ofstream(kFile) << whole_machine();
  std::ifstream in(kFile);
  const std::string golden{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(whole_machine(), golden);
}

TEST(StateMachine, EveryChangeWritesOneCompleteHistoryRow) {
  for (int s = 0; s <= static_cast<int>(merged); ++s)
    for (int a = 0; a < kActionKinds; ++a)
      for (int r = 0; r < kRoles; ++r) {
        const auto before = ticket_in(static_cast<TicketStatus>(s));
        const auto who = doer(static_cast<Role>(r));
        const auto result = done(before, whole(static_cast<ActionKind>(a)), who.role);
        if (!result) continue;
        const auto& row = result->history;
        EXPECT_EQ(row.id, kRow);
        EXPECT_EQ(row.ticket, before.id);
        EXPECT_EQ(row.at, kNoon);
        EXPECT_EQ(parse_action(row.action), static_cast<ActionKind>(a));
        EXPECT_EQ(row.from, before.status);
        EXPECT_EQ(row.to, result->ticket.status);
        EXPECT_EQ(row.actor.id, who.id);
        EXPECT_EQ(row.channel, who.channel);
        EXPECT_EQ(row.delivery_key, who.delivery_key);
        EXPECT_EQ(row.text, row.action == "set_priority" ? "normal: 换了门机板" : "换了门机板");
        EXPECT_EQ(result->ticket.version, before.version) << "the store makes the next version";
        EXPECT_EQ(result->ticket.id, before.id);
        EXPECT_EQ(result->ticket.closed.has_value(), !is_active(row.to) && row.to != resolved) << row.action;
      }
}

// A refusal names what is allowed now, and what it names is then done.
TEST(StateMachine, WhatARefusalAllowsIsDone) {
  int refused = 0;
  for (int s = 0; s <= static_cast<int>(merged); ++s)
    for (int a = 0; a < kActionKinds; ++a)
      for (int r = 0; r < kRoles; ++r) {
        const auto ticket = ticket_in(static_cast<TicketStatus>(s));
        const auto role = static_cast<Role>(r);
        const auto result = done(ticket, whole(static_cast<ActionKind>(a)), role);
        if (result) continue;
        ++refused;
        EXPECT_THAT(result.error().allowed, Not(Contains(static_cast<ActionKind>(a))));
        for (const auto allowed : result.error().allowed)
          EXPECT_TRUE(done(ticket, whole(allowed), role)) << to_string(allowed);
      }
  EXPECT_GT(refused, 0);
}

TEST(StateMachine, RefusalsInWords) {
  struct {
    const char* name;
    Ticket ticket;
    Action action;
    Doer doer;
    const char* expect;
  } const table[] = {
      {"a closed ticket is not worked on", ticket_in(closed), whole(progress), doer(Role::agent),
       "not_now: the ticket is closed; held by 31; allowed now: note"},
      {"an owner does not assign", ticket_in(opened), whole(assign), doer(Role::owner),
       "not_this_role; allowed now: withdraw, urge, add_details, add_photo, request_human"},
      {"another agent is told who has it",
       ticket_in(accepted),
       whole(progress),
       {.role = Role::agent, .id = 99},
       "not_yours; held by 31; allowed now: nothing"},
      {"the second tap on accept",
       ticket_in(accepted),
       whole(accept),
       {.role = Role::agent, .id = 99},
       "not_now: the ticket is accepted; held by 31; allowed now: nothing"},
      {"a stranger learns nothing",
       ticket_in(accepted),
       whole(urge),
       {.role = Role::owner, .peer = {"wechat:main", "o-stranger"}},
       "not_yours; allowed now: nothing"},
      {"nor does he learn what owners may do",
       ticket_in(accepted),
       whole(assign),
       {.role = Role::owner, .peer = {"wechat:main", "o-stranger"}},
       "not_yours; allowed now: nothing"},
      {"an openid that differs in case is a stranger",
       ticket_in(accepted),
       whole(urge),
       {.role = Role::owner, .peer = {"wechat:main", "O-wang"}},
       "not_yours; allowed now: nothing"},
      {"completed without a result",
       ticket_in(in_progress),
       {.kind = complete},
       doer(Role::agent),
       "needs_text; held by 31; allowed now: assign, inspect, plan, progress, suspend, send_back, complete, "
       "add_details, add_photo, note, arrange_visit, tell"},
      {"assigned to nobody",
       ticket_in(opened),
       {.kind = assign},
       doer(Role::system),
       "needs_target; allowed now: assign, request_human, set_priority, mark_out_of_scope, merge, remind, escalate, "
       "survey, ask_call_back"},
      {"merged into itself",
       ticket_in(opened),
       {.kind = merge, .target = TicketId{77}},
       doer(Role::system),
       "needs_target; allowed now: assign, request_human, set_priority, mark_out_of_scope, merge, remind, escalate, "
       "survey, ask_call_back"},
      {"into no category",
       ticket_in(resolved),
       {.kind = set_category},
       doer(Role::dispatcher),
       "not_now: the ticket is resolved; held by 31; allowed now: close, reopen, add_details, add_photo, "
       "request_human, note, tell, ask_call_back"},
      {"completed, and nobody told the owner",
       ticket_in(in_progress),
       {.kind = complete, .text = "换了门机板"},
       doer(Role::manager),
       "needs_told; held by 31; allowed now: assign, inspect, plan, progress, suspend, send_back, complete, close, "
       "withdraw, urge, add_details, add_photo, request_human, set_category, set_priority, audit, merge, note, "
       "arrange_visit, tell, ask_call_back"},
  };
  for (const auto& row : table) {
    const auto result = apply(row.ticket, row.action, kRow, row.doer, kNoon, kRules);
    ASSERT_FALSE(result) << row.name;
    EXPECT_EQ(describe(result.error()), row.expect) << row.name;
  }
}

TEST(StateMachine, TheFirstToAcceptHasIt) {
  auto free = ticket_in(assigned);
  free.assignee = {};
  const auto mine = apply(free, {.kind = accept}, kRow, {.role = Role::agent, .id = 99}, kNoon, kRules);
  ASSERT_TRUE(mine);
  EXPECT_EQ(mine->ticket.assignee, StaffId{99});
  const auto given = apply(ticket_in(assigned), {.kind = accept}, kRow, {.role = Role::agent, .id = 99}, kNoon, kRules);
  ASSERT_FALSE(given) << "it was given to another";
  EXPECT_EQ(given.error().reason, RefusalReason::not_yours);
  EXPECT_EQ(given.error().holder, kAgent);
}

TEST(StateMachine, SendingBackAndReopeningFreeTheTicket) {
  EXPECT_FALSE(done(ticket_in(in_progress), whole(send_back), Role::agent)->ticket.assignee);
  const auto again = done(ticket_in(closed), whole(reopen), Role::owner);
  EXPECT_FALSE(again->ticket.assignee);
  EXPECT_EQ(again->ticket.status, assigned);
  EXPECT_FALSE(again->ticket.purge_after);
  auto homeless = ticket_in(withdrawn);
  homeless.department = {};
  EXPECT_EQ(done(homeless, whole(reopen), Role::owner)->ticket.status, opened);
}

TEST(StateMachine, AnOwnerReopensForThirtyDaysStaffAlways) {
  auto ticket = ticket_in(closed);
  ticket.closed = kNoon - 30 * 24h;
  EXPECT_TRUE(done(ticket, whole(reopen), Role::owner));
  ticket.closed = kNoon - 30 * 24h - 1ms;
  const auto late = done(ticket, whole(reopen), Role::owner);
  ASSERT_FALSE(late);
  EXPECT_EQ(describe(late.error()), "too_late; allowed now: request_human");
  EXPECT_TRUE(done(ticket, whole(reopen), Role::dispatcher));
}

TEST(StateMachine, AnEndSetsWhenItIsPurged) {
  const auto result = done(ticket_in(resolved), whole(close), Role::system);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->ticket.closed, kNoon);
  EXPECT_EQ(result->ticket.purge_after, kNoon + kRules.retention);
  const auto noted = done(result->ticket, whole(note), Role::manager);
  EXPECT_EQ(noted->ticket.closed, kNoon) << "a note does not close it again";
}

TEST(StateMachine, UrgingRaisesThePriorityUpToHigh) {
  struct {
    Priority before, after;
  } const table[] = {{Priority::low, Priority::normal},
                     {Priority::normal, Priority::high},
                     {Priority::high, Priority::high},
                     {Priority::urgent, Priority::urgent}};
  for (const auto& row : table) {
    auto ticket = ticket_in(accepted);
    ticket.priority = row.before;
    EXPECT_EQ(done(ticket, whole(urge), Role::owner)->ticket.priority, row.after) << to_string(row.before);
  }
}

TEST(StateMachine, DetailsFillWhatIsMissingAndKeepTheOldWords) {
  auto ticket = ticket_in(opened);
  ticket.phone.clear();
  ticket.audit = "phone,human";
  Action more{.kind = add_details};
  more.details.phone = "+8613900139000";
  more.details.description = "按钮也不亮";
  more.details.audit = "address";
  const auto result = done(ticket, more, Role::owner);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->ticket.phone, "+8613900139000");
  EXPECT_EQ(result->ticket.name, "王建国") << "what is empty changes nothing";
  EXPECT_EQ(result->ticket.category, Category::repair);
  EXPECT_EQ(result->ticket.description, "电梯坏了\n按钮也不亮");
  EXPECT_EQ(result->ticket.audit, "human,address");
  const auto again = done(result->ticket, more, Role::owner);
  EXPECT_EQ(again->ticket.description, "电梯坏了\n按钮也不亮") << "told twice, kept once";
}

TEST(StateMachine, ANewCategoryMovesAnOpenTicketToItsDepartment) {
  Action change{.kind = set_category};
  change.details.category = Category::cleaning;
  change.details.subcategory = "garbage";
  const auto result = done(ticket_in(opened), change, Role::dispatcher);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->ticket.category, Category::cleaning);
  EXPECT_EQ(result->ticket.subcategory, "garbage");
  EXPECT_EQ(result->ticket.department, DepartmentId{6});
  EXPECT_FALSE(result->history.owner_visible);
  EXPECT_EQ(done(ticket_in(accepted), change, Role::dispatcher)->ticket.department, kRepairs) << "somebody works on it";
}

TEST(StateMachine, OtherActionsSetWhatTheyAreAbout) {
  EXPECT_EQ(done(ticket_in(opened), whole(merge), Role::dispatcher)->ticket.merged_into, TicketId{78});
  EXPECT_EQ(done(ticket_in(opened), whole(assign), Role::dispatcher)->ticket.assignee, StaffId{32});
  EXPECT_EQ(done(ticket_in(opened), whole(request_human), Role::owner)->ticket.audit, "human");
  EXPECT_EQ(
      done(ticket_in(opened), {.kind = set_priority, .priority = Priority::urgent}, Role::system)->ticket.priority,
      Priority::urgent);
  auto flagged = ticket_in(opened);
  flagged.audit = "phone,human";
  EXPECT_EQ(done(flagged, whole(ActionKind::audit), Role::dispatcher)->ticket.audit, "");
}

TEST(StateMachine, OwnersSeeWhatConcernsThemOnly) {
  for (const auto kind : {inspect, plan, note, set_priority})
    EXPECT_FALSE(done(ticket_in(in_progress), whole(kind), Role::manager)->history.owner_visible) << to_string(kind);
  for (const auto kind : {assign, progress, suspend, complete, merge})
    EXPECT_TRUE(done(ticket_in(in_progress), whole(kind), Role::manager)->history.owner_visible) << to_string(kind);
}

TEST(StateMachine, ACompletionTellsHowTheOwnerWasTold) {
  const auto result = done(ticket_in(in_progress), whole(complete), Role::agent);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->ticket.told_by, "phone");
  EXPECT_FALSE(done(ticket_in(in_progress), {.kind = complete, .text = "好了", .told_by = "pigeon"}, Role::agent));
}

TEST(StateMachine, WhereAPhotoOfTheResultIsAskedForNothingIsDoneWithoutOne) {
  auto rules = kRules;
  rules.after_photo = {{Category::repair, {}}};
  auto action = whole(complete);
  action.after_photos = 0;
  const auto refused = apply(ticket_in(in_progress), action, kRow, doer(Role::agent), kNoon, rules);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, RefusalReason::needs_photo);
  action.after_photos = 1;
  EXPECT_TRUE(apply(ticket_in(in_progress), action, kRow, doer(Role::agent), kNoon, rules));
  auto cleaning = ticket_in(in_progress);
  cleaning.category = Category::cleaning;
  action.after_photos = 0;
  EXPECT_TRUE(apply(cleaning, action, kRow, doer(Role::agent), kNoon, rules));
}

TEST(StateMachine, ACallBackIsOwedUntilSomebodyHasCalled) {
  const auto asked = done(ticket_in(closed), whole(ask_call_back), Role::system);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->ticket.audit, "call_back");
  EXPECT_EQ(asked->ticket.status, closed);
  EXPECT_FALSE(done(asked->ticket, whole(call_back), Role::agent)) << "not by who did the work";
  EXPECT_FALSE(done(ticket_in(closed), whole(call_back), Role::dispatcher)) << "none is owed";
  const auto called = done(asked->ticket, whole(call_back), Role::dispatcher);
  ASSERT_TRUE(called);
  EXPECT_EQ(called->ticket.audit, "");
  auto working = ticket_in(in_progress);
  working.audit = "phone,call_back";
  EXPECT_EQ(done(working, whole(ActionKind::audit), Role::dispatcher)->ticket.audit, "call_back");
}

TEST(StateMachine, StaffDoNotSeeSurveys) {
  EXPECT_FALSE(is_for_staff(done(ticket_in(resolved), whole(survey), Role::system)->history));
  EXPECT_TRUE(is_for_staff(done(ticket_in(resolved), whole(note), Role::agent)->history));
  for (const auto role : {Role::agent, Role::dispatcher, Role::manager, Role::admin, Role::operator_})
    EXPECT_FALSE(done(ticket_in(resolved), whole(survey), role)) << to_string(role);
}

TEST(OpenTicket, IsTimedAuditedAndGivenToItsDepartment) {
  Ticket draft = ticket_in(opened);
  draft.department = {};
  draft.phone.clear();
  draft.version = 0;
  draft.opened = {};
  const auto change = open_ticket(draft, kRow, doer(Role::owner), kNoon, kRules);
  EXPECT_EQ(change.ticket.status, opened);
  EXPECT_EQ(change.ticket.opened, kNoon);
  EXPECT_EQ(change.ticket.department, kRepairs);
  EXPECT_EQ(change.ticket.audit, "phone");
  EXPECT_EQ(change.ticket.priority, Priority::normal);
  EXPECT_EQ(change.history.action, "open");
  EXPECT_EQ(change.history.actor.kind, ActorKind::owner);
  EXPECT_TRUE(change.history.owner_visible);
  EXPECT_EQ(change.history.id, kRow);
}

TEST(OpenTicket, DangerIsUrgentAndNothingIsRefused) {
  const auto change = open_ticket({.danger = "gas"}, kRow, doer(Role::owner), kNoon, kRules);
  EXPECT_EQ(change.ticket.priority, Priority::urgent);
  EXPECT_EQ(change.ticket.status, opened);
  EXPECT_EQ(change.ticket.audit, "name,phone,address,category,description");
}

TEST(OpenTicket, WhatIsOutOfScopeIsKeptAsSuch) {
  auto draft = ticket_in(opened);
  draft.category = Category::out_of_scope;
  const auto change = open_ticket(draft, kRow, doer(Role::owner), kNoon, kRules);
  EXPECT_EQ(change.ticket.status, out_of_scope);
  EXPECT_EQ(change.ticket.audit, "scope");
  EXPECT_EQ(change.ticket.purge_after, kNoon + kRules.retention);
}

TEST(OpenTicket, WhatIsOutOfScopeIsOursAfterAllWhenStaffSaySo) {
  auto draft = ticket_in(opened);
  draft.category = Category::out_of_scope;
  draft.assignee = {};
  const auto kept = open_ticket(draft, kRow, doer(Role::owner), kNoon, kRules).ticket;
  EXPECT_FALSE(apply(kept, {.kind = reopen}, kRow, doer(Role::owner), kNoon, kRules)) << "not the owner's to say";
  EXPECT_FALSE(apply(kept, {.kind = reopen}, kRow, doer(Role::agent), kNoon, kRules));

  const auto said = apply(kept, {.kind = reopen, .details = {.category = Category::repair}}, kRow,
                          doer(Role::dispatcher), kNoon + 1h, kRules);
  ASSERT_TRUE(said);
  EXPECT_EQ(said->ticket.status, assigned);
  EXPECT_EQ(said->ticket.department, kRules.departments.at(Category::repair));
  EXPECT_EQ(said->ticket.audit, "");
  EXPECT_FALSE(said->ticket.closed);
  EXPECT_TRUE(said->history.owner_visible);

  const auto unsaid = apply(kept, {.kind = reopen}, kRow, doer(Role::operator_), kNoon + 1h, kRules);
  ASSERT_TRUE(unsaid);
  EXPECT_EQ(unsaid->ticket.status, opened) << "somebody has to say whose it is";
  EXPECT_EQ(unsaid->ticket.category, Category::none);
  EXPECT_EQ(unsaid->ticket.audit, "category");

  auto marked = ticket_in(out_of_scope);
  const auto back = apply(marked, {.kind = reopen}, kRow, doer(Role::manager), kNoon + 1h, kRules);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->ticket.category, marked.category) << "what it is was known before somebody marked it";
}

TEST(Names, EachActionIsReadAgain) {
  for (int a = 0; a < kActionKinds; ++a)
    EXPECT_EQ(parse_action(to_string(static_cast<ActionKind>(a))), static_cast<ActionKind>(a));
  EXPECT_FALSE(parse_action("open")) << "a ticket is opened by open_ticket()";
  EXPECT_EQ(role_of(StaffRole::admin), Role::admin);
}

}  // namespace
}  // namespace huiyin::tickets
