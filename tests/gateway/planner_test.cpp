#include "gateway/planner.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "core/overloaded.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr Time kNoon = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}} + 4h;  // in Asia/Shanghai
const Peer kWang{"wechat:main", "oWang"};
const Peer kPhone{"sms:estate", "+8613800138000"};
const Peer kMail{"email:feedback", "wang@mail.test"};
constexpr TicketId kTicket{7};

/// `push[1,2] 甲|乙`, `subscription(T)[1] …`, `later[1]+30min (why)`, `elsewhere[1] sms:estate (why)`, `give_up[1]
/// (why)`; then what the plan spends.
std::string describe(const Plan& plan, Time now) {
  std::string out;
  const auto add = [&out](const std::string& text) { out += (out.empty() ? "" : "; ") + text; };
  for (const auto& step : plan.steps)
    std::visit(Overloaded{[&](const SendNow& send) {
                            std::string ids;
                            for (const auto id : send.rows) ids += (ids.empty() ? "" : ",") + std::to_string(id.value);
                            auto text = send.message.text;
                            for (auto at = text.find("\n\n"); at != std::string::npos; at = text.find("\n\n"))
                              text.replace(at, 2, "|");
                            const auto by = send.template_id.empty() ? "" : "(" + send.template_id + ")";
                            add(fmt::format("{}{}[{}] {}", to_string(send.way), by, ids, text));
                          },
                          [&](const SendLater& later) {
                            const auto wait = std::chrono::duration_cast<std::chrono::seconds>(later.until - now);
                            add(wait % 1min == 0s ? fmt::format("later[{}]+{}min", later.row.value, wait / 1min)
                                                  : fmt::format("later[{}]+{}s", later.row.value, wait.count()));
                          },
                          [&](const SendElsewhere& elsewhere) {
                            add(fmt::format("elsewhere[{}] {}", elsewhere.row.value, elsewhere.to.channel));
                          },
                          [&](const GiveUp& dead) { add(fmt::format("give_up[{}]", dead.row.value)); }},
               step);
  if (plan.conversation) {
    out += " | left";
    for (const auto& window : plan.conversation->windows) out += fmt::format(" {}", window.remaining);
    for (const auto& consent : plan.conversation->consents) out += " " + consent;
  }
  return out;
}

const std::string& why_of(const PlanStep& step) {
  return std::visit([](const auto& any) -> const std::string& { return any.why; }, step);
}

/// A waiting row with the marks that a test names; `text` also tells the rows apart.
OutboxRow row(int id, const std::string& text) {
  OutboxRow out{.id = OutboxId{id}, .created = kNoon - 1min, .due = kNoon - 1min};
  out.message = {.key = "o" + std::to_string(id), .to = kWang, .template_name = "news", .text = text};
  out.ticket = kTicket;
  return out;
}
OutboxRow named(OutboxRow out, std::string template_name) {
  out.message.template_name = std::move(template_name);
  return out;
}
OutboxRow result(int id, const std::string& text = "修好了") { return named(row(id, text), "resolved"); }
OutboxRow urgent(OutboxRow out) {
  out.urgent = true;
  return out;
}
OutboxRow ordered(OutboxRow out) {
  out.ordered = true;
  return out;
}
OutboxRow answer(OutboxRow out) {
  out.message.answer = true;
  out.ticket = {};
  return out;
}
OutboxRow due(OutboxRow out, Time when) {
  out.due = when;
  return out;
}
OutboxRow created(OutboxRow out, Time when) {
  out.created = when;
  return out;
}
OutboxRow expires(OutboxRow out, Time when) {
  out.expires = when;
  return out;
}
OutboxRow tried(OutboxRow out, int attempts = 1) {
  out.attempts = attempts;
  return out;
}
OutboxRow of_no_ticket(OutboxRow out) {
  out.ticket = {};
  return out;
}
OutboxRow asking(OutboxRow out) {
  out.message.choices = {{"1", "是"}, {"2", "否"}};
  return out;
}

SendingRules wechat() {
  return {.push_windows = true,
          .notices = {{"resolved", Way::subscription, "SUB"}, {"resolved", Way::template_notice, "TPL"}},
          .result_templates = {"resolved", "survey"},
          .max_merged_bytes = 2048};
}
SendingRules without_templates() {
  auto rules = wechat();
  rules.notices = {{"resolved", Way::subscription, "SUB"}};
  return rules;
}
SendingRules unmerged() {
  auto rules = without_templates();
  rules.max_merged_bytes = 0;
  return rules;
}
SendingRules quiet(std::chrono::minutes from, std::chrono::minutes until) {
  auto rules = unmerged();
  rules.quiet_from = from;
  rules.quiet_until = until;
  return rules;
}
SendingRules sms() { return {.quiet_from = 21h, .quiet_until = 8h, .max_merged_bytes = 300}; }

