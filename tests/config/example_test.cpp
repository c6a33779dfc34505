#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

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

const SecretSources kSecrets =
    fake_secrets({{"HUIYIN_WECHAT_TOKEN", "token"}, {"HUIYIN_WECHAT_AES_KEY", "key"}, {"HUIYIN_DB_PASSWORD", "pw"}});

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

TEST(ExampleConfig, ItsWechatStanzaHasTheKeysThatTheAdapterReads) {
  const auto config = parse_config(example(), "huiyin.example.yaml", kSecrets);
  ASSERT_TRUE(config) << lines(config.error());
  std::vector<Error> errors;
  StanzaReader read(config->channels.at(0), kSecrets, errors);
  EXPECT_EQ(read.text("app_id"), "wx0123456789abcdef");
  EXPECT_EQ(read.text("account_id"), "gh_0123456789ab");
  EXPECT_EQ(read.one_of("mode", {"safe", "compatible", "plain"}), "safe");
  EXPECT_EQ(read.secret("token").reveal(), "token");
  EXPECT_EQ(read.rotated_secret("aes_key").current.reveal(), "key");
  EXPECT_EQ(read.number("timestamp_tolerance", 1, 86400, 600), 600);
  read.finish();
  EXPECT_TRUE(errors.empty()) << lines(errors);
}

}  // namespace
}  // namespace huiyin
