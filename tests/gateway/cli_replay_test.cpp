// `huiyin replay` on what a running daemon stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "gateway/assets.h"
#include "gateway/cli.h"
#include "tests/gateway/installation.h"
#include "tests/gateway/said.h"

namespace huiyin::gateway {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using simulators::SaysText;
using testing::HasSubstr;
using testing::Not;

class CliReplay : public testing::TestWithParam<db::Driver> {
 protected:
  Said run(ReplayOptions options) const {
    if (options.config_file.empty()) options.config_file = config_;
    return said_by([&](Console console) { return run_replay(options, console); });
  }
  json all(const std::string& config = {}) const {
    const auto said = run({.config_file = config, .format = "json"});
    EXPECT_EQ(said.code, EX_OK) << said.errors;
    return json::parse(said.out.empty() ? "{}" : said.out);
  }
  void act(const std::string& action, const std::string& text, const std::string& to = {}) const {
    const auto said = said_by([&](Console console) {
      return run_ticket_act(
          {.config_file = config_, .number = number_, .action = action, .text = text, .to = to, .told_by = "phone"},
          console);
    });
    ASSERT_EQ(said.code, EX_OK) << action << ": " << said.errors;
  }
  /// A whole report, what staff make of it, and what the owner writes then; and a report that somebody leaves half
  /// done.
  void live_through() {
    const auto daemon = Daemon::start(installation_.load(config_), process_secrets());
    ASSERT_TRUE(daemon);
    auto platform = installation_.platform((*daemon)->hook_port());
    for (const auto& text : whole_report()) number_ = ticket_number_in(platform->send("oWang", SaysText{text}).shown);
    ASSERT_FALSE(number_.empty());
    EXPECT_THAT(platform->send("oWang", SaysText{"进度"}).shown, HasSubstr(number_));
    act("assign", "", "repair");
    act("progress", "师傅在路上");
    EXPECT_THAT(platform->send("oWang", SaysText{"进度"}).shown, HasSubstr("师傅在路上"));
    act("complete", "换了角阀");
    EXPECT_THAT(platform->send("oWang", SaysText{"进度 " + number_}).shown, HasSubstr("换了角阀"));
    for (const auto* text : {"报修", "李梅", "13900139000", "5号楼1单元301", "走廊的灯坏了", "跳过", "1"})
      EXPECT_EQ(platform->send("oLi", SaysText{text}).violation, "");
    for (const auto* text : {"报修", "赵强"}) EXPECT_EQ(platform->send("oZhao", SaysText{text}).violation, "");
  }
  /// A configuration whose own copy of `what` has `to` where the shipped one has `from`.
  std::string changed(const std::string& key, const std::string& what, const std::string& file, const std::string& from,
                      const std::string& to) const {
    const auto folder = installation_.file(key);
    fs::copy(share_folder() + "/" + what, folder, fs::copy_options::recursive);
    auto text = read_file(folder + "/" + file).value();
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    std::ofstream(folder + "/" + file) << text;
    const auto config = installation_.file(key + ".yaml");
    std::ofstream(config) << read_file(config_).value() << "folders: {" << key << ": " << folder << "}\n";
    return config;
  }
  /// One whose lexicon takes the phrase for a danger.
  std::string with_danger(const std::string& phrase) const {
    const std::string before = "phrases:\n      [";
    return changed("lexicon", "dialogs/lexicon", "danger.yaml", before, before + phrase + ", ");
  }