Conversation windows(std::vector<PushWindow> open) {
  return {.peer = kWang, .last_inbound = kNoon - 1h, .windows = std::move(open)};
}
Conversation left(int pushes) { return windows({{kNoon + 47h, pushes}}); }
Conversation with_consents(int pushes, std::vector<std::string> consents) {
  auto out = left(pushes);
  out.consents = std::move(consents);
  return out;
}
Conversation gone() {
  auto out = left(5);
  out.gone = true;
  return out;
}
Conversation opted_out() {
  auto out = left(5);
  out.opted_out = true;
  return out;
}
Conversation with_human() {
  auto out = left(5);
  out.with_human = true;
  return out;
}
Conversation here_at(Time when) {
  auto out = left(5);
  out.last_inbound = when;
  return out;
}

const std::vector<OtherPeer> kBoth{{kPhone, 5}, {kMail, 0}};
const std::vector<OtherPeer> kSmsOnly{{kPhone, 5}};
constexpr Time kNight = kNoon + 11h;        // 23:00
constexpr Time kSmallHours = kNoon + 15h;   // 03:00
constexpr Time kEightOClock = kNoon + 20h;  // 08:00 of the next day
constexpr Time kTenAtNight = kNoon + 9h + 59min;

struct Case {
  const char* name;
  SendingRules rules;
  Situation situation;
  const char* expect;

  friend void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }
};

const Case kPushes[] = {
    {"nothing waits", wechat(), {.conversation = left(5)}, ""},
    {"a push of five", wechat(), {.conversation = left(5), .rows = {row(1, "甲")}}, "push[1] 甲 | left 4"},
    {"the last but one", wechat(), {.conversation = left(2), .rows = {row(1, "甲")}}, "push[1] 甲 | left 1"},
    {"the last is kept", wechat(), {.conversation = left(1), .rows = {row(1, "甲")}}, "later[1]+30min"},
    {"the last is the result's", wechat(), {.conversation = left(1), .rows = {result(1)}}, "push[1] 修好了 | left"},
    {"the survey is a result too",
     wechat(),
     {.conversation = left(1), .rows = {named(row(1, "满意吗"), "survey")}},
     "push[1] 满意吗 | left"},
    {"urgent takes the last",
     wechat(),
     {.conversation = left(1), .rows = {urgent(row(1, "快跑"))}},
     "push[1] 快跑 | left"},
    {"the news wait, the result behind them goes",
     unmerged(),
     {.conversation = left(1), .rows = {row(1, "甲"), result(2)}},
     "later[1]+30min; push[2] 修好了 | left"},
    {"two of three go, one is kept",
     unmerged(),
     {.conversation = left(3), .rows = {row(1, "甲"), row(2, "乙"), row(3, "丙")}},
     "push[1] 甲; push[2] 乙; later[3]+30min | left 1"},
    {"the minute after a click is spent first",
     unmerged(),
     {.conversation = windows({{kNoon + 40h, 2}, {kNoon + 30s, 1}}), .rows = {row(1, "甲"), row(2, "乙")}},
     "push[1] 甲; push[2] 乙 | left 1"},
    {"and whole, nothing of it can be kept",
     unmerged(),
     {.conversation = windows({{kNoon + 30s, 2}}), .rows = {row(1, "甲"), row(2, "乙")}},
     "push[1] 甲; push[2] 乙 | left"},
    {"nor of a long window that is about to close",
     wechat(),
     {.conversation = windows({{kNoon + 10min, 1}}), .rows = {row(1, "甲")}},
     "push[1] 甲 | left"},
    {"one that closes in eleven minutes keeps its last",
     wechat(),
     {.conversation = windows({{kNoon + 11min, 1}}), .rows = {row(1, "甲")}},
     "later[1]+30min"},
    {"a window that closes on the way is closed",
     unmerged(),
     {.conversation = windows({{kNoon + 5s, 3}}), .rows = {row(1, "甲")}},
     "later[1]+30min"},
    {"six seconds are enough",
     unmerged(),
     {.conversation = windows({{kNoon + 6s, 3}}), .rows = {row(1, "甲")}},
     "push[1] 甲 | left 2"},
    {"no window", unmerged(), {.conversation = left(0), .rows = {row(1, "甲")}}, "later[1]+30min"},
    {"a channel without windows needs none", sms(), {.conversation = left(0), .rows = {row(1, "甲")}}, "push[1] 甲"},
    {"nor does a staff group", wechat(), {.rows = {row(1, "甲")}}, "push[1] 甲"},
};

