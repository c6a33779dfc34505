#include "gateway/life_settings.h"

#include <gtest/gtest.h>

#include "gateway/cli.h"
#include "gateway/stable_id.h"
#include "tests/gateway/temporary_folder.h"

#include <fstream>

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

Ticket ticket_at(const char* address, Category category, const char* subcategory = "") {
  Ticket out;
  out.address = address;
  out.category = category;
  out.subcategory = subcategory;
  return out;
}

TEST(LifeSettings, WithoutAnyEachCategoryHasItsDepartment) {
  const auto config = default_config();
  const auto departments = departments_of(config);
  ASSERT_EQ(departments.size(), 5U);
  EXPECT_EQ(departments[0].name, "repair");
  EXPECT_EQ(departments[0].mode, tickets::AssignmentMode::grab);
  const auto rules = ticket_rules_of(config);
  EXPECT_EQ(rules.departments.at(Category::repair), departments[0].id);
  std::vector<Error> errors;
  const auto life = life_rules_of(config, "Asia/Shanghai", errors);
  EXPECT_TRUE(errors.empty());
  EXPECT_EQ(life.escalation.ladder.size(), tickets::default_escalation().ladder.size());
  // 国庆节, a Thursday: closed; the Saturday after it is worked.
  EXPECT_FALSE(life.calendar.is_open(parse_utc("2026-10-01 02:00:00").value()));
  EXPECT_TRUE(life.calendar.is_open(parse_utc("2026-10-10 02:00:00").value()));
  EXPECT_EQ(missing_holidays(config, 2026), "");
  EXPECT_NE(missing_holidays(config, 2031), "");
}

TEST(LifeSettings, TheMoreSpecialDepartmentComesFirst) {
  auto config = default_config();
  const auto add = [&](const char* name, std::vector<KindConfig> handles, std::vector<std::string> places) {
    config.life.departments.push_back(
        {.name = name, .title = name, .handles = std::move(handles), .places = std::move(places)});
  };
  add("repair", {{Category::repair, ""}}, {});
  add("lift", {{Category::repair, "elevator"}}, {});
  add("garage", {}, {"地下车库"});
  const auto rules = ticket_rules_of(config);
  struct {
    Ticket ticket;
    const char* expect;
  } const table[] = {{ticket_at("3栋", Category::repair), "repair"},
                     {ticket_at("3栋", Category::repair, "elevator"), "lift"},
                     {ticket_at("地下车库B区", Category::repair, "elevator"), "garage"},
                     {ticket_at("3栋", Category::cleaning), ""}};
  for (const auto& row : table)
    EXPECT_EQ(tickets::find_department(rules.placement, row.ticket), stable_id<DepartmentId>(row.expect)) << row.expect;
  EXPECT_TRUE(rules.departments.empty()) << "what nobody is named for is a dispatcher's";
}

TEST(LifeSettings, WhatIsWrittenHolds) {
  auto config = default_config();
  config.life.escalation.urgent_every = 3min;
  config.life.escalation.urgent_tell = {{"duty"}, {"lead", "sms:ops/+8613800138000"}};
  config.life.escalation.ladder = {{.of_respond = false, .percent = 120, .tell = {"manager"}}};
  config.life.survey.low_score = 3;
  config.life.service_times = {{.kind = {}, .priority = {}, .respond = 5min, .resolve = 1h, .round_the_clock = true}};
  std::vector<Error> errors;
  const auto life = life_rules_of(config, "Asia/Shanghai", errors);
  EXPECT_EQ(life.escalation.urgent_every, 3min);
  ASSERT_EQ(life.escalation.urgent_tell.size(), 2U);
  EXPECT_EQ(to_string(life.escalation.urgent_tell[1][1]), "sms:ops/+8613800138000");
  ASSERT_EQ(life.escalation.ladder.size(), 1U);
  EXPECT_EQ(life.escalation.ladder[0].limit, tickets::Limit::resolve);
  EXPECT_EQ(life.survey.low_score, 3);
  EXPECT_EQ(life.survey.expire_after, tickets::SurveyRules{}.expire_after) << "what is not written stays";
  EXPECT_EQ(tickets::rule_for(life.times, Ticket{}, Priority::low).resolve, 1h);
}

TEST(LifeSettings, HolidaysThatCannotBeReadAreNamed) {
  auto config = default_config();
  const TemporaryFolder folder;
  std::ofstream(folder.file("own.yaml")) << "name: 本公司\nyears: [2026]\nholidays: {2026-13-01: 元旦}\n";
  config.life.calendar.holidays = {"mars", folder.file("own.yaml")};
  std::vector<Error> errors;
  (void)life_rules_of(config, "Asia/Shanghai", errors);
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_NE(describe(errors[0]).find("\"mars\" cannot be read"), std::string::npos) << describe(errors[0]);
  EXPECT_NE(describe(errors[1]).find("own.yaml:3: holidays: \"2026-13-01\" is no day"), std::string::npos)
      << describe(errors[1]);
}

}  // namespace
}  // namespace huiyin::gateway
