#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "adapters/registry.h"
#include "tests/config/fake_secrets.h"

namespace huiyin {
namespace {

std::string example() {
  std::ifstream in("config/huiyin.example.yaml");
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The example with `from`, which must be there, changed to `to`: switches a line on or off.
std::string changed(std::string text, const std::string& from, const std::string& to) {
  const auto begin = text.find(from);
  EXPECT_NE(begin, std::string::npos) << from;
  if (begin != std::string::npos) text.replace(begin, from.size(), to);
  return text;
}

const SecretSources kSecrets = fake_secrets({{"HUIYIN_WECHAT_TOKEN", "token"},
                                             {"HUIYIN_WECHAT_AES_KEY", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"},
                                             {"HUIYIN_WECHAT_APP_SECRET", "secret"},
                                             {"HUIYIN_WECOM_TOKEN", "token"},
                                             {"HUIYIN_WECOM_AES_KEY", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"},
                                             {"HUIYIN_WECOM_SECRET", "secret"},
                                             {"HUIYIN_WECOM_ROBOT_KEY", "0b1c2d3e-0000-4000-8000-000000000001"},
                                             {"HUIYIN_FEISHU_SECRET", "secret"},
                                             {"HUIYIN_FEISHU_ENCRYPT_KEY", "key"},
                                             {"HUIYIN_FEISHU_TOKEN", "token"},
                                             {"HUIYIN_DINGTALK_SECRET", "secret"},
                                             {"HUIYIN_DINGTALK_ROBOT_TOKEN", "0d1c2b3a"},
                                             {"HUIYIN_DINGTALK_ROBOT_SECRET", "SEC" + std::string(64, '0')},
                                             {"HUIYIN_FEISHU_BOT_KEY", "0b1c2d3e-0000-4000-8000-000000000002"},
                                             {"HUIYIN_FEISHU_BOT_SECRET", "secret"},
                                             {"HUIYIN_KANNEL_PASSWORD", "pw"},
                                             {"HUIYIN_SMS_SECRET", "0123456789abcdef0123456789abcdef"},
                                             {"HUIYIN_ALIYUN_SECRET", "secret"},
                                             {"HUIYIN_TENCENT_SECRET", "secret"},
                                             {"HUIYIN_TWILIO_TOKEN", "token"},
                                             {"HUIYIN_LINKS_SECRET", "0123456789abcdef0123456789abcdef"},
                                             {"HUIYIN_DB_PASSWORD", "pw"}});

TEST(ExampleConfig, IsValid) {
  const auto config = parse_config(example(), "huiyin.example.yaml", kSecrets);
  ASSERT_TRUE(config) << lines(config.error());
  ASSERT_EQ(config->channels.size(), 1U);
  EXPECT_EQ(config->channels[0].hook_url(), "https://huiyin.example.com/hook/wechat/main");
  EXPECT_EQ(config->estates.at(0).title, "滨江花园");
}

TEST(ExampleConfig, ItsMysqlStanzaIsValidToo) {
  auto text = example();
  text = changed(text, "  driver: sqlite", "  # driver: sqlite");
  for (const auto* line :
       {"driver: mysql", "host:", "port: 3306", "name: huiyin", "user: huiyin", "password: {env: HUIYIN_DB"})
    text = changed(text, std::string("  # ") + line, std::string("  ") + line);
  const auto config = parse_config(text, "huiyin.example.yaml", kSecrets);
  ASSERT_TRUE(config) << lines(config.error());
  EXPECT_EQ(config->database.driver, "mysql");
  EXPECT_EQ(config->database.password.reveal(), "pw");
}

TEST(ExampleConfig, EachChannelsOwnKeysAreThoseOfItsProvider) {
  const auto config = parse_config(example(), "huiyin.example.yaml", kSecrets);
  ASSERT_TRUE(config) << lines(config.error());
  for (const auto& channel : config->channels) {
    std::vector<Error> errors;
    EXPECT_NE(make_channel(channel, kSecrets, errors), nullptr) << channel.describe();
    EXPECT_TRUE(errors.empty()) << lines(errors);
  }
}

TEST(ExampleConfig, WhatWeChatSendsWithIsValidToo) {
  auto text = example();
  const auto from = text.find("    # app_secret"), until = text.find("    sending:");
  ASSERT_LT(from, until);
  auto block = text.substr(from, until - from);
  for (auto at = block.find("    # "); at != std::string::npos; at = block.find("\n    # ", at))
    block.erase(block[at] == '\n' ? at + 5 : at + 4, 2);
  text.replace(from, until - from, block);
  const auto config = parse_config(text, "huiyin.example.yaml", kSecrets);
  ASSERT_TRUE(config) << lines(config.error());
  std::vector<Error> errors;
  const auto channel = make_channel(config->channels.at(0), kSecrets, errors);
  ASSERT_NE(channel, nullptr) << lines(errors);
  EXPECT_TRUE(channel->capabilities().sends);
  EXPECT_EQ(channel->provider_templates().size(), 1U);
  EXPECT_TRUE(channel->shortcomings().empty());
}

/// The example with the stanza that begins with `first` switched on.
std::string with_stanza(std::string text, const std::string& first) {
  auto at = text.find("  # - name: " + first);
  EXPECT_NE(at, std::string::npos) << first;
  while (text.compare(at, 4, "  # ") == 0) {
    text.erase(at + 2, 2);
    at = text.find('\n', at) + 1;
  }
  return text;
}

TEST(ExampleConfig, ItsLinksAreValidToo) {
  auto text = example();
  for (const auto* line : {"links:", "  secret: {current", "  days: 14"})
    text = changed(text, std::string("# ") + line, line);
  const auto config = parse_config(text, "huiyin.example.yaml", kSecrets);
  ASSERT_TRUE(config) << lines(config.error());
  EXPECT_EQ(config->links_secret.current.reveal(), "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(config->links_days, 14);
  const auto short_secret = fake_secrets({{"HUIYIN_WECHAT_TOKEN", "token"},
                                          {"HUIYIN_WECHAT_AES_KEY", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"},
                                          {"HUIYIN_LINKS_SECRET", "guessme"}});
  const auto refused = parse_config(text, "huiyin.example.yaml", short_secret);
  ASSERT_FALSE(refused);
  EXPECT_THAT(lines(refused.error()), testing::HasSubstr("links: secret is too short"));
  EXPECT_THAT(lines(refused.error()), testing::Not(testing::HasSubstr("guessme")));
}

TEST(ExampleConfig, TheStanzasForStaffAreValidToo) {
  auto text = example();
  for (const char* name :
       {"workchat:wecom", "workchat:duty-group", "workchat:ding-group", "workchat:feishu", "workchat:dingtalk"})
    text = with_stanza(text, name);
  const auto config = parse_config(text, "huiyin.example.yaml", kSecrets);
  ASSERT_TRUE(config) << lines(config.error());
  ASSERT_EQ(config->channels.size(), 7U);
  for (const auto& stanza : config->channels) {
    std::vector<Error> errors;
    const auto channel = make_channel(stanza, kSecrets, errors);
    ASSERT_NE(channel, nullptr) << lines(errors);
    EXPECT_EQ(channel->capabilities().staff, stanza.kind == "workchat");
    EXPECT_EQ(channel->capabilities().sends, stanza.kind == "workchat");
  }
  EXPECT_EQ(config->channels[1].hook_url(), "https://huiyin.example.com/hook/workchat/wecom");
}

TEST(ExampleConfig, TheSmsProvidersAreValidToo) {
  const auto config = parse_config(with_stanza(example(), "sms:estate"), "huiyin.example.yaml", kSecrets);
  ASSERT_TRUE(config) << lines(config.error());
  ASSERT_EQ(config->channels.size(), 5U);
  for (std::size_t i = 1; i < config->channels.size(); ++i) {
    std::vector<Error> errors;
    EXPECT_NE(make_channel(config->channels[i], kSecrets, errors), nullptr) << lines(errors);
    EXPECT_EQ(config->channels[i].kind, "sms");
  }
}

TEST(ExampleConfig, TheMailboxIsValidToo) {
  const auto text = with_stanza(example(), "email:feedback");
  const auto secrets = fake_secrets({{"HUIYIN_MAIL_KEY", "0123456789abcdef0123456789abcdef"},
                                     {"HUIYIN_SMTP_PASSWORD", "smtp"},
                                     {"HUIYIN_IMAP_PASSWORD", "imap"}});
  const auto config = parse_config(text, "huiyin.example.yaml", kSecrets);
  ASSERT_TRUE(config) << lines(config.error());
  std::vector<Error> errors;
  const auto channel = make_channel(config->channels.at(1), secrets, errors);
  ASSERT_NE(channel, nullptr) << lines(errors);
  EXPECT_TRUE(channel->capabilities().sends);
  ASSERT_TRUE(channel->mailbox());
  EXPECT_EQ(channel->mailbox()->done_folder, "Processed");
  EXPECT_TRUE(channel->shortcomings().empty());
}

TEST(ExampleConfig, AMistakeInAChannelsOwnKeysIsToldWithItsLine) {
  const auto text = changed(example(), "    token: {env: HUIYIN_WECHAT_TOKEN}", "    tokn: {env: HUIYIN_WECHAT_TOKEN}");
  const auto config = parse_config(text, "huiyin.example.yaml", kSecrets);
  ASSERT_TRUE(config) << lines(config.error());
  std::vector<Error> errors;
  EXPECT_EQ(make_channel(config->channels.at(0), kSecrets, errors), nullptr);
  EXPECT_THAT(lines(errors), testing::HasSubstr("channels[0] wechat:main: token is missing. Set it to {env: NAME}"));
  EXPECT_THAT(lines(errors), testing::HasSubstr("unknown key \"tokn\". Did you mean \"token\"?"));
}

}  // namespace
}  // namespace huiyin
