// `reports:` of the configuration: what is read, and what is refused with its line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/report_reader.h"

namespace huiyin {
namespace {

using testing::ElementsAre;

std::vector<std::string> complaints(const std::string& text) {
  const auto root = YamlNode::parse(text, "huiyin.yaml").value();
  std::vector<Error> errors;
  YamlReader read(root, "", errors);
  static_cast<void>(read_reports(read, errors));
  std::vector<std::string> out;
  for (const auto& error : errors) out.push_back(describe(error));
  return out;
}

TEST(ReportConfig, IsReadWithItsDefaults) {
  const auto nothing = reports_of("company: 物业\n");
  EXPECT_FALSE(nothing.monthly) << "nobody is sent what he did not ask for";
  EXPECT_EQ(nothing.audit_minute, std::nullopt);
  EXPECT_EQ(reports_of("reports: {monthly: false}").audit_minute, 190);
  const auto given = reports_of("reports: {day: 3, at: \"08:30\", to: [workchat:wecom/zhang], audit_at: never}\n");
  EXPECT_TRUE(given.monthly);
  EXPECT_EQ(given.day, 3);
  EXPECT_EQ(given.minute, 510);
  EXPECT_THAT(given.to, ElementsAre("workchat:wecom/zhang"));
  EXPECT_EQ(given.audit_minute, std::nullopt);
  EXPECT_FALSE(reports_of("reports: {monthly: false}").monthly);
}

TEST(ReportConfig, IsRefusedWithItsLine) {
  EXPECT_THAT(complaints("reports: daily\n"),
              ElementsAre("huiyin.yaml:1: reports is no map. Write its keys below it, indented."));
  EXPECT_THAT(complaints("reports:\n  day: 31\n  at: noon\n  to: [boss]\n  audit_at: \"25:00\"\n  dya: 1\n"),
              ElementsAre(testing::StartsWith("huiyin.yaml:2: reports: day"),
                          "huiyin.yaml:3: reports: at \"noon\" is no time of day. Write it as \"09:00\".",
                          "huiyin.yaml:4: reports: to \"boss\" is nobody's address. Write a channel and an address: "
                          "workchat:wecom/zhangsan.",
                          "huiyin.yaml:5: reports: audit_at \"25:00\" is no time of day. Write it as \"09:00\".",
                          "huiyin.yaml:6: reports: unknown key \"dya\". Did you mean \"day\"?"));
}

}  // namespace
}  // namespace huiyin
