#include "tickets/steps.h"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>

#include "tests/tickets/life.h"
#include "tickets/audit.h"

namespace huiyin::tickets {
namespace {

using namespace std::chrono_literals;
using enum ActionKind;

LifeRules rules() {
  LifeRules out;
  out.times.rules = {{.priority = Priority::urgent, .respond = 10min, .resolve = 4h, .round_the_clock = true},
                     {.respond = 40min, .resolve = 16h}};
  out.calendar = chinese_calendar();
  return out;
}
const LifeRules kRules = rules();

std::string describe(const std::vector<Step>& steps) {
  std::string out;
  for (const auto& step : steps) {
    if (!out.empty()) out += "; ";
    out += wall(step.due).substr(5) + " " + std::string(to_string(step.kind)) + " " + step.key;
    for (const auto& receiver : step.tell) out += " >" + to_string(receiver);
  }
  return out;
}

std::optional<Survey> asked_at(const char* when, const char* answered = nullptr) {
  Survey survey{.id = SurveyId{1}, .ticket = TicketId{77}, .peer = kWang, .closing = 1, .asked = at(when)};
  survey.expires = survey.asked + 72h;
  if (answered != nullptr) survey.answered = at(answered);
  return survey;
}

struct Case {
  const char* name;
  Life life;
  const char* now;
  const char* due;
  const char* wake;
  std::optional<Survey> survey{};
  const char* duty = "2026-11-23 09:00";
  bool by_hand = false;
};

Life handed_out() { return Life("2026-11-23 10:00").system("2026-11-23 10:00", assign); }
Life accepted() { return handed_out().agent("2026-11-23 10:05", accept); }
Life done() { return accepted().agent("2026-11-23 11:00", complete, "修好了"); }
Life urgent() {
  Life life("2026-11-23 02:00");
  life.ticket.priority = Priority::urgent;
  life.ticket.danger = "gas";
  return life.system("2026-11-23 02:00", assign);
}

const Case kCases[] = {
    {"somebody is on duty: it is handed out at once", Life("2026-11-23 10:00"), "2026-11-23 10:00",
     "11-23 10:00 hand_out hand_out 1", "2026-11-23 10:05"},
    {"nobody is: the dispatcher hears of it, and it is handed out when somebody comes",
     Life("2026-11-22 10:00"),
     "2026-11-22 10:00",
     "11-22 10:00 alarm_unattended unattended 1 >dispatcher",
     "2026-11-22 10:05",
     {},
     "2026-11-23 09:00"},
    {"and hears of it once", Life("2026-11-22 10:00").system("2026-11-22 10:00", escalate, "unattended 1"),
     "2026-11-22 10:00", "", "2026-11-23 09:00"},
    {"on Monday it is handed out", Life("2026-11-22 10:00").system("2026-11-22 10:00", escalate, "unattended 1"),
     "2026-11-23 09:00", "11-23 09:00 hand_out hand_out 1", "2026-11-23 09:05"},
    {"nobody will be for a fortnight: the ladder stays",
     Life("2026-11-23 10:00").system("2026-11-23 10:00", escalate, "unattended 1"),
     "2026-11-23 10:01",
     "",
     "2026-11-23 10:30",
     {},
     nullptr},
    {"a dispatcher's department is not handed out by itself",
     Life("2026-11-23 10:00"),
     "2026-11-23 10:00",
     "",
     "2026-11-23 10:30",
     {},
     "2026-11-23 09:00",
     true},
    {"sent back: a dispatcher's from then on", accepted().agent("2026-11-23 10:10", send_back, "不会修"),
     "2026-11-23 10:10", "", "2026-11-23 10:40"},
    {"handed out: a reminder at three quarters", handed_out(), "2026-11-23 10:30",
     "11-23 10:30 remind respond 75 >assignee >group", "2026-11-23 10:35"},
    {"reminded: next the escalation", handed_out().system("2026-11-23 10:30", remind, "respond 75"), "2026-11-23 10:30",
     "", "2026-11-23 10:40"},
    {"escalated to the lead", handed_out().system("2026-11-23 10:30", remind, "respond 75"), "2026-11-23 10:41",
     "11-23 10:40 escalate respond 100 >assignee >lead >dispatcher", "2026-11-23 10:46"},
    {"the daemon was away for hours: the gravest stands for all", handed_out(), "2026-11-23 15:00",
     "11-23 11:20 escalate respond 200 >lead >manager", "2026-11-23 15:05"},
    {"and nothing lower comes after it", handed_out().system("2026-11-23 15:00", escalate, "respond 200"),
     "2026-11-23 15:00", "", "2026-11-24 15:00"},
    {"accepted: only the time to resolve runs", accepted(), "2026-11-24 15:00",
     "11-24 15:00 remind resolve 75 >assignee", "2026-11-24 15:05"},
    {"past the ladder's end: once a day, not on a weekend",
     accepted().system("2026-11-27 10:00", escalate, "resolve 150"), "2026-11-27 10:00", "", "2026-11-30 09:00"},
    {"and again",
     accepted().system("2026-11-26 10:00", escalate, "resolve 150").system("2026-11-27 10:00", escalate, "overdue 1"),
     "2026-11-30 09:00", "11-30 09:00 escalate overdue 2 >assignee >lead", "2026-11-30 09:05"},
    {"suspended: brought to mind after three days", accepted().agent("2026-11-23 11:00", suspend, "等配件"),
     "2026-11-26 11:00", "11-26 11:00 remind suspended 1 >assignee >lead", "2026-11-26 11:05"},
    {"and again three days later",
     accepted().agent("2026-11-23 11:00", suspend, "等配件").system("2026-11-26 11:00", remind, "suspended 1"),
     "2026-11-26 11:00", "", "2026-11-29 11:00"},
    {"urgent and not taken: again and further up after five minutes, in the night", urgent(), "2026-11-23 02:05",
     "11-23 02:05 repeat_urgent urgent 1 >duty >group >lead >dispatcher", "2026-11-23 02:07"},
    {"at the top after ten", urgent().system("2026-11-23 02:05", escalate, "urgent 1"), "2026-11-23 02:10",
     "11-23 02:10 escalate respond 100 >assignee >lead >dispatcher; "
     "11-23 02:10 repeat_urgent urgent 2 >duty >group >lead >dispatcher >manager",
     "2026-11-23 02:15"},
    {"at the top: every half hour until somebody takes it",
     urgent()
         .system("2026-11-23 02:05", escalate, "urgent 1")
         .system("2026-11-23 02:10", escalate, "urgent 2")
         .system("2026-11-23 02:45", escalate, "urgent 3")
         .system("2026-11-23 02:45", escalate, "respond 200")
         .system("2026-11-23 02:45", escalate, "resolve 150"),
     "2026-11-23 02:45", "", "2026-11-23 03:15"},
    {"taken: it is quiet", urgent().agent("2026-11-23 02:06", accept), "2026-11-23 02:20", "", "2026-11-23 05:00"},
    {"done: closed after three days", done(), "2026-11-23 11:00", "", "2026-11-26 11:00"},
    {"the survey is reminded of once", done(), "2026-11-24 07:00", "11-24 07:00 remind_survey reminded 1",
     "2026-11-24 07:05", asked_at("2026-11-23 11:00")},
    {"once", done().system("2026-11-24 07:00", survey, "reminded 1"), "2026-11-24 07:00", "", "2026-11-26 11:00",
     asked_at("2026-11-23 11:00")},
    {"it expires, and the ticket closes", done().system("2026-11-24 07:00", survey, "reminded 1"), "2026-11-26 11:00",
     "11-26 11:00 expire_survey expired 1; 11-26 11:00 close close 1", "2026-11-26 11:05",
     asked_at("2026-11-23 11:00")},
    {"a daemon that was away reminds of nothing that has expired", done(), "2026-11-27 11:00",
     "11-26 11:00 expire_survey expired 1; 11-26 11:00 close close 1", "2026-11-27 11:05",
     asked_at("2026-11-23 11:00")},
    {"answered: nothing is left but to close", done(), "2026-11-24 07:00", "", "2026-11-26 11:00",
     asked_at("2026-11-23 11:00", "2026-11-23 12:00")},
    {"closed and answered: no timer", done().owner("2026-11-23 12:00", close), "2026-11-23 12:00", "", "-",
     asked_at("2026-11-23 11:00", "2026-11-23 12:00")},
    {"reopened: the survey of the closing before is void", done().owner("2026-11-23 12:00", reopen), "2026-11-23 12:00",
     "11-23 12:00 hand_out hand_out 1; 11-23 12:00 expire_survey expired 1", "2026-11-23 12:05",
     asked_at("2026-11-23 11:00")},
    {"a call-back is due within eight open hours",
     done().owner("2026-11-23 12:00", close).system("2026-11-23 12:00", ask_call_back, "1 分"), "2026-11-24 12:00",
     "11-24 12:00 urge_call_back call_back 1 >lead >manager", "2026-11-24 12:05"},
    {"and again",
     done()
         .owner("2026-11-23 12:00", close)
         .system("2026-11-23 12:00", ask_call_back, "1 分")
         .system("2026-11-24 12:00", escalate, "call_back 1"),
     "2026-11-24 12:00", "", "2026-11-25 12:00"},
    {"called: no timer",
     done()
         .owner("2026-11-23 12:00", close)
         .system("2026-11-23 12:00", ask_call_back, "1 分")
         .by(Role::dispatcher, "2026-11-23 14:00", {.kind = call_back, .text = "已解释"}),
     "2026-11-24 12:00", "", "-"},
    {"withdrawn: no timer", handed_out().owner("2026-11-23 10:20", withdraw), "2026-11-23 10:20", "", "-"},
};

TEST(Steps, WhatIsDueAndWhenTheTimerFiresNext) {
  for (const auto& row : kCases) {
    const LifeFacts facts{.ticket = row.life.ticket,
                          .history = row.life.history,
                          .survey = row.survey,
                          .duty = row.duty == nullptr ? std::nullopt : std::optional(at(row.duty)),
                          .by_hand = row.by_hand};
    EXPECT_EQ(describe(due_now(facts, kRules, at(row.now))), row.due) << row.name;
    const auto wake = next_wake(facts, kRules, at(row.now));
    EXPECT_EQ(wake ? wall(*wake) : "-", row.wake) << row.name;
  }
}

/// Takes every step that is due as the gateway does, and returns how many.
int take_due(Life& life, const std::optional<Survey>& survey, Time now) {
  const LifeFacts facts{.ticket = life.ticket, .history = life.history, .survey = survey, .duty = now};
  int taken = 0;
  for (const auto& step : due_now(facts, kRules, now)) {
    if (const auto action = action_of(step))
      life.by(Role::system, wall(now), *action);
    else
      life.system(wall(now), assign);
    ++taken;
  }
  return taken;
}

// A timer that fires twice, or late, or too early, does nothing twice.
TEST(Steps, EachHappensOnce) {
  Life life("2026-11-23 10:00");
  std::map<std::string, int> said;
  for (auto now = at("2026-11-23 10:00"); now < at("2026-12-07 00:00"); now += 7min) {
    take_due(life, {}, now);
    EXPECT_EQ(take_due(life, {}, now), 0) << wall(now);
  }
  for (const auto& row : life.history) ++said[row.action + " " + row.text];
  for (const auto& [what, times] : said) EXPECT_EQ(times, 1) << what;
  for (const auto* what : {"remind respond 75", "escalate respond 100", "escalate respond 200", "remind resolve 75",
                           "escalate resolve 100", "escalate resolve 150", "escalate overdue 5"})
    EXPECT_EQ(said[what], 1) << what;
}

// Whatever happens to a ticket, its timer wakes later than now, and comes to an end.
TEST(Steps, ATimerNeverSpinsAndEndsWithTheTicket) {
  std::mt19937_64 random(7);
  for (int run = 0; run < 200; ++run) {
    Life life("2026-11-23 10:00");
    auto now = at("2026-11-23 10:00");
    for (int turn = 0; turn < 40; ++turn) {
      take_due(life, {}, now);
      const LifeFacts facts{.ticket = life.ticket, .history = life.history, .duty = now};
      const auto wake = next_wake(facts, kRules, now);
      const bool is_over = !is_active(life.ticket.status) && life.ticket.status != TicketStatus::resolved;
      ASSERT_EQ(wake.has_value(), !is_over);
      if (!wake) break;
      ASSERT_GT(*wake, now);
      now = random() % 3 == 0 ? *wake : now + std::chrono::minutes(1 + random() % 600);
      const Doer doer{.role = random() % 2 == 0 ? Role::agent : Role::owner, .id = 31, .peer = kWang};
      const auto allowed = allowed_actions(life.ticket, doer, now, {});
      if (allowed.empty()) continue;
      Action action{.kind = allowed[random() % allowed.size()], .text = "好", .told_by = "phone", .staff = kZhang};
      if (auto change = apply(life.ticket, action, HistoryId{1}, doer, now, {})) {
        life.ticket = change->ticket;
        life.history.push_back(change->history);
      }
    }
  }
}

TEST(Steps, EveryActionOfTheSystemIsAllowed) {
  for (const auto& row : kCases) {
    const LifeFacts facts{
        .ticket = row.life.ticket, .history = row.life.history, .survey = row.survey, .duty = at(row.now)};
    for (const auto& step : due_now(facts, kRules, at(row.now)))
      if (const auto action = action_of(step)) {
        EXPECT_TRUE(apply(row.life.ticket, *action, HistoryId{1}, {.role = Role::system}, at(row.now), {})) << row.name;
      }
  }
}

}  // namespace
}  // namespace huiyin::tickets