  Installation installation_{GetParam()};
  const std::string config_ = installation_.write_config(0);
  std::string number_{};
};

TEST_P(CliReplay, TheSameFlowAnswersTheSame) {
  live_through();
  const auto result = all();
  EXPECT_EQ(result["deliveries"], 19);
  EXPECT_EQ(result["compared"], 19) << result.dump(2);
  EXPECT_EQ(result["different"], 0) << result["turns"].dump(2);
  EXPECT_EQ(result["tickets"], 2);
  EXPECT_EQ(result["changed"], json::array()) << "what staff did to it is no difference";
  EXPECT_EQ(result["left_out"], json::object());
}

TEST_P(CliReplay, ATurnThatWouldBeAnsweredOtherwiseIsShownWithBoth) {
  live_through();
  const auto result = all(changed("templates", "templates", "zh-CN/messages.yaml", "方便的话发几张照片", "能发照片吗"));
  EXPECT_EQ(result["different"], 2) << result["turns"].dump(2);
  ASSERT_EQ(result["turns"].size(), 2U);
  EXPECT_THAT(result["turns"][0]["then"].get<std::string>(), HasSubstr("方便的话发几张照片"));
  EXPECT_THAT(result["turns"][0]["now"].get<std::string>(), HasSubstr("能发照片吗"));
  EXPECT_EQ(result["changed"], json::array());
}

TEST_P(CliReplay, ATicketThatWouldComeOutOtherwiseIsNamed) {
  live_through();
  const auto result = all(with_danger("李梅"));
  ASSERT_EQ(result["changed"].size(), 1U) << result["changed"].dump(2);
  EXPECT_EQ(result["changed"][0]["ticket"], "HY1001-9");
  EXPECT_EQ(result["changed"][0]["kind"], "changed") << "though it would be opened before the form's end";
  EXPECT_EQ(result["changed"][0]["fields"]["priority"], (json{"normal", "urgent"}));
  EXPECT_NE(result["changed"][0]["fields"]["danger"][1], "");
}

TEST_P(CliReplay, ATicketThatWouldBeOpenedAsWellIsNamed) {
  live_through();
  const auto result = all(with_danger("赵强"));
  ASSERT_EQ(result["changed"].size(), 1U) << result["changed"].dump(2);
  EXPECT_EQ(result["changed"][0]["kind"], "added");
  EXPECT_EQ(result["different"], 1);
}

TEST_P(CliReplay, AConversationIsShownTurnByTurnWithoutNamesAndNumbers) {
  live_through();
  const auto said = run({.conversation = number_});
  EXPECT_EQ(said.code, EX_OK) << said.errors;
  EXPECT_THAT(said.out, HasSubstr("厨房水管漏水"));
  EXPECT_THAT(said.out, HasSubstr("王**"));
  EXPECT_THAT(said.out, HasSubstr("138****8000"));
  EXPECT_THAT(said.out, Not(HasSubstr("王建国")));
  EXPECT_THAT(said.out, Not(HasSubstr("13800138000")));
  EXPECT_THAT(said.out, Not(HasSubstr("李梅"))) << "is somebody else";
  EXPECT_THAT(said.out, Not(HasSubstr("≠")));
  const auto id = installation_.ask("SELECT id FROM conversations WHERE address='oWang'");
  EXPECT_EQ(run({.conversation = id}).out, said.out);
  EXPECT_THAT(run({.conversation = id, .unmasked = true}).out, HasSubstr("13800138000"));
}

TEST_P(CliReplay, OneDeliveryIsShownAfterWhatCameBefore) {
  live_through();
  const auto key = installation_.ask("SELECT delivery_key FROM inbox WHERE peer='oWang' ORDER BY id LIMIT 1 OFFSET 4");
  const auto said = run({.delivery = key, .format = "json"});
  ASSERT_EQ(said.code, EX_OK) << said.errors;
  const auto result = json::parse(said.out);
  ASSERT_EQ(result["turns"].size(), 1U);
  EXPECT_EQ(result["turns"][0]["delivery"], key);
  EXPECT_EQ(result["turns"][0]["same"], true);
  EXPECT_THAT(result["turns"][0]["now"].get<std::string>(), HasSubstr("照片"));
}

TEST_P(CliReplay, NothingIsChanged) {
  live_through();
  const auto inbox = installation_.count("inbox"), outbox = installation_.count("outbox");
  (void)all();
  EXPECT_EQ(installation_.count("inbox"), inbox);
  EXPECT_EQ(installation_.count("outbox"), outbox);
  EXPECT_EQ(installation_.count("tickets"), 2);
}

TEST_P(CliReplay, WhatThereIsNotIsSaid) {
  struct Case {
    ReplayOptions options;
    int code;
    std::string error;
  };
  for (const auto& [options, code, error] :
       std::vector<Case>{{{.delivery = "wechat:main:msg:1"}, EX_USAGE, "no such delivery of an owner's"},
                         {{.conversation = "4711"}, EX_USAGE, "no such conversation"},
                         {{.conversation = "HY1000-7"}, EX_USAGE, "no such conversation"},
                         {{.from = "2026-13-01"}, EX_USAGE, "--from"},
                         {{.until = "yesterday"}, EX_USAGE, "--to"},
                         {{.from = "2026-11-02", .until = "2026-11-01"}, EX_USAGE, "--to: is before --from"}}) {
    const auto said = run(options);
    EXPECT_EQ(said.code, code) << error;
    EXPECT_THAT(said.errors, HasSubstr(error));
    EXPECT_EQ(said.out, "");
  }
  const auto none = run({});
  EXPECT_EQ(none.code, EX_OK) << none.errors;
  EXPECT_THAT(none.out, HasSubstr("0 条来信"));
}

INSTANTIATE_TEST_SUITE_P(Drivers, CliReplay, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
