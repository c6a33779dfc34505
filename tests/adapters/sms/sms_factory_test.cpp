#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/adapters/sms/sms_requests.h"
#include "tests/config/fake_secrets.h"

namespace huiyin::sms {
namespace {

using testing::HasSubstr;

struct Made {
  std::unique_ptr<Channel> channel;
  std::string complaints;
};

Made make(Factory* factory, const std::string& yaml) {
  ChannelConfig config{.name = "sms:estate", .kind = "sms", .account = "estate", .public_url = "https://h.test"};
  config.stanza = YamlNode::parse("name: sms:estate\nprovider: x\n" + yaml, "huiyin.yaml").value();
  std::vector<Error> errors;
  Made made;
  made.channel = factory(config, fake_secrets({{"SECRET", kSecret}, {"SHORT", "short"}, {"PASSWORD", "pw"}}), errors);
  made.complaints = lines(errors);
  return made;
}

const std::string kKannel =
    "send_url: http://127.0.0.1:13013/cgi-bin/sendsms\nusername: huiyin\npassword: {env: PASSWORD}\nsender: "
    "'10690000'\n";
const std::string kAliyun =
    "access_key_id: LTAI\naccess_key_secret: {env: PASSWORD}\nsignature: 滨江物业\ntemplates:\n"
    "  - carries: [ticket_received]\n    id: SMS_1\n    wording: 工单{number}已登记\n    parameters: {number: {data: "
    "number, "
    "kind: number}}\n";
const std::string kTencent =
    "secret_id: AKID\nsecret_key: {env: PASSWORD}\napp_id: '1400006666'\nsignature: 滨江物业\n"
    "templates:\n  - {carries: '*', id: '1110', parameters: {'1': text}}\n";
const std::string kTwilio = "account_sid: AC0\nauth_token: {env: PASSWORD}\nfrom: '+14155550101'\n";
const std::string kGuard = "callback_secret: {env: SECRET}\n";

TEST(SmsFactories, EachMakesAChannelThatSendsAndReports) {
  for (const auto& [factory, yaml] : {std::pair(&make_kannel, kKannel + kGuard),
                                      {&make_aliyun, kAliyun + kGuard},
                                      {&make_tencent, kTencent + kGuard},
                                      {&make_twilio, kTwilio}}) {
    const auto made = make(factory, yaml);
    ASSERT_NE(made.channel, nullptr) << made.complaints;
    const auto can = made.channel->capabilities();
    EXPECT_TRUE(can.sends && can.receipts && can.proves_peer && !can.passive_reply) << yaml;
    EXPECT_EQ(can.segment, 70U);
    EXPECT_GT(can.reply_deadline.count(), 0);
  }
  EXPECT_EQ(make(&make_aliyun, kAliyun + kGuard).channel->carried(), std::vector<std::string>{"ticket_received"});
  EXPECT_EQ(make(&make_kannel, kKannel + kGuard).channel->carried(), std::nullopt);
}

TEST(SmsFactories, NameEveryMistakeWithItsLine) {
  const struct {
    Factory* factory;
    std::string yaml, complaint;
  } table[] = {
      {&make_kannel, kKannel, "callback_secret is missing"},
      {&make_kannel, kKannel + "callback_secret: {env: SHORT}\n", "is no 16 or more letters and digits"},
      {&make_kannel, kKannel + kGuard + "allow_from: [everywhere]\n", "\"everywhere\" is no address or range"},
      {&make_kannel, kKannel + kGuard + "sendr: x\n", "Did you mean \"sender\"?"},
      {&make_kannel, kKannel + kGuard + "max_parts: 99\n", "max_parts"},
      {&make_kannel, "send_url: http://kannel.test/\nusername: h\npassword: {env: PASSWORD}\nsender: s\n" + kGuard,
       "plain http would carry the password in clear"},
      {&make_aliyun, kAliyun + kGuard + "api_url: http://h.test\n", "plain http"},
      {&make_aliyun,
       "access_key_id: L\naccess_key_secret: {env: PASSWORD}\nsignature: 【滨江】\ntemplates: []\n" + kGuard,
       "without 【】"},
      {&make_tencent, "secret_id: A\nsecret_key: {env: PASSWORD}\napp_id: '1'\nsignature: s\n" + kGuard,
       "templates is missing"},
      {&make_tencent,
       "secret_id: A\nsecret_key: {env: PASSWORD}\napp_id: '1'\nsignature: s\ntemplates:\n"
       "  - {carries: [a], id: '1'}\n  - {carries: [a], id: '2'}\n" +
           kGuard,
       "\"a\" is carried by two"},
      {&make_tencent,
       "secret_id: A\nsecret_key: {env: PASSWORD}\napp_id: '1'\nsignature: s\ntemplates:\n"
       "  - {carries: [a], id: '1', wording: 工单, parameters: {number: number}}\n" +
           kGuard,
       "wording has no {number}"},
      {&make_tencent,
       "secret_id: A\nsecret_key: {env: PASSWORD}\napp_id: '1'\nsignature: s\ntemplates:\n"
       "  - {carries: [a], id: '1', parameters: {'1': {text: 'http://h.test'}}}\n" +
           kGuard,
       "a link, which no variable may hold"},
      {&make_twilio, "account_sid: AC0\nauth_token: {env: PASSWORD}\n", "one of from and messaging_service is needed"},
      {&make_twilio, "account_sid: 0\nauth_token: {env: PASSWORD}\nfrom: x\n", "It begins with AC"},
  };
  for (const auto& row : table) {
    const auto made = make(row.factory, row.yaml);
    EXPECT_EQ(made.channel, nullptr) << row.yaml;
    EXPECT_THAT(made.complaints, HasSubstr(row.complaint)) << row.yaml;
    EXPECT_THAT(made.complaints, HasSubstr("huiyin.yaml:")) << row.yaml;
  }
}

}  // namespace
}  // namespace huiyin::sms
