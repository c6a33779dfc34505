#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/workchat/wecom.h"
#include "adapters/workchat/wecom_robot.h"
#include "tests/config/fake_secrets.h"

namespace huiyin::workchat {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kGood =
    "name: workchat:wecom\nprovider: wecom\ncorp_id: ww0123456789abcdef\nagent_id: 1000002\ntoken: {env: TOKEN}\n"
    "aes_key: {env: KEY}\n";
const std::string kGoodRobot = "name: workchat:wecom\nprovider: wecom_robot\n";

struct Made {
  std::unique_ptr<Channel> channel;
  std::string complaints;
};

Made make(const std::string& yaml) {
  ChannelConfig config{.name = "workchat:wecom", .kind = "workchat", .account = "wecom"};
  config.stanza = YamlNode::parse(yaml, "huiyin.yaml").value();
  config.provider = config.stanza->find("provider")->text();
  std::vector<Error> errors;
  Made made;
  made.channel = make_channel(config,
                              fake_secrets({{"TOKEN", "huiyinCorpToken"},
                                            {"KEY", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"},
                                            {"SHORT", "abc"},
                                            {"SECRET", "s3cret"},
                                            {"ROBOT", "0b1c2d3e-0000-4000-8000-000000000001"},
                                            {"ADDRESS", "https://qyapi.weixin.qq.com/x?key=0b1c"}}),
                              errors);
  made.complaints = lines(errors);
  return made;
}

TEST(WeComConfig, WithASecretItSends) {
  const auto made = make(kGood + "secret: {env: SECRET}\napi_url: http://127.0.0.1:8090\n");
  ASSERT_NE(made.channel, nullptr) << made.complaints;
  const auto can = made.channel->capabilities();
  EXPECT_TRUE(can.sends && can.staff && can.buttons && can.idempotent && can.photos_in);
  EXPECT_FALSE(can.push_windows);
  EXPECT_EQ(can.reply_deadline, std::chrono::seconds(4));
  EXPECT_TRUE(made.channel->shortcomings().empty());
  EXPECT_FALSE(make(kGood).channel->capabilities().sends);
}

TEST(WeComConfig, ARobotHasAKey) {
  const auto made = make(kGoodRobot + "key: {env: ROBOT}\n");
  ASSERT_NE(made.channel, nullptr) << made.complaints;
  EXPECT_TRUE(made.channel->capabilities().staff);
  EXPECT_EQ(made.channel->capabilities().reply_deadline.count(), 0);
}

TEST(WeComConfig, NamesEveryMistakeWithItsLine) {
  const struct {
    std::string yaml, complaint;
  } table[] = {
      {"provider: wecom\n", "corp_id is missing"},
      {"provider: wecom\n", "agent_id is missing"},
      {"provider: wecom\n", "aes_key is missing"},
      {kGood + "secret: s3cret\n", "secret"},
      {kGood + "api_url: http://qyapi.weixin.qq.com\n", "huiyin.yaml:7: channels[0] workchat:wecom: plain http"},
      {kGood + "agentid: 3\n", "agent_id"},
      {"provider: wecom\ncorp_id: gh_1\nagent_id: 1\ntoken: {env: TOKEN}\naes_key: {env: KEY}\n", "not a CorpID"},
      {"provider: wecom\ncorp_id: ww1\nagent_id: 0\ntoken: {env: TOKEN}\naes_key: {env: SHORT}\n", "agent_id"},
      {"provider: wecom\ncorp_id: ww1\nagent_id: 1\ntoken: {env: TOKEN}\naes_key: {env: SHORT}\n",
       "not an EncodingAESKey"},
      {kGoodRobot, "key is missing"},
      {kGoodRobot + "key: {env: ADDRESS}\n", "not a robot's key"},
  };
  for (const auto& row : table) {
    const auto made = make(row.yaml);
    EXPECT_EQ(made.channel, nullptr) << row.yaml;
    EXPECT_THAT(made.complaints, HasSubstr(row.complaint)) << row.yaml;
    EXPECT_THAT(made.complaints, Not(HasSubstr("s3cret"))) << "a secret in an error";
    EXPECT_THAT(made.complaints, Not(HasSubstr("0b1c"))) << "a secret in an error";
  }
}

}  // namespace
}  // namespace huiyin::workchat
