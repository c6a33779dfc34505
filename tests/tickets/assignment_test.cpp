#include "tickets/assignment.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/tickets/life.h"
#include "tickets/receivers.h"

namespace huiyin::tickets {
namespace {

using namespace std::chrono_literals;
using enum ActionKind;

std::string describe(const Assignment& assignment) {
  switch (assignment.kind) {
    case Assignment::Kind::person:
      return "person " + std::to_string(assignment.staff.value);
    case Assignment::Kind::offer:
      return "offer";
    case Assignment::Kind::dispatcher:
      return "dispatcher";
    case Assignment::Kind::queue:
      return "queue";
  }
  return "?";
}

Candidate candidate(std::int64_t id, int open, const char* last = nullptr) {
  return {StaffId{id}, open, last == nullptr ? std::nullopt : std::optional(at(last))};
}

TEST(Assignment, ByMode) {
  const std::vector three = {candidate(31, 4, "2026-11-23 09:00"), candidate(32, 2, "2026-11-23 10:00"),
                             candidate(33, 2, "2026-11-23 09:30")};
  struct {
    const char* name;
    AssignmentMode mode;
    std::vector<Candidate> candidates;
    std::vector<StaffId> avoid;
    int most_open;
    const char* expect;
  } const table[] = {
      {"all are told", AssignmentMode::grab, three, {}, 0, "offer"},
      {"who has waited longest", AssignmentMode::round_robin, three, {}, 0, "person 31"},
      {"who never had one comes first", AssignmentMode::round_robin, {three[0], candidate(34, 9)}, {}, 0, "person 34"},
      {"fewest open, then longest waiting", AssignmentMode::least_loaded, three, {}, 0, "person 33"},
      {"equal ones by id", AssignmentMode::least_loaded, {candidate(36, 1), candidate(35, 1)}, {}, 0, "person 35"},
      {"a dispatcher decides", AssignmentMode::dispatcher, three, {}, 0, "dispatcher"},
      {"nobody is there", AssignmentMode::grab, {}, {}, 0, "queue"},
      {"nobody is there, in turn", AssignmentMode::round_robin, {}, {}, 0, "queue"},
      {"nobody is there, by hand", AssignmentMode::dispatcher, {}, {}, 0, "dispatcher"},
      {"not the one who had it", AssignmentMode::round_robin, three, {StaffId{31}}, 0, "person 33"},
      {"unless there is no other", AssignmentMode::round_robin, {three[0]}, {StaffId{31}}, 0, "person 31"},
      {"who has his hands full gets none", AssignmentMode::round_robin, three, {}, 4, "person 33"},
      {"all have", AssignmentMode::least_loaded, three, {}, 2, "queue"},
  };
  for (const auto& row : table)
    EXPECT_EQ(describe(choose_hands({.mode = row.mode, .most_open = row.most_open}, row.candidates, row.avoid)),
              row.expect)
        << row.name;
}

// Whoever is asked in whatever order, the choice is the same: two nodes never decide differently.
TEST(Assignment, DoesNotDependOnTheOrder) {
  std::vector all = {candidate(31, 1, "2026-11-23 09:00"), candidate(32, 1, "2026-11-23 09:00"), candidate(33, 1)};
  for (const auto mode : {AssignmentMode::round_robin, AssignmentMode::least_loaded}) {
    const auto first = choose_hands({.mode = mode}, all);
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.staff > b.staff; });
    EXPECT_EQ(choose_hands({.mode = mode}, all), first);
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.staff < b.staff; });
  }
}

Staff member(std::int64_t id, StaffRole role = StaffRole::agent, DepartmentId department = kRepairs) {
  Staff out;
  out.id = StaffId{id};
  out.role = role;
  out.department = department;
  return out;
}

Duty duty(std::int64_t id, const char* from, const char* until, bool leave = false) {
  return {StaffId{id}, at(from), at(until), leave};
}