const Case kOtherWays[] = {
    {"a consent carries the result",
     wechat(),
     {.conversation = with_consents(0, {"SUB"}), .rows = {result(1)}},
     "subscription(SUB)[1] 修好了 | left"},
    {"a push is taken before a consent",
     wechat(),
     {.conversation = with_consents(1, {"SUB"}), .rows = {result(1)}},
     "push[1] 修好了 | left SUB"},
    {"one consent is one notice; the next goes as a template message",
     wechat(),
     {.conversation = with_consents(0, {"SUB"}), .rows = {result(1, "甲"), result(2, "乙")}},
     "subscription(SUB)[1] 甲; template_notice(TPL)[2] 乙 | left"},
    {"two consents are two notices",
     without_templates(),
     {.conversation = with_consents(0, {"SUB", "SUB"}), .rows = {result(1, "甲"), result(2, "乙")}},
     "subscription(SUB)[1] 甲; subscription(SUB)[2] 乙 | left"},
    {"a consent for another notice is none",
     without_templates(),
     {.conversation = with_consents(0, {"OTHER"}), .rows = {result(1)}},
     "later[1]+30min"},
    {"consent used up, no template: SMS",
     without_templates(),
     {.conversation = with_consents(0, {"SUB"}), .others = kSmsOnly, .rows = {result(1, "甲"), result(2, "乙")}},
     "subscription(SUB)[1] 甲; elsewhere[2] sms:estate | left"},
    {"the cheapest of his peers",
     without_templates(),
     {.conversation = left(0), .others = kBoth, .rows = {result(1)}},
     "elsewhere[1] email:feedback"},
    {"not one that opted out",
     without_templates(),
     {.conversation = left(0), .others = {{kMail, 0, true}, {kPhone, 5}}, .rows = {result(1)}},
     "elsewhere[1] sms:estate"},
    {"not one whose provider has no template for it",
     without_templates(),
     {.conversation = left(0),
      .others = {{kMail, 0, false, std::vector<std::string>{"verify_code"}}, {kPhone, 5}},
      .rows = {result(1)}},
     "elsewhere[1] sms:estate"},
    {"all opted out",
     without_templates(),
     {.conversation = left(0), .others = {{kPhone, 5, true}}, .rows = {result(1)}},
     "later[1]+30min"},
    {"ordinary news are not worth an SMS",
     without_templates(),
     {.conversation = left(0), .others = kSmsOnly, .rows = {row(1, "甲")}},
     "later[1]+30min"},
    {"but a mail that costs nothing",
     without_templates(),
     {.conversation = left(1), .others = kBoth, .rows = {row(1, "甲")}},
     "elsewhere[1] email:feedback"},
    {"what belongs to no ticket stays",
     without_templates(),
     {.conversation = left(0), .others = kBoth, .rows = {of_no_ticket(row(1, "草稿还在"))}},
     "later[1]+30min"},
    {"urgent goes at any cost",
     without_templates(),
     {.conversation = left(0), .others = kSmsOnly, .rows = {urgent(of_no_ticket(row(1, "快跑")))}},
     "elsewhere[1] sms:estate"},
};

