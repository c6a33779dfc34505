#include "adapters/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace huiyin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::map<std::string, std::string> kEnvironment{
    {"TOKEN", "huiyinTestToken"},
    {"KEY", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"},
    {"SHORT", "abc"},
};

struct Made {
  std::unique_ptr<Channel> channel;
  std::vector<std::string> complaints;
};

Made make(const std::string& yaml, const std::string& provider = "wechat", const std::string& kind = "wechat") {
  SecretSources secrets;
  secrets.environment = [](const std::string& name) {
    const auto found = kEnvironment.find(name);
    return found == kEnvironment.end() ? std::nullopt : std::optional(found->second);
  };
  secrets.file = [](const std::string& file) -> Expected<std::string> {
    return tl::unexpected(Error{file, "absent", {}});
  };
  ChannelConfig config;
  config.name = kind + ":main";
  config.kind = kind;
  config.account = "main";
  config.provider = provider;
  config.stanza = YamlNode::parse(yaml, "huiyin.yaml").value();
  std::vector<Error> errors;
  Made made;
  made.channel = make_channel(config, secrets, errors);
  for (const auto& error : errors) made.complaints.push_back(describe(error));
  return made;
}

const std::string kGood = "name: wechat:main\nprovider: wechat\napp_id: wx0123456789abcdef\ntoken: {env: TOKEN}\n";

TEST(Registry, MakesAWeChatChannel) {
  const auto made = make(kGood + "account_id: gh_0a1b2c3d4e5f\nmode: safe\naes_key: {current: {env: KEY}}\n");
  EXPECT_THAT(made.complaints, ElementsAre());
  ASSERT_NE(made.channel, nullptr);
  EXPECT_EQ(made.channel->capabilities().max_bytes, 2048U);
  EXPECT_EQ(made.channel->capabilities().reply_deadline, std::chrono::seconds(4));
  EXPECT_NE(make(kGood + "mode: plain\n").channel, nullptr);
}

TEST(Registry, NamesEveryMistakeWithItsLine) {
  const struct {
    std::string yaml, complaint;
  } table[] = {
      {kGood, "aes_key is missing"},
      {kGood + "aes_key: {env: SHORT}\n", "huiyin.yaml:5"},
      {kGood + "aes_key: {env: SHORT}\n", "not an EncodingAESKey"},
      {kGood + "mode: save\naes_key: {env: KEY}\n", "safe"},
      {kGood + "aes_key: {env: KEY}\naccount_id: wx1\n", "not an original id"},
      {kGood + "aes_key: {env: KEY}\ntimestamp_tolerance: 5\n", "timestamp_tolerance"},
      {kGood + "aes_key: {env: KEY}\nappid: x\n", "app_id"},
      {kGood + "aes_key: jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C\n", "aes_key"},
  };
  for (const auto& row : table) {
    const auto made = make(row.yaml);
    EXPECT_EQ(made.channel, nullptr) << row.yaml;
    EXPECT_THAT(made.complaints, testing::Contains(HasSubstr(row.complaint))) << row.yaml;
    for (const auto& complaint : made.complaints) {
      EXPECT_THAT(complaint, testing::Not(HasSubstr("jWmYm7qr"))) << "a secret in an error";
    }
  }
}

TEST(Registry, AnUnknownProviderIsAComplaintWithAWayOut) {
  EXPECT_THAT(make(kGood, "wechatt").complaints, ElementsAre(HasSubstr("Did you mean \"wechat\"?")));
  EXPECT_THAT(make(kGood, "x", "fax").complaints,
              ElementsAre(HasSubstr("this program speaks \"email\" \"sms\" \"web\" \"wechat\" \"workchat\"")));
}

TEST(Registry, TheTableIsSorted) {
  EXPECT_TRUE(std::is_sorted(providers().begin(), providers().end(), [](const auto& a, const auto& b) {
    return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
  }));
}

TEST(Rejects, HaveNamesAndStatuses) {
  EXPECT_EQ(status_of(RejectReason::bad_signature), 403);
  EXPECT_EQ(status_of(RejectReason::stale), 403);
  EXPECT_EQ(status_of(RejectReason::malformed), 400);
  EXPECT_EQ(status_of(RejectReason::too_large), 413);
  EXPECT_EQ(status_of(RejectReason::unsupported), 404);
  EXPECT_EQ(to_string(RejectReason::bad_signature), "bad_signature");
}

}  // namespace
}  // namespace huiyin