TEST(Duty, ByRosterLeaveAndCalendar) {
  const auto calendar = chinese_calendar();
  const std::vector roster = {
      duty(31, "2026-11-23 20:00", "2026-11-24 08:00"), duty(31, "2026-11-24 20:00", "2026-11-25 08:00"),
      duty(32, "2026-11-23 00:00", "2026-11-25 00:00", true), duty(33, "2026-11-23 08:00", "2026-11-23 20:00"),
      duty(33, "2026-11-23 12:00", "2026-11-23 14:00", true)};
  struct {
    std::int64_t staff;
    const char* now;
    bool on;
    const char *next, *name;
  } const table[] = {
      {31, "2026-11-23 10:00", false, "2026-11-23 20:00", "the night shift sleeps by day"},
      {31, "2026-11-24 07:59", true, "2026-11-24 07:59", "over midnight"},
      {31, "2026-11-24 08:00", false, "2026-11-24 20:00", "until the minute"},
      {32, "2026-11-23 10:00", false, "2026-11-25 09:00", "on leave; then by the calendar"},
      {33, "2026-11-23 11:00", true, "2026-11-23 11:00", "by the roster"},
      {33, "2026-11-23 12:30", false, "2026-11-23 14:00", "leave within a shift"},
      {33, "2026-11-23 20:00", false, "-", "no further shift"},
      {34, "2026-11-23 10:00", true, "2026-11-23 10:00", "no roster: while the calendar is open"},
      {34, "2026-11-28 10:00", false, "2026-11-30 09:00", "no roster: not on a Saturday"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(is_on_duty(member(row.staff), roster, calendar, at(row.now)), row.on) << row.name;
    const auto next = next_duty({member(row.staff)}, roster, calendar, at(row.now));
    EXPECT_EQ(next ? wall(*next) : "-", row.next) << row.name;
  }
  auto gone = member(34);
  gone.disabled = true;
  EXPECT_FALSE(is_on_duty(gone, roster, calendar, at("2026-11-23 10:00")));
  EXPECT_FALSE(next_duty({gone}, roster, calendar, at("2026-11-23 10:00")));
  EXPECT_EQ(on_duty({member(31), member(33), member(34)}, roster, calendar, at("2026-11-23 11:00")),
            (std::vector{StaffId{33}, StaffId{34}}));
}

TEST(Assignment, FormerHandsAreThoseBeforeTheReopening) {
  Life life("2026-11-23 10:00");
  life.agent("2026-11-23 10:05", accept).agent("2026-11-23 11:00", complete, "修好了");
  EXPECT_TRUE(former_hands(life.history).empty());
  life.owner("2026-11-23 12:00", reopen);
  EXPECT_EQ(former_hands(life.history), std::vector{kZhang});
  life.by(Role::agent, "2026-11-23 12:05", {.kind = accept}, kLi);
  EXPECT_EQ(former_hands(life.history), std::vector{kZhang});
  life.by(Role::agent, "2026-11-23 12:10", {.kind = send_back, .text = "不会修"}, kLi);
  EXPECT_EQ(former_hands(life.history), (std::vector{kZhang, kLi}));
}

TEST(Assignment, TheQueueGivesTheUrgentThenTheOldest) {
  EXPECT_EQ(first_in_queue({}), nullptr);
  std::vector<Ticket> waiting(3);
  for (std::size_t i = 0; i < 3; ++i) {
    waiting[i].id = TicketId{static_cast<std::int64_t>(i) + 1};
    waiting[i].opened = at("2026-11-23 10:00") - std::chrono::hours(i);
  }
  EXPECT_EQ(first_in_queue(waiting)->id, TicketId{3});
  waiting[0].priority = Priority::urgent;
  EXPECT_EQ(first_in_queue(waiting)->id, TicketId{1});
}

TEST(Receivers, AreReadAndWritten) {
  for (const auto* text : {"assignee", "duty", "group", "lead", "manager", "dispatcher", "wecom:staff/zhang"})
    EXPECT_EQ(to_string(parse_receiver(text).value()), text);
  for (const auto* bad : {"", "boss", "/x", "wecom:staff/"}) EXPECT_FALSE(parse_receiver(bad)) << bad;
}

std::string describe(const Addressees& all) {
  std::string out;
  for (const auto id : all.staff) out += (out.empty() ? "" : " ") + std::to_string(id.value);
  for (const auto& to : all.destinations) out += (out.empty() ? "" : " ") + to;
  return out;
}

TEST(Receivers, FindSomebodyWhereThereIsOne) {
  auto lead = member(40, StaffRole::manager);
  lead.name = "王主管";
  const std::vector all = {member(31),
                           member(32),
                           lead,
                           member(41, StaffRole::manager, DepartmentId{9}),
                           member(50, StaffRole::dispatcher, DepartmentId{}),
                           member(60, StaffRole::admin, DepartmentId{})};
  const Department department{.id = kRepairs, .lead = "王主管", .groups = {"wecom:group/repair"}};
  const Department leaderless{.id = DepartmentId{7}};
  Ticket held;
  held.assignee = StaffId{31};
  struct {
    const char* name;
    std::vector<const char*> to;
    Ticket ticket;
    const Department* department;
    std::vector<Staff> staff;
    std::vector<StaffId> on_duty;
    const char* expect;
  } const table[] = {
      {"who has it", {"assignee"}, held, &department, all, {}, "31"},
      {"nobody has: those on duty", {"assignee"}, {}, &department, all, {StaffId{32}}, "32"},
      {"nobody is on duty: the lead", {"assignee"}, {}, &department, all, {}, "40"},
      {"each once",
       {"assignee", "duty", "lead", "lead"},
       held,
       &department,
       all,
       {StaffId{31}, StaffId{32}},
       "31 32 40"},
      {"no lead: all managers", {"lead"}, held, &leaderless, all, {}, "40 41"},
      {"no department: all managers", {"lead"}, held, nullptr, all, {}, "40 41"},
      {"no manager: the admins", {"manager"}, held, &department, {member(31), all[5]}, {}, "60"},
      {"no dispatcher: the managers", {"dispatcher"}, held, &department, {member(31), lead}, {}, "40"},
      {"the dispatchers", {"dispatcher"}, held, &department, all, {}, "50"},
      {"groups and destinations",
       {"group", "sms:ops/+8613800138000"},
       held,
       &department,
       all,
       {},
       "wecom:group/repair sms:ops/+8613800138000"},
      {"nobody at all", {"manager"}, held, &department, {}, {}, ""},
  };
  for (const auto& row : table) {
    std::vector<Receiver> receivers;
    for (const auto* to : row.to) receivers.push_back(parse_receiver(to).value());
    EXPECT_EQ(describe(resolve(receivers, row.ticket, row.department, row.staff, row.on_duty)), row.expect) << row.name;
  }
  auto gone = all;
  gone[0].disabled = true;
  EXPECT_EQ(describe(resolve({{Receiver::Kind::assignee, {}}}, held, &department, gone, {})), "40")
      << "who left is not written to";
}

}  // namespace
}  // namespace huiyin::tickets
