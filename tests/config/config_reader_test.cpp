#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/config.h"
#include "tests/config/fake_secrets.h"

namespace huiyin {
namespace {

/// A channel whose stanza begins at line 1, as parse_config() would hand it to a factory.
ChannelConfig channel(const std::string& stanza) {
  ChannelConfig out;
  out.name = "sms:estate";
  out.index = 2;
  out.stanza = YamlNode::parse(stanza, "huiyin.yaml").value();
  return out;
}

class StanzaTest : public testing::Test {
 protected:
  StanzaReader reader(const std::string& stanza) { return {channel(stanza), sources_, errors_}; }
  std::string complaints() { return lines(errors_); }

  SecretSources sources_ =
      fake_secrets({{"TOKEN", "t0ken"}, {"OLD", "0ld"}, {"EMPTY", ""}}, {{"/run/pw", "from-file"}});
  std::vector<Error> errors_;
};

TEST_F(StanzaTest, ReadsSecretsFromEnvironmentAndFile) {
  auto read = reader("name: sms:estate\nprovider: kannel\nestate: a\ntoken: {env: TOKEN}\npassword: {file: /run/pw}\n");
  EXPECT_EQ(read.secret("token").reveal(), "t0ken");
  EXPECT_EQ(read.secret("password").reveal(), "from-file");
  EXPECT_FALSE(read.optional_secret("other"));
  read.finish();
  EXPECT_EQ(complaints(), "");
}

TEST_F(StanzaTest, EachUnusableSecretIsNamedWithItsLine) {
  struct {
    const char *name, *stanza, *expect;
  } const table[] = {
      {"missing", "name: sms:estate\n",
       "huiyin.yaml:1: channels[2] sms:estate: token is missing. Set it to {env: NAME} or {file: PATH}; openssl rand "
       "-hex 16 "
       "makes one.\n"},
      {"in clear", "name: sms:estate\ntoken: t0ken\n",
       "huiyin.yaml:2: channels[2] sms:estate: token is written in clear. Move it to {env: NAME} or {file: PATH}, and "
       "change "
       "the secret.\n"},
      {"a variable that is not set", "a: 1\ntoken: {env: NO_SUCH}\n",
       "huiyin.yaml:2: channels[2] sms:estate: token: the environment variable NO_SUCH is not set. Export it for the "
       "daemon "
       "(systemd: EnvironmentFile=), or use {file: PATH}.\n"},
      {"a variable that is empty", "a: 1\ntoken: {env: EMPTY}\n",
       "huiyin.yaml:2: channels[2] sms:estate: token: the environment variable EMPTY is empty. Export it for the "
       "daemon "
       "(systemd: EnvironmentFile=), or use {file: PATH}.\n"},
      {"a file that is not there", "a: 1\ntoken:\n  file: /no/such\n",
       "huiyin.yaml:3: channels[2] sms:estate: token: the file /no/such cannot be opened. Check the path.\n"},
      {"two sources", "token: {env: TOKEN, file: /run/pw}\n",
       "huiyin.yaml:1: channels[2] sms:estate: token names no single source. Set it to {env: NAME} or {file: PATH}; "
       "openssl "
       "rand -hex 16 makes one.\n"},
      {"an unknown source", "token: {vault: x}\n",
       "huiyin.yaml:1: channels[2] sms:estate: token names no single source. Set it to {env: NAME} or {file: PATH}; "
       "openssl "
       "rand -hex 16 makes one.\n"},
  };
  for (const auto& row : table) {
    errors_.clear();
    EXPECT_TRUE(reader(row.stanza).secret("token").empty()) << row.name;
    EXPECT_EQ(complaints(), row.expect) << row.name;
  }
}

TEST_F(StanzaTest, AComplaintNeverRepeatsASecret) {
  auto read = reader("token: hunter2\nkey: {current: hunter2, previous: [hunter2]}\n");
  (void)read.secret("token");
  (void)read.rotated_secret("key");
  EXPECT_EQ(errors_.size(), 3U);
  EXPECT_THAT(complaints(), testing::Not(testing::HasSubstr("hunter2")));
}

TEST_F(StanzaTest, ARotatedSecretMayBeOneSourceOrTwo) {
  auto read =
      reader("one: {env: TOKEN}\ntwo: {current: {env: TOKEN}, previous: {env: OLD}}\nfirst: {current: {env: TOKEN}}\n");
  EXPECT_EQ(read.rotated_secret("one").current.reveal(), "t0ken");
  const auto two = read.rotated_secret("two");
  EXPECT_EQ(two.current.reveal(), "t0ken");
  EXPECT_EQ(two.previous.reveal(), "0ld");
  EXPECT_TRUE(read.rotated_secret("first").previous.empty());
  EXPECT_EQ(complaints(), "");
}

TEST_F(StanzaTest, ARotatedSecretsPartsAreChecked) {
  auto read = reader("key:\n  previous: {env: NO_SUCH}\n  next: {env: TOKEN}\n");
  EXPECT_TRUE(read.rotated_secret("key").current.empty());
  EXPECT_EQ(
      complaints(),
      "huiyin.yaml:2: channels[2] sms:estate: key.previous: the environment variable NO_SUCH is not set. Export it for "
      "the daemon (systemd: EnvironmentFile=), or use {file: PATH}.\n"
      "huiyin.yaml:3: channels[2] sms:estate: key has no key \"next\". It takes current and previous.\n"
      "huiyin.yaml:1: channels[2] sms:estate: key.current is missing. Set it to {env: NAME} or {file: PATH}; openssl "
      "rand -hex 16 makes one.\n");
}

TEST_F(StanzaTest, UrlsLoseTheirLastSlashAndMustBeUrls) {
  auto read = reader("a: https://a.test/\nb: ftp://a.test\nc: 'http://'\n");
  EXPECT_EQ(read.url("a"), "https://a.test");
  EXPECT_EQ(read.url("missing", "http://default.test"), "http://default.test");
  EXPECT_EQ(complaints(), "");
  (void)read.url("b");
  (void)read.url("c");
  (void)read.url("d");
  EXPECT_EQ(
      complaints(),
      "huiyin.yaml:2: channels[2] sms:estate: b is no URL: \"ftp://a.test\". Write it as https://huiyin.example.com.\n"
      "huiyin.yaml:3: channels[2] sms:estate: c is no URL: \"http://\". Write it as https://huiyin.example.com.\n"
      "huiyin.yaml:1: channels[2] sms:estate: d is missing.\n");
}

TEST_F(StanzaTest, AKeyThatNobodyReadsIsUnknown) {
  auto read = reader("name: sms:estate\nhook_tokn: {env: TOKEN}\n");
  (void)read.optional_secret("hook_token");
  read.finish();
  EXPECT_EQ(complaints(),
            "huiyin.yaml:2: channels[2] sms:estate: unknown key \"hook_tokn\". Did you mean \"hook_token\"?\n");
}

TEST(ProcessSecrets, ReadsAFileWithoutItsLineEnd) {
  const auto file = std::filesystem::path(testing::TempDir()) / "huiyin-secret";
  std::ofstream(file) << "s3cret\n";
  const auto sources = process_secrets();
  EXPECT_EQ(sources.file(file.string()).value(), "s3cret");
  std::ofstream(file) << std::string(70'000, 'x');
  EXPECT_EQ(sources.file(file.string()).error().what, "is over 64 KB");
  EXPECT_FALSE(sources.file(testing::TempDir())) << "a folder";
  std::filesystem::remove(file);
  EXPECT_EQ(sources.file(file.string()).error().what, "cannot be opened");
}

TEST(ProcessSecrets, ReadsTheEnvironment) {
  ASSERT_EQ(setenv("HUIYIN_CONFIG_TEST", "value", 1), 0);
  EXPECT_EQ(process_secrets().environment("HUIYIN_CONFIG_TEST"), "value");
  EXPECT_FALSE(process_secrets().environment("HUIYIN_NO_SUCH_VARIABLE"));
}

}  // namespace
}  // namespace huiyin