const Case kRefusals[] = {
    {"unfollowed: elsewhere",
     wechat(),
     {.conversation = gone(), .others = kBoth, .rows = {row(1, "甲"), result(2)}},
     "elsewhere[1] email:feedback; elsewhere[2] email:feedback"},
    {"unfollowed: ordinary news are not worth an SMS",
     wechat(),
     {.conversation = gone(), .others = kSmsOnly, .rows = {row(1, "甲"), result(2)}},
     "give_up[1]; elsewhere[2] sms:estate"},
    {"unfollowed: what belongs to no ticket goes nowhere",
     wechat(),
     {.conversation = gone(), .others = kBoth, .rows = {of_no_ticket(row(1, "草稿还在"))}},
     "give_up[1]"},
    {"unfollowed, nowhere else", wechat(), {.conversation = gone(), .rows = {result(1)}}, "give_up[1]"},
    {"unfollowed: an answer is not carried elsewhere",
     wechat(),
     {.conversation = gone(), .others = kBoth, .rows = {answer(row(1, "甲"))}},
     "give_up[1]"},
    {"opted out here: elsewhere",
     sms(),
     {.conversation = opted_out(), .others = {{kWang, 0}}, .rows = {row(1, "甲")}},
     "elsewhere[1] wechat:main"},
    {"opted out, nowhere else, however urgent",
     sms(),
     {.conversation = opted_out(), .rows = {urgent(row(1, "甲"))}},
     "give_up[1]"},
    {"opted out: the answer he asked for",
     sms(),
     {.conversation = opted_out(), .rows = {answer(row(1, "已退订")), row(2, "乙")}},
     "give_up[2]; push[1] 已退订"},
    {"a person at the desk has him: news wait",
     wechat(),
     {.conversation = with_human(), .rows = {row(1, "甲")}},
     "later[1]+30min"},
    {"but not the result, nor what is urgent",
     unmerged(),
     {.conversation = with_human(), .rows = {result(1), urgent(row(2, "快跑"))}},
     "push[1] 修好了; push[2] 快跑 | left 3"},
    {"too old", wechat(), {.conversation = left(5), .rows = {created(row(1, "甲"), kNoon - 72h - 1ms)}}, "give_up[1]"},
    {"just not too old",
     wechat(),
     {.conversation = left(5), .rows = {created(row(1, "甲"), kNoon - 72h)}},
     "push[1] 甲 | left 4"},
    {"waiting ends when it is given up",
     wechat(),
     {.conversation = left(0), .rows = {created(row(1, "甲"), kNoon - 72h + 10min - 1ms)}},
     "later[1]+10min"},
    {"its time has passed", wechat(), {.conversation = left(5), .rows = {expires(row(1, "甲"), kNoon)}}, "give_up[1]"},
    {"it passes before anything can open",
     wechat(),
     {.conversation = left(0), .rows = {expires(row(1, "甲"), kNoon + 30min)}},
     "give_up[1]"},
    {"not due yet", wechat(), {.conversation = left(5), .rows = {due(row(1, "甲"), kNoon + 5min)}}, "later[1]+5min"},
};

const Case kQuietHours[] = {
    {"an hour before", sms(), {.rows = {row(1, "甲")}, .now = kNoon + 8h}, "push[1] 甲"},
    {"from the first minute, over midnight",
     sms(),
     {.rows = {created(row(1, "甲"), kNoon)}, .now = kNoon + 9h},
     "later[1]+660min"},
    {"after midnight", sms(), {.rows = {row(1, "甲")}, .now = kSmallHours}, "later[1]+300min"},
    {"until eight", sms(), {.rows = {row(1, "甲")}, .now = kEightOClock - 1min}, "later[1]+1min"},
    {"not at eight", sms(), {.rows = {row(1, "甲")}, .now = kEightOClock}, "push[1] 甲"},
    {"within a day: before",
     quiet(13h, 14h),
     {.conversation = left(5), .rows = {row(1, "甲")}, .now = kNoon + 59min},
     "push[1] 甲 | left 4"},
    {"within a day: during",
     quiet(13h, 14h),
     {.conversation = left(5), .rows = {row(1, "甲")}, .now = kNoon + 90min},
     "later[1]+30min"},
    {"urgent passes",
     sms(),
     {.rows = {row(1, "甲"), urgent(row(2, "快跑"))}, .now = kNight},
     "later[1]+540min; push[2] 快跑"},
    {"and takes the ordered one before it along",
     sms(),
     {.rows = {ordered(row(1, "甲")), urgent(row(2, "快跑"))}, .now = kNight},
     "push[1] 甲; push[2] 快跑"},
    {"he has just written: the answer goes",
     quiet(21h, 8h),
     {.conversation = here_at(kNight - 30min), .rows = {answer(row(1, "甲"))}, .now = kNight},
     "push[1] 甲 | left 4"},
    {"he wrote hours ago: it waits for the morning",
     quiet(21h, 8h),
     {.conversation = here_at(kNight - 31min), .rows = {answer(row(1, "甲"))}, .now = kNight},
     "later[1]+540min"},
    {"would expire before the morning",
     sms(),
     {.rows = {expires(row(1, "甲"), kEightOClock)}, .now = kTenAtNight},
     "give_up[1]"},
    {"the window closes in the night: another way is looked for then",
     quiet(21h, 8h),
     {.conversation = windows({{kSmallHours, 3}}), .others = kSmsOnly, .rows = {result(1)}, .now = kEightOClock},
     "elsewhere[1] sms:estate"},
};

