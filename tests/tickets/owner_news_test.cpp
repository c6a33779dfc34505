#include "tickets/owner_news.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/tickets/life.h"
#include "tickets/urging.h"

namespace huiyin::tickets {
namespace {

using namespace std::chrono_literals;
using enum ActionKind;

/// What the owner hears of each row, in order.
std::string heard(const Life& life) {
  std::string out;
  for (std::size_t rows = 1; rows <= life.history.size(); ++rows) {
    const auto news =
        news_of(life.ticket, {life.history.begin(), life.history.begin() + static_cast<std::ptrdiff_t>(rows)});
    if (!news) continue;
    if (!out.empty()) out += ' ';
    out += to_string(news->kind);
    if (news->wait > 0ms) out += "(waits)";
    if (news->is_result) out += "!";
    if (news->urgent) out += "(urgent)";
  }
  return out;
}

Life given() { return Life("2026-11-23 10:00").system("2026-11-23 10:00", assign); }
Life accepted() { return given().agent("2026-11-23 10:05", accept); }

TEST(OwnerNews, WhatAnOwnerHears) {
  const Action done{.kind = complete, .text = "换了水管", .told_by = "phone"};
  struct {
    const char* name;
    Life life;
    const char* expect;
  } const table[] = {
      {"he opened it himself", Life("2026-11-23 10:00"), ""},
      {"the ordinary way", accepted().by(Role::agent, "2026-11-23 12:00", done),
       "assigned(waits) accepted(waits) result!"},
      {"what is inside the house is not told",
       accepted()
           .agent("2026-11-23 10:30", inspect, "看过")
           .agent("2026-11-23 10:40", plan, "换管")
           .agent("2026-11-23 10:41", note, "难"),
       "assigned(waits) accepted(waits)"},
      {"at most three, and the last is for a visit",
       accepted()
           .agent("2026-11-23 10:30", progress, "一")
           .agent("2026-11-23 10:40", progress, "二")
           .agent("2026-11-23 10:50", arrange_visit, "下午3点")
           .agent("2026-11-23 10:55", arrange_visit, "下午4点")
           .by(Role::agent, "2026-11-23 12:00", done),
       "assigned(waits) accepted(waits) visit result!"},
      {"to other hands: once is enough",
       accepted()
           .by(Role::dispatcher, "2026-11-23 10:30", {.kind = assign, .staff = kLi})
           .by(Role::agent, "2026-11-23 10:35", {.kind = accept}, kLi),
       "assigned(waits) accepted(waits)"},
      {"that it waits, and for what",
       accepted().agent("2026-11-23 10:30", suspend, "等配件").agent("2026-11-23 12:30", resume),
       "assigned(waits) accepted(waits) waiting"},
      {"it cannot be done", given().by(Role::manager, "2026-11-23 10:30", {.kind = close, .text = "不属于物业"}),
       "assigned(waits) not_done!"},
      {"closed after the result: he heard",
       accepted().by(Role::agent, "2026-11-23 12:00", done).system("2026-11-26 12:00", close),
       "assigned(waits) accepted(waits) result!"},
      {"words of who has it, always",
       accepted()
           .agent("2026-11-23 10:30", tell, "在家吗")
           .agent("2026-11-23 10:31", tell, "我到了")
           .agent("2026-11-23 10:32", tell, "请开门"),
       "assigned(waits) accepted(waits) message message message"},
      {"his own doing is no news",
       accepted()
           .owner("2026-11-23 10:30", tell, "在家")
           .owner("2026-11-23 10:31", urge)
           .owner("2026-11-23 10:32", withdraw),
       "assigned(waits) accepted(waits)"},
      {"withdrawn for him", given().by(Role::dispatcher, "2026-11-23 10:30", {.kind = withdraw}),
       "assigned(waits) withdrawn"},
      {"out of scope",
       given().by(Role::dispatcher, "2026-11-23 10:30", {.kind = mark_out_of_scope, .text = "请找燃气公司"}),
       "assigned(waits) out_of_scope"},
      {"ours after all",
       given()
           .by(Role::dispatcher, "2026-11-23 10:30", {.kind = mark_out_of_scope, .text = "请找燃气公司"})
           .by(Role::manager, "2026-11-23 11:30", {.kind = reopen}),
       "assigned(waits) out_of_scope in_scope"},
      {"known already", given().by(Role::system, "2026-11-23 10:30", {.kind = merge, .target = TicketId{5}}),
       "assigned(waits) merged"},
      {"reopened by him: told anew who has it",
       accepted()
           .by(Role::agent, "2026-11-23 12:00", done)
           .owner("2026-11-23 13:00", reopen)
           .by(Role::agent, "2026-11-23 13:05", {.kind = accept}, kLi),
       "assigned(waits) accepted(waits) result! accepted(waits)"},
      {"reminders and escalations are the house's own",
       given().system("2026-11-23 10:20", remind, "respond 75").system("2026-11-23 10:30", escalate, "respond 100"),
       "assigned(waits)"},
  };
  for (const auto& row : table) EXPECT_EQ(heard(row.life), row.expect) << row.name;
}

TEST(OwnerNews, AnUrgentOneWaitsForNothing) {
  auto life = accepted();
  life.ticket.priority = Priority::urgent;
  EXPECT_EQ(heard(life), "assigned(urgent) accepted(urgent)");
}

TEST(OwnerNews, WhoeverPhonedHasNoPeerToTell) {
  auto life = accepted();
  life.ticket.peer = {};
  EXPECT_EQ(heard(life), "");
}

std::string describe(const Urging& urging) {
  std::string out = std::to_string(urging.count) + (urging.counts ? "" : " too soon");
  for (const auto& receiver : urging.tell) out += " >" + to_string(receiver);
  return out;
}

TEST(Urging, FirstWhoHasItThenTheLeadThenTheManager) {
  struct {
    const char* name;
    Life life;
    const char *now, *expect;
  } const table[] = {
      {"the first", accepted(), "2026-11-23 11:00", "1 >assignee"},
      {"the second", accepted().owner("2026-11-23 11:00", urge), "2026-11-23 11:30", "2 >assignee >lead"},
      {"taps that follow closely are one", accepted().owner("2026-11-23 11:00", urge), "2026-11-23 11:29",
       "1 too soon"},
      {"the third", accepted().owner("2026-11-23 11:00", urge).owner("2026-11-23 12:00", urge), "2026-11-23 13:00",
       "3 >lead >manager"},
      {"and any further",
       accepted().owner("2026-11-23 11:00", urge).owner("2026-11-23 12:00", urge).owner("2026-11-23 13:00", urge),
       "2026-11-23 14:00", "4 >lead >manager"},
      {"a reopening begins anew",
       accepted()
           .owner("2026-11-23 11:00", urge)
           .agent("2026-11-23 12:00", complete, "好了")
           .owner("2026-11-23 12:10", reopen),
       "2026-11-23 12:20", "1 >assignee"},
  };
  for (const auto& row : table)
    EXPECT_EQ(describe(weigh_urging(row.life.history, at(row.now))), row.expect) << row.name;
}

}  // namespace
}  // namespace huiyin::tickets
