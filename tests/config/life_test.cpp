#include "config/life.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.h"
#include "config/life_reader.h"
#include "tests/config/fake_secrets.h"

namespace huiyin {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kBegin =
    "company: c\n"
    "estates: [{name: riverside, title: 滨江花园, hotline: '88001234'}]\n"
    "channels: []\n";  // three lines

tl::expected<Config, std::vector<Error>> parse(const std::string& rest) {
  return parse_config(kBegin + rest, "huiyin.yaml", fake_secrets({}));
}

LifeConfig life(const std::string& rest) {
  const auto config = parse(rest);
  if (!config) throw std::runtime_error(lines(config.error()));
  return config->life;
}

TEST(LifeConfig, NothingOfItHasToBeThere) {
  const auto none = life("");
  EXPECT_THAT(none.departments, IsEmpty());
  EXPECT_THAT(none.service_times, IsEmpty());
  EXPECT_THAT(none.calendar.holidays, ElementsAre("cn"));
  EXPECT_FALSE(none.escalation.ladder);
  EXPECT_FALSE(none.survey.enabled);
  EXPECT_FALSE(none.duplicates.shared);
}

TEST(LifeConfig, EverySettingIsRead) {
  const auto all = life(R"(departments:
  - {name: lift, title: 电梯维保, handles: [repair/elevator], mode: round_robin, most_open: 5}
  - {name: garage, title: 车场, places: [地下车库], lead: 王主管, groups: [wecom:staff/wrOgQhDg]}
service_times:
  - {priority: urgent, respond: 10分钟, resolve: 4小时, clock: always}
  - {for: repair/elevator, respond: 15m, resolve: 1d}
after_photo: [repair/wall, cleaning]
scope:
  - {words: [太阳能], call: 热水器售后}
  - {for: cleaning/pool, call: 泳池公司}
calendar: {weekdays: "08:30-12:00, 13:30-18:00", saturday: "09:00-17:00", sunday: closed, holidays: [cn, /etc/own.yaml], holiday_hours: "10:00-12:00"}
escalation:
  ladder: [{of: respond, at: 75, tell: [assignee, group]}, {of: resolve, at: 150, tell: "sms:ops/+8613800138000"}]
  urgent: [{tell: [duty]}, {tell: [lead, manager]}]
  urgent_every: 3m
  urgent_later: 1h
  overdue_every: 12h
  overdue: [lead]
  unattended: [manager]
  suspended_every: 2d
  suspended: [assignee]
  call_back: [manager]
  urge_apart: 10m
survey: {enabled: false, remind_after: 0, expire_after: 2d, close_after: 4d, at_most_every: 30d, low_score: 3, call_back_within: 4h}
duplicates: {enabled: true, window: 2d, shared: [{what: repair/light, by: building}]}
)");
  ASSERT_EQ(all.departments.size(), 2U);
  EXPECT_THAT(all.departments[0].handles, ElementsAre(KindConfig{Category::repair, "elevator"}));
  EXPECT_EQ(all.departments[0].mode, "round_robin");
  EXPECT_EQ(all.departments[0].most_open, 5);
  EXPECT_THAT(all.departments[1].places, ElementsAre("地下车库"));
  EXPECT_EQ(all.departments[1].lead, "王主管");
  EXPECT_THAT(all.departments[1].groups, ElementsAre("wecom:staff/wrOgQhDg"));
  ASSERT_EQ(all.service_times.size(), 2U);
  EXPECT_EQ(all.service_times[0].priority, Priority::urgent);
  EXPECT_EQ(all.service_times[0].respond, 10min);
  EXPECT_EQ(all.service_times[0].resolve, 4h);
  EXPECT_TRUE(all.service_times[0].round_the_clock);
  EXPECT_EQ(all.service_times[1].kind, (KindConfig{Category::repair, "elevator"}));
  EXPECT_FALSE(all.service_times[1].priority);
  EXPECT_EQ(all.service_times[1].resolve, 24h);
  ASSERT_EQ(all.scope.size(), 2U);
  EXPECT_THAT(all.scope[0].words, ElementsAre("太阳能"));
  EXPECT_FALSE(all.scope[0].kind);
  EXPECT_EQ(all.scope[1].call, "泳池公司");
  EXPECT_EQ(all.scope[1].kind, (KindConfig{Category::cleaning, "pool"}));
  EXPECT_THAT(all.after_photo, ElementsAre(KindConfig{Category::repair, "wall"}, KindConfig{Category::cleaning, ""}));
  EXPECT_EQ(all.calendar.sunday, "closed");
  EXPECT_EQ(all.calendar.holiday_hours, "10:00-12:00");
  EXPECT_THAT(all.calendar.holidays, ElementsAre("cn", "/etc/own.yaml"));
  const auto& escalation = all.escalation;
  ASSERT_EQ(escalation.ladder.value().size(), 2U);
  EXPECT_FALSE(escalation.ladder->at(1).of_respond);
  EXPECT_EQ(escalation.ladder->at(1).percent, 150);
  EXPECT_THAT(escalation.ladder->at(1).tell, ElementsAre("sms:ops/+8613800138000"));
  EXPECT_THAT(escalation.urgent_tell.value(), ElementsAre(ElementsAre("duty"), ElementsAre("lead", "manager")));
  EXPECT_EQ(escalation.urgent_every, 3min);
  EXPECT_EQ(escalation.urgent_later, 1h);
  EXPECT_EQ(escalation.overdue_every, 12h);
  EXPECT_EQ(escalation.suspended_every, 48h);
  EXPECT_EQ(escalation.urge_apart, 10min);
  EXPECT_EQ(escalation.overdue_tell, ReceiverNames{"lead"});
  EXPECT_EQ(escalation.unattended_tell, ReceiverNames{"manager"});
  EXPECT_EQ(escalation.suspended_tell, ReceiverNames{"assignee"});
  EXPECT_EQ(escalation.call_back_tell, ReceiverNames{"manager"});
  EXPECT_EQ(all.survey.enabled, false);
  EXPECT_EQ(all.survey.remind_after, 0ms);
  EXPECT_EQ(all.survey.expire_after, 48h);
  EXPECT_EQ(all.survey.close_after, 96h);
  EXPECT_EQ(all.survey.at_most_every, 720h);
  EXPECT_EQ(all.survey.low_score, 3);
  EXPECT_EQ(all.survey.call_back_within, 4h);
  EXPECT_EQ(all.duplicates.window, 48h);
  ASSERT_EQ(all.duplicates.shared.value().size(), 1U);
  EXPECT_EQ(all.duplicates.shared->at(0).by, "building");
}

TEST(LifeConfig, EachMistakeHasItsLineAndRemedy) {
  struct {
    const char *rest, *expect;
  } const table[] = {
      {"departments: repair\n", "huiyin.yaml:4: departments is no list. Begin each entry with - name:."},
      {"departments:\n  - {name: Repair, title: 工程部, handles: [repair]}\n",
       "huiyin.yaml:5: departments[0]: name \"Repair\" cannot be used. Take lower-case letters, digits, - and _."},
      {"departments:\n  - {name: a, title: A, handles: [repairs]}\n",
       "huiyin.yaml:5: departments[0]: handles: \"repairs\" is no kind of ticket. Take repair, cleaning, service, "
       "security or "
       "internal, or one with its part: repair/elevator."},
      {"departments:\n  - {name: a, title: A}\n",
       "huiyin.yaml:5: departments[0]: department a gets nothing. Give it handles: or places:."},
      {"departments:\n  - {name: a, title: A, handles: [repair]}\n  - {name: a, title: B, handles: [cleaning]}\n",
       "huiyin.yaml:6: departments[1]: name a is taken by a department above. Each needs its own name."},
      {"departments:\n  - {name: a, title: A, handles: [repair], mode: grap}\n",
       "huiyin.yaml:5: departments[0]: mode is \"grap\", which is none of grab, round_robin, least_loaded, dispatcher. "
       "Did you mean \"grab\"?"},
      {"departments:\n  - {name: a, title: A, handles: [repair], groups: [wecom]}\n",
       "huiyin.yaml:5: departments[0]: groups: \"wecom\" is no destination. Write a channel's name, a slash and an "
       "address: "
       "wecom:staff/wrOgQhDgAAMYQiS5ol9G7gK9JVAAAA."},
      {"service_times:\n  - {for: repair, respond: 30, resolve: 8h}\n",
       "huiyin.yaml:5: service_times[0]: respond: \"30\" is no length of time. Write 30m, 2h or 3d."},
      {"service_times:\n  - {for: repair, resolve: 8h}\n",
       "huiyin.yaml:5: service_times[0]: respond is missing. Write 30m, 2h or 3d."},
      {"service_times:\n  - {respond: 8h, resolve: 1h}\n",
       "huiyin.yaml:5: service_times[0]: resolve is shorter than respond. Nobody can be done before he has begun."},
      {"calendar: {weekdays: 9-18}\n",
       "huiyin.yaml:4: calendar: weekdays: \"9-18\" are no hours. Write \"08:30-12:00, 13:30-18:00\", or closed."},
      {"calendar: {weekdays: closed, saturday: closed, sunday: closed}\n",
       "huiyin.yaml:4: calendar: the calendar never opens. Open it on one day at least."},
      {"escalation: {unattended: [dispatchers]}\n",
       "huiyin.yaml:4: escalation: unattended: \"dispatchers\" is nobody that can be told. Did you mean "
       "\"dispatcher\"?"},
      {"escalation:\n  ladder:\n    - {of: respond, at: 0, tell: [lead]}\n",
       "huiyin.yaml:6: ladder[0]: at should be a whole number from 1 to 1000, not \"0\"."},
      {"survey: {expire_after: 5m}\n", "huiyin.yaml:4: survey: expire_after: 5m is too short. Write 30m, 2h or 3d."},
      {"duplicates: {shared: [{what: repair}]}\n",
       "huiyin.yaml:4: shared[0]: what: \"repair\" is no part of a category. Write repair/elevator."},
      {"survey: {remind_afte: 20h}\n",
       "huiyin.yaml:4: survey: unknown key \"remind_afte\". Did you mean \"remind_after\"?"},
  };
  for (const auto& row : table) {
    const auto config = parse(row.rest);
    EXPECT_EQ(config ? "" : lines(config.error()), std::string(row.expect) + "\n") << row.rest;
  }
}

TEST(Duration, IsReadOrRefused) {
  struct {
    const char* text;
    std::optional<Millis> expect;
  } const table[] = {{"90s", 90s},  {"30m", 30min}, {"30 min", 30min},
                     {"2h", 2h},    {"3d", 72h},    {"３０分钟", 30min},
                     {"2小时", 2h}, {"3天", 72h},   {"0", 0ms},
                     {"", {}},      {"30", {}},     {"-5m", {}},
                     {"5 w", {}},   {"400d", {}},   {"9999999999999999999h", {}},
                     {"h", {}}};
  for (const auto& row : table) EXPECT_EQ(parse_duration(row.text), row.expect) << row.text;
}

}  // namespace
}  // namespace huiyin
