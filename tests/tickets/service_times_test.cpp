#include "tickets/service_times.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/tickets/life.h"

namespace huiyin::tickets {
namespace {

using namespace std::chrono_literals;
using enum ActionKind;

/// Repairs: 30 minutes and 16 hours of eight-hour days; urgent 10 minutes and 4 hours round the clock; high 20 min, 4
/// h.
ServiceTimes times() {
  ServiceTimes out;
  out.rules = {{.priority = Priority::urgent, .respond = 10min, .resolve = 4h, .round_the_clock = true},
               {.kind = {Category::repair, "elevator"}, .respond = 15min, .resolve = 8h},
               {.priority = Priority::high, .respond = 20min, .resolve = 4h},
               {.kind = {Category::repair, {}}, .respond = 30min, .resolve = 16h}};
  return out;
}

std::string written(const std::optional<Time>& time) { return time ? wall(*time) : "-"; }

/// `respond_by resolve_by`, and who was in time.
std::string told(const Life& life) {
  static const auto kCalendar = chinese_calendar();
  const auto all = deadlines(life.ticket, life.history, times(), kCalendar);
  std::string out = written(all.respond_by) + " | " + written(all.resolve_by);
  if (all.is_paused) out += " paused";
  if (all.responded) out += all.is_respond_met() ? " responded" : " responded late";
  if (all.resolved) out += all.is_resolve_met() ? " resolved" : " resolved late";
  return out;
}

Action raise(Priority priority) { return {.kind = set_priority, .priority = priority}; }

TEST(ServiceTimes, AreAFunctionOfTheHistory) {
  const auto monday = [] { return Life("2026-11-23 10:00"); };
  struct {
    const char* name;
    Life life;
    const char* expect;
  } const table[] = {
      {"opened in the morning", monday(), "2026-11-23 10:30 | 2026-11-25 10:00"},
      {"opened at night", Life("2026-11-23 23:00"), "2026-11-24 09:30 | 2026-11-25 18:00"},
      {"opened before the long holiday", Life("2026-09-30 17:45"), "2026-10-08 09:15 | 2026-10-09 17:45"},
      {"opened on 31 December", Life("2026-12-31 17:50"), "2027-01-01 09:20 | 2027-01-04 17:50"},
      {"a lift is more pressing", Life("2026-11-23 10:00", Category::repair, "elevator"),
       "2026-11-23 10:15 | 2026-11-24 10:00"},
      {"other categories have the times otherwise", Life("2026-11-23 10:00", Category::service),
       "2026-11-23 10:30 | 2026-11-26 10:00"},
      {"accepted in time", monday().agent("2026-11-23 10:20", accept), "2026-11-23 10:30 | 2026-11-25 10:00 responded"},
      {"accepted late", monday().agent("2026-11-23 10:31", accept),
       "2026-11-23 10:30 | 2026-11-25 10:00 responded late"},
      {"done in time", monday().agent("2026-11-23 10:20", accept).agent("2026-11-25 10:00", complete, "修好了"),
       "2026-11-23 10:30 | 2026-11-25 10:00 responded resolved"},
      {"done a minute late", monday().agent("2026-11-23 10:20", accept).agent("2026-11-25 10:01", complete, "修好了"),
       "2026-11-23 10:30 | 2026-11-25 10:00 responded resolved late"},
      {"suspended: it stands still",
       monday().agent("2026-11-23 10:20", accept).agent("2026-11-23 11:00", suspend, "等配件"),
       "2026-11-23 10:30 | - paused responded"},
      {"resumed: five open hours later",
       monday()
           .agent("2026-11-23 10:20", accept)
           .agent("2026-11-23 11:00", suspend, "等配件")
           .agent("2026-11-23 17:00", resume),
       "2026-11-23 10:30 | 2026-11-25 16:00 responded"},
      {"suspended over night and a weekend costs nothing",
       Life("2026-11-27 10:00")
           .agent("2026-11-27 10:20", accept)
           .agent("2026-11-27 18:00", suspend, "等业主")
           .agent("2026-11-30 09:00", resume),
       "2026-11-27 10:30 | 2026-12-01 10:00 responded"},
      {"suspended twice",
       monday()
           .agent("2026-11-23 10:20", accept)
           .agent("2026-11-23 11:00", suspend, "等配件")
           .agent("2026-11-23 12:00", resume)
           .agent("2026-11-23 14:00", suspend, "等业主")
           .agent("2026-11-23 15:00", resume),
       "2026-11-23 10:30 | 2026-11-25 12:00 responded"},
      {"suspended after its time",
       monday().agent("2026-11-23 10:20", accept).agent("2026-11-26 10:00", suspend, "等配件"),
       "2026-11-23 10:30 | 2026-11-25 10:00 paused responded"},
      {"sent back: somebody has to take it anew",
       monday().agent("2026-11-23 10:20", accept).agent("2026-11-23 14:00", send_back, "不会修"),
       "2026-11-23 14:30 | 2026-11-25 10:00"},
      {"reopened: all begins anew",
       monday()
           .agent("2026-11-23 10:20", accept)
           .agent("2026-11-23 11:00", complete, "修好了")
           .owner("2026-11-25 08:00", reopen, "又漏了"),
       "2026-11-25 09:30 | 2026-11-26 18:00"},
      {"raised to urgent: from that moment", monday().by(Role::dispatcher, "2026-11-23 22:00", raise(Priority::urgent)),
       "2026-11-23 10:30 | 2026-11-24 02:00"},
      {"raised shortly before its time: no more time than before",
       monday().by(Role::dispatcher, "2026-11-24 16:00", raise(Priority::high)), "2026-11-23 10:30 | 2026-11-25 10:00"},
      {"urged: as raised to high", monday().owner("2026-11-23 13:00", urge), "2026-11-23 10:30 | 2026-11-23 17:00"},
      {"urged again: counted once", monday().owner("2026-11-23 13:00", urge).owner("2026-11-23 15:00", urge),
       "2026-11-23 10:30 | 2026-11-23 17:00"},
      {"lowered again: the longer time from the start",
       monday()
           .by(Role::dispatcher, "2026-11-23 10:05", raise(Priority::urgent))
           .by(Role::dispatcher, "2026-11-23 10:10", raise(Priority::normal)),
       "2026-11-23 10:30 | 2026-11-25 10:00"},
      {"withdrawn: nothing is due", monday().owner("2026-11-23 11:00", withdraw), "- | -"},
  };
  for (const auto& row : table) EXPECT_EQ(told(row.life), row.expect) << row.name;
}

TEST(ServiceTimes, DangerKnowsNoNight) {
  Life life("2026-10-01 02:00");
  life.ticket.priority = Priority::urgent;
  life.ticket.danger = "gas";
  EXPECT_EQ(told(life), "2026-10-01 02:10 | 2026-10-01 06:00");
}

TEST(ServiceTimes, BeginWithThePriorityThatItWasOpenedWith) {
  Ticket draft;
  draft.priority = Priority::low;
  auto opened = open_ticket(std::move(draft), HistoryId{1}, {.role = Role::operator_}, Time{}, {});
  Life life("2026-11-23 10:00");
  life.ticket.priority = Priority::low;
  life.history.front() = opened.history;
  life.owner("2026-11-23 13:00", urge);
  EXPECT_EQ(life.ticket.priority, Priority::normal);
  EXPECT_EQ(first_priority(life.ticket, life.history), Priority::low);
}

TEST(ServiceTimes, ThePercentOfATime) {
  const auto calendar = chinese_calendar();
  const Life life("2026-11-23 10:00");
  struct {
    Limit limit;
    int percent;
    const char* expect;
  } const table[] = {{Limit::respond, 50, "2026-11-23 10:15"},  {Limit::respond, 100, "2026-11-23 10:30"},
                     {Limit::respond, 200, "2026-11-23 11:00"}, {Limit::resolve, 75, "2026-11-24 15:00"},
                     {Limit::resolve, 100, "2026-11-25 10:00"}, {Limit::resolve, 150, "2026-11-26 10:00"}};
  for (const auto& row : table)
    EXPECT_EQ(written(moment_at(row.limit, row.percent, life.ticket, life.history, times(), calendar)), row.expect)
        << row.percent;
}

TEST(ServiceTimes, AreWrittenIntoTheTicket) {
  const Life life("2026-11-23 10:00");
  const auto ticket = with_deadlines(life.ticket, life.history, times(), chinese_calendar());
  EXPECT_EQ(written(ticket.respond_by), "2026-11-23 10:30");
  EXPECT_EQ(written(ticket.resolve_by), "2026-11-25 10:00");
}

TEST(ServiceTimes, ThoseShippedHaveARuleForEverything) {
  const auto shipped = default_service_times();
  for (const auto category : {Category::repair, Category::cleaning, Category::service, Category::security,
                              Category::internal, Category::out_of_scope, Category::none})
    for (const auto priority : {Priority::low, Priority::normal, Priority::high, Priority::urgent}) {
      Ticket ticket;
      ticket.category = category;
      const auto& rule = rule_for(shipped, ticket, priority);
      EXPECT_GT(rule.respond, 0ms);
      EXPECT_GT(rule.resolve, rule.respond);
      EXPECT_EQ(rule.round_the_clock, priority == Priority::urgent);
    }
}

}  // namespace
}  // namespace huiyin::tickets