const Case kMerging[] = {
    {"two in one push",
     wechat(),
     {.conversation = left(5), .rows = {row(1, "甲"), row(2, "乙")}},
     "push[1,2] 甲|乙 | left 4"},
    {"three with two left",
     wechat(),
     {.conversation = left(2), .rows = {row(1, "甲"), row(2, "乙"), row(3, "丙")}},
     "push[1,2,3] 甲|乙|丙 | left 1"},
    {"the result takes the news along",
     wechat(),
     {.conversation = left(1), .rows = {row(1, "甲"), result(2)}},
     "push[1,2] 甲|修好了 | left"},
    {"urgent is not buried in the news",
     wechat(),
     {.conversation = left(5), .rows = {row(1, "甲"), urgent(row(2, "快跑"))}},
     "push[1] 甲; push[2] 快跑 | left 3"},
    {"choices end a message",
     wechat(),
     {.conversation = left(5), .rows = {row(1, "甲"), asking(row(2, "乙?")), row(3, "丙")}},
     "push[1,2] 甲|乙?; push[3] 丙 | left 3"},
    {"what was tried goes by itself",
     wechat(),
     {.conversation = left(5), .rows = {tried(row(1, "甲")), row(2, "乙"), row(3, "丙")}},
     "push[1] 甲; push[2,3] 乙|丙 | left 3"},
    {"a dead one between does not part them",
     wechat(),
     {.conversation = left(5), .rows = {row(1, "甲"), expires(row(2, "乙"), kNoon), row(3, "丙")}},
     "give_up[2]; push[1,3] 甲|丙 | left 4"},
    {"one that waits does",
     wechat(),
     {.conversation = left(5), .rows = {row(1, "甲"), due(row(2, "乙"), kNoon + 1h), row(3, "丙")}},
     "push[1] 甲; later[2]+60min; push[3] 丙 | left 3"},
    {"without a push each goes its own way",
     wechat(),
     {.conversation = left(0), .rows = {row(1, "甲"), result(2)}},
     "later[1]+30min; template_notice(TPL)[2] 修好了"},
};

const Case kOrder[] = {
    {"nothing overtakes an ordered one that waits",
     unmerged(),
     {.conversation = left(5), .rows = {due(ordered(row(1, "甲")), kNoon + 5min), row(2, "乙"), urgent(row(3, "丙"))}},
     "later[1]+5min; later[2]+5min; later[3]+5min"},
    {"nor one whose push is not allowed",
     unmerged(),
     {.conversation = left(1), .rows = {ordered(row(1, "甲")), result(2)}},
     "later[1]+30min; later[2]+30min"},
    {"an ordered one that is dead holds up nobody",
     unmerged(),
     {.conversation = left(5), .rows = {expires(ordered(row(1, "甲")), kNoon), row(2, "乙")}},
     "give_up[1]; push[2] 乙 | left 4"},
    {"one that is being retried holds up the others",
     unmerged(),
     {.conversation = left(5), .rows = {due(tried(row(1, "甲")), kNoon + 20s), row(2, "乙")}},
     "later[1]+20s; later[2]+20s"},
    {"for five minutes from its beginning at most",
     unmerged(),
     {.conversation = left(5), .rows = {due(tried(row(1, "甲"), 4), kNoon + 10min), row(2, "乙")}},
     "later[1]+10min; later[2]+4min"},
    {"then they pass",
     unmerged(),
     {.conversation = left(5),
      .rows = {created(due(tried(row(1, "甲"), 5), kNoon + 10min), kNoon - 5min), row(2, "乙")}},
     "later[1]+10min; push[2] 乙 | left 4"},
    {"one that is meant for later holds up nobody",
     unmerged(),
     {.conversation = left(5), .rows = {due(row(1, "明天见"), kNoon + 24h), row(2, "乙")}},
     "later[1]+1440min; push[2] 乙 | left 4"},
    {"one behind keeps its own later time",
     unmerged(),
     {.conversation = left(5), .rows = {due(ordered(row(1, "甲")), kNoon + 5min), due(row(2, "乙"), kNoon + 1h)}},
     "later[1]+5min; later[2]+60min"},
};

class Planning : public testing::TestWithParam<Case> {};

