// huiyin wechat menu and huiyin qr, against the simulated API.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "gateway/cli.h"
#include "gateway/system.h"
#include "tests/gateway/temporary_folder.h"
#include "tests/simulators/fake_api.h"

namespace huiyin::gateway {
namespace {

using testing::HasSubstr;

class CliWeChat : public testing::Test {
 protected:
  /// The configuration with `codes` and what belongs to the channel.
  std::string config(const std::string& codes, const std::string& channel) {
    std::ofstream(folder_.file("token")) << "huiyinTestToken";
    std::ofstream(folder_.file("secret")) << "app-secret";
    const auto file = folder_.file("huiyin.yaml");
    std::ofstream(file) << "company: 滨江物业\nestates:\n  - {name: riverside, title: 滨江花园, hotline: \"0571\"}\n"
                        << codes << "channels:\n  - name: wechat:main\n    provider: wechat\n    mode: plain\n"
                        << "    app_id: wx0123456789abcdef\n    token: {file: " << folder_.file("token") << "}\n"
                        << "    api_url: " << fake_.url() << "\n"
                        << channel;
    return file;
  }
  std::string secret() { return "    app_secret: {file: " + folder_.file("secret") + "}\n"; }
  Console console() { return {in_, out_, errors_}; }

  TemporaryFolder folder_;
  simulators::FakeApi fake_;
  std::istringstream in_;
  std::ostringstream out_, errors_;
};

const std::string kMenu =
    "    menu:\n      - {name: 报修, key: MENU_REPAIR}\n      - name: 服务\n        buttons:\n"
    "          - {name: 查进度, key: MENU_PROGRESS}\n";

TEST_F(CliWeChat, TheMenuIsCreatedAndShown) {
  EXPECT_EQ(run_wechat_menu(config("", secret() + kMenu), {.show = true}, console()), EX_OK) << errors_.str();
  EXPECT_EQ(out_.str(), "there is no menu\n");
  EXPECT_EQ(run_wechat_menu(config("", secret() + kMenu), {}, console()), EX_OK) << errors_.str();
  EXPECT_THAT(out_.str(), HasSubstr("报修  click MENU_REPAIR\n服务\n  查进度  click MENU_PROGRESS\n"));
  EXPECT_THAT(fake_.api().menu(), HasSubstr("MENU_REPAIR"));
}

TEST_F(CliWeChat, ItsOwnCountersStandBesideOurs) {
  const auto yesterday = format_utc(SystemClock().now() + std::chrono::hours(8 - 24)).substr(0, 10);
  fake_.clock().set(SystemClock().now());
  const auto file = config("data_folder: " + folder_.file("") + "\n", secret());
  ASSERT_EQ(run_migrate(file, console()), EX_OK) << errors_.str();
  EXPECT_EQ(run_audit(file, yesterday, console()), EX_OK) << errors_.str();
  EXPECT_THAT(out_.str(), HasSubstr("wechat:main: WeChat's own counters are not to be had: nothing of that day yet"));
  fake_.api().set_counters(yesterday, 1234, 2);
  EXPECT_EQ(run_audit(file, yesterday, console()), EX_OK) << errors_.str();
  EXPECT_THAT(out_.str(), HasSubstr("wechat:main: WeChat itself counts 1234 calls to the hook, 2 of them failed\n"));
  const auto today = format_utc(SystemClock().now() + std::chrono::hours(8)).substr(0, 10);
  EXPECT_EQ(run_audit(file, today, console()), EX_OK) << errors_.str();
  EXPECT_THAT(out_.str(), HasSubstr("61501"));
  EXPECT_EQ(run_audit(config("data_folder: " + folder_.file("") + "\n", ""), yesterday, console()), EX_OK);
  EXPECT_THAT(out_.str(), HasSubstr("app_secret is missing"));
}

TEST_F(CliWeChat, WhatIsMissingIsSaid) {
  EXPECT_EQ(run_wechat_menu(config("", kMenu), {}, console()), EX_CONFIG);
  EXPECT_THAT(errors_.str(), HasSubstr("app_secret is missing"));
  EXPECT_EQ(run_wechat_menu(config("", secret()), {}, console()), EX_CONFIG);
  EXPECT_THAT(errors_.str(), HasSubstr("menu is missing"));
  EXPECT_EQ(run_wechat_menu(config("", secret()), {.channel = "wechat:none"}, console()), EX_CONFIG);
  EXPECT_THAT(errors_.str(), HasSubstr("no such WeChat channel"));
  EXPECT_EQ(run_qr(config("", secret()), {}, console()), EX_USAGE);
  EXPECT_THAT(errors_.str(), HasSubstr("codes is empty"));
}

TEST_F(CliWeChat, ARefusalIsShownWithItsCode) {
  fake_.api().faults().add({.call = "stable_token", .code = 40164});
  EXPECT_EQ(run_wechat_menu(config("", secret() + kMenu), {}, console()), EX_UNAVAILABLE);
  EXPECT_THAT(errors_.str(), HasSubstr("40164 this server's address is not on the IP allow-list"));
  fake_.api().faults().add({.call = "menu/create", .code = 40018});
  EXPECT_EQ(run_wechat_menu(config("", secret() + kMenu), {}, console()), EX_UNAVAILABLE);
  EXPECT_THAT(errors_.str(), HasSubstr("/cgi-bin/menu/create: 40018"));
}

TEST_F(CliWeChat, EachPlaceGetsItsQrCode) {
  const std::string codes =
      "codes:\n  - {code: L3-2, title: 3栋2单元电梯, category: repair/elevator}\n  - {code: P1, title: 地下水泵}\n";
  EXPECT_EQ(run_qr(config(codes, secret()), {.folder = folder_.file("qr")}, console()), EX_OK) << errors_.str();
  EXPECT_EQ(fake_.api().calls("qrcode/create"), 2);
  std::ifstream svg(folder_.file("qr") + "/L3-2.svg"), png(folder_.file("qr") + "/P1.png");
  const std::string text{std::istreambuf_iterator<char>(svg), {}};
  EXPECT_THAT(text, HasSubstr("3栋2单元电梯</text>"));
  EXPECT_THAT(text, HasSubstr("短信请发 L3-2</text>"));
  EXPECT_TRUE(png.good());
  EXPECT_EQ(run_qr(config(codes, secret()), {.codes = {"X9"}}, console()), EX_USAGE);
  EXPECT_THAT(errors_.str(), HasSubstr("there is no code \"X9\""));
}

}  // namespace
}  // namespace huiyin::gateway
