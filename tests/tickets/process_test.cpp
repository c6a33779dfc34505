// The process as documents tell it: what apply() does, each line of it, and nothing else.
#include "tickets/process.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tickets/audit.h"

namespace huiyin::tickets {
namespace {

constexpr Time kNoon{Millis{1795406400000}};

Ticket ticket_in(TicketStatus status) {
  Ticket ticket{.id = TicketId{1}, .number = {1024}, .peer = {"wechat:main", "oWang"}};
  ticket.category = Category::repair;
  ticket.assignee = StaffId{7};
  ticket.audit = std::string(kFlagCallBack);  // else no call-back is owed
  ticket.status = status;
  ticket.opened = kNoon;
  return ticket;
}

Doer doer_of(Role role) {
  return {.role = role, .id = 7, .peer = role == Role::owner ? Peer{"wechat:main", "oWang"} : Peer{}};
}

/// With all that any action may need.
Action whole(ActionKind kind) {
  Action action{.kind = kind, .text = "换了轴承", .told_by = "phone", .department = DepartmentId{3}};
  action.target = TicketId{2};
  action.details.category = Category::cleaning;
  return action;
}

bool says(const std::vector<ProcessRow>& rows, TicketStatus status, ActionKind kind, Role role,
          const ProcessRow** row) {
  for (const auto& one : rows) {
    const bool from = std::find(one.from.begin(), one.from.end(), status) != one.from.end();
    const bool who = std::find(one.who.begin(), one.who.end(), role) != one.who.end();
    if (one.action == kind && from && who) return *row = &one, true;
  }
  return false;
}

TEST(Process, IsWhatTheStateMachineDoes) {
  const auto rows = process();
  int allowed = 0;
  for (int s = 0; s <= static_cast<int>(TicketStatus::merged); ++s)
    for (int a = 0; a < kActionKinds; ++a)
      for (int r = 0; r < kRoles; ++r) {
        const auto status = static_cast<TicketStatus>(s);
        const auto kind = static_cast<ActionKind>(a);
        const auto role = static_cast<Role>(r);
        const auto done = apply(ticket_in(status), whole(kind), HistoryId{9}, doer_of(role), kNoon, {});
        const ProcessRow* row = nullptr;
        const bool is_there = says(rows, status, kind, role, &row);
        ASSERT_EQ(done.has_value(), is_there) << to_string(status) << " " << to_string(kind) << " " << to_string(role)
                                              << ": " << (done ? "done" : describe(done.error()));
        if (!is_there) continue;
        ++allowed;
        EXPECT_EQ(done->history.owner_visible, row->owner_sees) << to_string(kind);
        const auto expected = row->leads == ProcessRow::Leads::to ? row->to : status;
        EXPECT_TRUE(row->leads == ProcessRow::Leads::reopens || done->ticket.status == expected) << to_string(kind);
      }
  EXPECT_GT(allowed, 300);
}

TEST(Process, SaysWhatIsNeeded) {
  for (const auto& row : process()) {
    const auto status = row.from.front();
    const auto doer = doer_of(row.who.front());
    const Action bare{.kind = row.action};
    const auto done = apply(ticket_in(status), bare, HistoryId{9}, doer, kNoon, {});
    EXPECT_EQ(done.has_value(), row.need == Need::nothing) << to_string(row.action);
  }
}

}  // namespace
}  // namespace huiyin::tickets
