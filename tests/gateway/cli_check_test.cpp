// What an operator hears of a configuration that cannot be served: all of it, in one round.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "gateway/cli.h"
#include "tests/gateway/temporary_folder.h"

namespace huiyin::gateway {
namespace {

using testing::HasSubstr;

const std::string kEstates = "estates:\n  - {name: riverside, title: 滨江花园, hotline: \"0571\"}\n";

class CliCheck : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(folder_.file(name)).parent_path());
    std::ofstream(folder_.file(name)) << text;
    return folder_.file(name);
  }
  /// What `check` complains of.
  std::string complaints(const std::string& text) {
    const auto file = write("huiyin.yaml", text);
    errors_.str("");
    EXPECT_EQ(run_check(file, true, {in_, out_, errors_}), EX_CONFIG);
    EXPECT_EQ(out_.str(), "");
    return errors_.str();
  }

  TemporaryFolder folder_;
  std::istringstream in_;
  std::ostringstream out_, errors_;
};

TEST_F(CliCheck, EveryPartComplainsInOneRound) {
  write("flows/feedback.yaml", "flow: feedback\nfields: []\nsurprise: 1\n");
  const auto said = complaints("company: 滨江物业\nlocal: zh-CN\n" + kEstates +
                               "channels:\n  - name: wechat:main\n    provider: wechat\n    mode: plain\n"
                               "    app_id: wx0123456789abcdef\n    token: in-the-clear\n"
                               "folders: {flows: " +
                               folder_.file("flows") + "}\n");
  EXPECT_THAT(said, HasSubstr("huiyin.yaml:2: "));    // the configuration: an unknown key
  EXPECT_THAT(said, HasSubstr("huiyin.yaml:10: "));   // the channel: a secret in clear
  EXPECT_THAT(said, HasSubstr("feedback.yaml:3: "));  // the flow: an unknown key
  EXPECT_THAT(said, testing::Not(HasSubstr("in-the-clear")));
  EXPECT_LT(said.find("huiyin.yaml:2"), said.find("huiyin.yaml:10"));
}

TEST_F(CliCheck, AYearWithoutHolidaysIsNoted) {
  const auto holidays = write("old.yaml", "name: old\nyears: [2019]\nholidays:\n  2019-01-01: 元旦\n");
  const auto file = write("huiyin.yaml", "company: 滨江物业\n" + kEstates + "calendar: {holidays: [" + holidays +
                                             "]}\nchannels:\n  - name: web:pager\n    provider: webhook\n"
                                             "    url: https://pager.test/in\n");
  EXPECT_EQ(run_check(file, true, {in_, out_, errors_}), EX_OK) << errors_.str();
  EXPECT_THAT(out_.str(), HasSubstr("note: calendar: the holidays of 20"));
}

TEST_F(CliCheck, ACalendarThatIsNoneIsRefused) {
  const auto said = complaints("company: 滨江物业\n" + kEstates + "calendar: {holidays: [" +
                               write("bad.yaml", "name: bad\nyears: [soon]\n") +
                               "]}\nchannels:\n  - name: web:pager\n    provider: webhook\n"
                               "    url: https://pager.test/in\n");
  EXPECT_THAT(said, HasSubstr("bad.yaml:2"));
}

TEST_F(CliCheck, AQuestionOfTheCompanysOwnIsCheckedToo) {
  const auto faq = write(
      "faq.yaml", "faq:\n  pool:\n    words: [游泳池…开]\n    estates: [riversid]\n    answer: {en: In summer}\n");
  const std::string channels =
      "channels:\n  - name: web:pager\n    provider: webhook\n    url: https://pager.test/in\n";
  const auto said = complaints("company: 滨江物业\nfaq: " + faq + "\n" + kEstates + channels);
  EXPECT_THAT(said, HasSubstr("faq.yaml:2: faq pool: there is no estate \"riversid\". Did you mean \"riverside\"?"));
  EXPECT_THAT(said, HasSubstr("faq.yaml:2: faq pool: the answer has no words in zh-CN."));
  EXPECT_THAT(complaints("company: 滨江物业\nfaq: /nowhere/faq.yaml\n" + kEstates + channels),
              HasSubstr("/nowhere/faq.yaml: cannot be read"));
}

TEST_F(CliCheck, ANumberThatNobodyWouldBeToldIsRefused) {
  EXPECT_THAT(
      complaints("company: 滨江物业\nemergency_numbers: {elevator: \"96333\"}\n" + kEstates +
                 "channels:\n  - name: web:pager\n    provider: webhook\n    url: https://pager.test/in\n"),
      HasSubstr("emergency_numbers: \"elevator\" is no danger that the dialog knows. Name one of fire, trapped,"));
}

TEST_F(CliCheck, WhatIsMissingIsSaidOnce) {
  const auto said = complaints("company: 滨江物业\n" + kEstates + "channels:\n  - name: wechat:main\n");
  EXPECT_EQ(said.find("provider"), said.rfind("provider is missing")) << said;
}

}  // namespace
}  // namespace huiyin::gateway