TEST_P(Planning, EachRowGoesItsWay) {
  auto [name, rules, situation, expect] = GetParam();
  if (situation.now == Time{}) situation.now = kNoon;
  const auto planned = plan(rules, situation);
  EXPECT_EQ(describe(planned, situation.now), expect) << name;
  std::multiset<OutboxId> planned_rows, rows;
  for (const auto& one : situation.rows) rows.insert(one.id);
  for (const auto& step : planned.steps) {
    EXPECT_FALSE(why_of(step).empty()) << name << ": each decision says why";
    std::visit(Overloaded{[&](const SendNow& send) { planned_rows.insert(send.rows.begin(), send.rows.end()); },
                          [&](const auto& one) { planned_rows.insert(one.row); }},
               step);
  }
  EXPECT_EQ(planned_rows, rows) << name << ": every row in exactly one step";
}

INSTANTIATE_TEST_SUITE_P(Pushes, Planning, testing::ValuesIn(kPushes));
INSTANTIATE_TEST_SUITE_P(OtherWays, Planning, testing::ValuesIn(kOtherWays));
INSTANTIATE_TEST_SUITE_P(Refusals, Planning, testing::ValuesIn(kRefusals));
INSTANTIATE_TEST_SUITE_P(QuietHours, Planning, testing::ValuesIn(kQuietHours));
INSTANTIATE_TEST_SUITE_P(Merging, Planning, testing::ValuesIn(kMerging));
INSTANTIATE_TEST_SUITE_P(Order, Planning, testing::ValuesIn(kOrder));

std::size_t pushes(const SendingRules& rules, std::vector<OutboxRow> rows) {
  return plan(rules, {.conversation = left(5), .rows = std::move(rows), .now = kNoon}).steps.size();
}

TEST(Planner, MergesUpToTheLastByte) {
  const auto rows = [](std::size_t first, std::size_t second) {
    return std::vector{row(1, std::string(first, 'a')), row(2, std::string(second, 'b'))};
  };
  EXPECT_EQ(pushes(wechat(), rows(1000, 1046)), 1U) << "2,048 with the empty line between";
  EXPECT_EQ(pushes(wechat(), rows(1000, 1047)), 2U);
}

TEST(Planner, AMergedMessageHasTheFirstKeyAndTheLastQuestion) {
  const auto planned =
      plan(wechat(),
           {.conversation = left(5), .rows = {row(1, "甲"), asking(named(row(2, "乙?"), "survey"))}, .now = kNoon});
  ASSERT_EQ(planned.steps.size(), 1U);
  const auto& message = std::get<SendNow>(planned.steps[0]).message;
  EXPECT_EQ(message.key, "o1");
  EXPECT_EQ(message.template_name, "survey");
  EXPECT_EQ(message.choices.size(), 2U);
  EXPECT_EQ(message.text, "甲\n\n乙?");
}

TEST(Planner, KeepsThePlanOfAnUnchangedLedgerUnwritten) {
  EXPECT_FALSE(plan(wechat(), {.conversation = left(1), .rows = {row(1, "甲")}, .now = kNoon}).conversation);
  const auto spent = plan(wechat(), {.conversation = left(3), .rows = {row(1, "甲")}, .now = kNoon}).conversation;
  ASSERT_TRUE(spent);
  EXPECT_EQ(spent->windows, (std::vector<PushWindow>{{kNoon + 47h, 2}}));
}

TEST(Planner, QuietHoursFollowTheClocksOfTheirZone) {
  // Clocks in Berlin go from 02:00 to 03:00 on 2026-03-29: quiet hours that end at 02:30 end at 03:00 (01:00 UTC).
  const Time night = Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 28}} + 22h;
  SendingRules rules{.quiet_from = 22h, .quiet_until = 2h + 30min, .time_zone = "Europe/Berlin"};
  auto late = row(1, "甲");
  late.created = late.due = night;
  const auto planned = plan(rules, {.rows = {late}, .now = night});
  EXPECT_EQ(format_utc(std::get<SendLater>(planned.steps.at(0)).until), "2026-03-29 01:00:00.000");
}

TEST(Planner, SaysWhyInWords) {
  const auto why = [](const Situation& situation) { return why_of(plan(wechat(), situation).steps.at(0)); };
  EXPECT_EQ(why({.conversation = left(1), .rows = {row(1, "甲")}, .now = kNoon}),
            "the push that is left is kept for the result; it waits for his next message");
  EXPECT_EQ(why({.conversation = left(1), .rows = {result(1)}, .now = kNoon}),
            "push: 0 left of what he allowed, this is the result");
  EXPECT_EQ(why({.conversation = gone(), .rows = {row(1, "甲")}, .now = kNoon}),
            "he unfollowed or his address is gone, and no other way to him is known");
}

}  // namespace
}  // namespace huiyin::gateway
