// What all robots of groups owe, and how they are configured.
#include <gmock/gmock.h>

#include "tests/adapters/conformance.h"
#include "tests/adapters/workchat/robot_requests.h"
#include "tests/config/fake_secrets.h"
#include "tests/describe.h"

namespace huiyin::workchat {
namespace {

using testing::HasSubstr;
using testing::Not;

std::unique_ptr<Channel> dingtalk() { return std::make_unique<DingTalkRobot>(dingtalk_robot_config()); }
std::unique_ptr<Channel> feishu() { return std::make_unique<FeishuBot>(feishu_bot_config()); }

std::vector<SendingCase> cases() {
  const std::vector<HttpReply> ding = {{.body = R"({"errcode":0,"errmsg":"ok"})"},
                                       {.body = R"({"errcode":130101,"errmsg":"send too fast"})"},
                                       {.body = R"({"errcode":310000,"errmsg":"sign not match"})"}};
  const std::vector<HttpReply> lark = {
      {.body = R"({"code":0,"msg":"success","data":{},"StatusCode":0,"StatusMessage":"success"})"},
      {.body = R"({"code":19021,"msg":"sign match fail"})"},
      {.status = 429, .body = R"({"code":11232,"msg":"frequency limited"})"}};
  const auto text = to_group(message_to_staff("新工单 HY1024-4")), card = to_group(ticket_card());
  const auto mentioning = to_group(ticket_card(), "manager4220|ou_1");
  return {{"dingtalk_robot_text", dingtalk, text, sending_now(), ding},
          {"dingtalk_robot_card", dingtalk, card, sending_now(), ding},
          {"dingtalk_robot_mention", dingtalk, mentioning, sending_now(), ding},
          {"feishu_bot_text", feishu, text, sending_now(), lark},
          {"feishu_bot_card", feishu, card, sending_now(), lark},
          {"feishu_bot_mention", feishu, mentioning, sending_now(), lark}};
}
INSTANTIATE_TEST_SUITE_P(Robots, SendingConformance, testing::ValuesIn(cases()), sending_conformance_name);

TEST(Robots, HearNothing) {
  for (const auto& robot : {dingtalk(), feishu()}) {
    EXPECT_EQ(describe(robot->parse({.method = "POST", .body = "{}"})),
              "Reject unsupported: a group robot hears nothing");
    EXPECT_EQ(robot->acknowledge({}, {}, {}).status, 404);
    EXPECT_TRUE(robot->capabilities().staff && robot->capabilities().group && robot->capabilities().sends);
  }
}

struct Made {
  std::unique_ptr<Channel> channel;
  std::string complaints;
};

Made make(const std::string& yaml) {
  ChannelConfig config{.name = "workchat:group", .kind = "workchat", .account = "group"};
  config.stanza = YamlNode::parse("name: workchat:group\n" + yaml, "huiyin.yaml").value();
  config.provider = config.stanza->find("provider")->text();
  std::vector<Error> errors;
  Made made;
  made.channel = make_channel(config,
                              fake_secrets({{"TOKEN", "0b1c2d3e"},
                                            {"KEY", kFeishuKey},
                                            {"SECRET", kDingTalkSecret},
                                            {"SHORT", "SEC0b1c"},
                                            {"ADDRESS", "https://oapi.dingtalk.com/robot/send?access_token=0b1c"}}),
                              errors);
  made.complaints = lines(errors);
  return made;
}

TEST(Robots, AreMadeFromTheirStanza) {
  for (const std::string yaml :
       {"provider: dingtalk_robot\ntoken: {env: TOKEN}\n",
        "provider: dingtalk_robot\ntoken: {env: TOKEN}\nsecret: {env: SECRET}\nkeyword: 工单\n",
        "provider: feishu_bot\nkey: {env: KEY}\n",
        "provider: feishu_bot\nkey: {env: KEY}\nsecret: {env: SHORT}\nkeyword: 工单\nsource: 滨江物业\n"}) {
    const auto made = make(yaml);
    EXPECT_NE(made.channel, nullptr) << yaml << made.complaints;
  }
}

TEST(Robots, EveryMistakeIsNamedWithItsLine) {
  const std::string ding = "provider: dingtalk_robot\n", lark = "provider: feishu_bot\n";
  const struct {
    std::string yaml, complaint;
  } table[] = {
      {ding, "token is missing"},
      {ding + "token: {env: ADDRESS}\n", "huiyin.yaml:3: channels[0] workchat:group: not a robot's token"},
      {ding + "token: {env: TOKEN}\nsecret: {env: SHORT}\n", "not a robot's secret"},
      {ding + "token: {env: TOKEN}\nkeyword: 一二三四五六七八九十一二三四五六七八九十一\n", "over 20 characters"},
      {ding + "token: {env: TOKEN}\napi_url: http://oapi.dingtalk.com\n", "plain http"},
      {ding + "token: 0b1c2d3e\n", "token"},
      {ding + "token: {env: TOKEN}\nkeywords: 工单\n", "Did you mean \"keyword\"?"},
      {lark, "key is missing"},
      {lark + "key: {env: ADDRESS}\n", "not a bot's key"},
      {lark + "key: {env: KEY}\napi_url: http://open.feishu.cn\n", "plain http"},
  };
  for (const auto& row : table) {
    const auto made = make(row.yaml);
    EXPECT_EQ(made.channel, nullptr) << row.yaml;
    EXPECT_THAT(made.complaints, HasSubstr(row.complaint)) << row.yaml;
    EXPECT_THAT(made.complaints, Not(HasSubstr("0b1c"))) << "a secret in an error";
  }
}

}  // namespace
}  // namespace huiyin::workchat
