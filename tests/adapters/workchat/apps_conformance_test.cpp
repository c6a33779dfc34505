// What all adapters owe, of the apps of DingTalk and Feishu; and how they are configured.
#include <gmock/gmock.h>

#include "tests/adapters/conformance.h"
#include "tests/adapters/workchat/app_requests.h"
#include "tests/config/fake_secrets.h"

namespace huiyin::workchat {
namespace {

using testing::HasSubstr;
using testing::Not;

std::unique_ptr<Channel> feishu() { return std::make_unique<Feishu>(feishu_config()); }
std::unique_ptr<Channel> dingtalk() { return std::make_unique<DingTalk>(dingtalk_config()); }

std::string signature_in(const HttpRequest& request, std::string_view header) {
  return std::string(request.header(header));
}

std::string with_our_button(std::string tap) {
  const std::string theirs = "\"value\": {";
  const auto at = tap.find(theirs) + theirs.size();
  return tap.substr(0, at) + "\"card\":\"t1-2\",\"key\":\"accept\"," + tap.substr(at);
}

std::vector<ConformanceCase> cases() {
  const auto text = feishu_callback(chat_payload("feishu/message-text-p2p.json"));
  const auto tap = feishu_callback(with_our_button(chat_payload("feishu/card-action-trigger-v2.json")));
  const auto old_tap = feishu_old_tap(with_our_button(chat_payload("feishu/card-action-v1.json")));
  const auto ding = dingtalk_callback(chat_payload("dingtalk/text-single.json"));
  return {{"feishu_text", feishu, text, signature_in(text, "x-lark-signature")},
          {"feishu_tap", feishu, tap, signature_in(tap, "x-lark-signature")},
          {"feishu_old_tap", feishu, old_tap, signature_in(old_tap, "x-lark-signature")},
          {"dingtalk_text", dingtalk, ding, signature_in(ding, "sign")}};
}

std::vector<ConformanceCase> bound_cases() {
  auto all = cases();
  all.pop_back();  // DingTalk's signature does not cover the body
  return all;
}

std::vector<SendingCase> sending_cases() {
  auto change = to_feishu(ticket_card());
  change.card.replaces = "om_1";
  auto photo = to_feishu(message_to_staff(""));
  photo.media = {{MediaKind::image, "img_1", ""}};
  const std::vector<HttpReply> lark = {{.body = R"({"code":0,"msg":"success","data":{"message_id":"om_1"}})"},
                                       {.status = 400, .body = R"({"code":230001,"msg":"x"})"},
                                       {.status = 400, .body = R"({"code":99991663,"msg":"x"})"}};
  const std::vector<HttpReply> ding = {{.body = R"({"processQueryKey":"k1","invalidStaffIdList":[]})"},
                                       {.body = R"({"processQueryKey":"k1","invalidStaffIdList":["manager4220"]})"},
                                       {.status = 400, .body = R"({"code":"InvalidParameter","message":"x"})"}};
  return {{"feishu_text", feishu, to_feishu(message_to_staff("新工单")), sending_now(), lark},
          {"feishu_card", feishu, to_feishu(ticket_card()), sending_now(), lark},
          {"feishu_card_change", feishu, change, sending_now(), lark},
          {"feishu_photo", feishu, photo, sending_now(), lark},
          {"dingtalk_text", dingtalk, to_dingtalk(message_to_staff("新工单")), sending_now(), ding},
          {"dingtalk_card", dingtalk, to_dingtalk(ticket_card()), sending_now(), ding}};
}

INSTANTIATE_TEST_SUITE_P(Apps, SendingConformance, testing::ValuesIn(sending_cases()), sending_conformance_name);
INSTANTIATE_TEST_SUITE_P(Apps, ChannelConformance, testing::ValuesIn(cases()), conformance_name);
INSTANTIATE_TEST_SUITE_P(Apps, BoundBodyConformance, testing::ValuesIn(bound_cases()), conformance_name);

struct Made {
  std::unique_ptr<Channel> channel;
  std::string complaints;
};

Made make(const std::string& yaml) {
  ChannelConfig config{.name = "workchat:chat", .kind = "workchat", .account = "chat"};
  config.stanza = YamlNode::parse("name: workchat:chat\n" + yaml, "huiyin.yaml").value();
  config.provider = config.stanza->find("provider")->text();
  std::vector<Error> errors;
  Made made;
  made.channel = make_channel(
      config, fake_secrets({{"SECRET", "s3cret"}, {"KEY", "s3cretkey"}, {"TOKEN", "s3crettoken"}}), errors);
  made.complaints = lines(errors);
  return made;
}

const std::string kLark =
    "provider: feishu\napp_id: cli_a0123456789abcde\nencrypt_key: {env: KEY}\ntoken: {env: TOKEN}\n";
const std::string kDing = "provider: dingtalk\ncorp_id: ding0123456789abcdef\napp_key: dinghuiyin000001\n";

TEST(Apps, AreMadeFromTheirStanza) {
  const auto lark = make(kLark + "secret: {env: SECRET}\nid_type: user_id\ntenant_key: 2ca1\nsource: 滨江\n");
  ASSERT_NE(lark.channel, nullptr) << lark.complaints;
  const auto can = lark.channel->capabilities();
  EXPECT_TRUE(can.sends && can.staff && can.buttons && can.idempotent && can.photos_in && !can.group);
  EXPECT_EQ(can.reply_deadline, std::chrono::milliseconds(2500));
  const auto deaf = make(kLark);
  EXPECT_FALSE(deaf.channel->capabilities().sends);
  EXPECT_FALSE(deaf.channel->shortcomings().empty());
  const auto ding = make(kDing + "secret: {env: SECRET}\n");
  ASSERT_NE(ding.channel, nullptr) << ding.complaints;
  EXPECT_TRUE(ding.channel->capabilities().sends && ding.channel->capabilities().staff);
}

TEST(Apps, EveryMistakeIsNamedWithItsLine) {
  const struct {
    std::string yaml, complaint;
  } table[] = {
      {"provider: feishu\n", "app_id is missing"},
      {"provider: feishu\n", "encrypt_key is missing"},
      {"provider: feishu\n", "token is missing"},
      {kLark + "id_type: phone\n", "huiyin.yaml:6: channels[0] workchat:chat: id_type is none of"},
      {kLark + "secret: s3cret\n", "secret"},
      {kLark + "api_url: http://open.feishu.cn\n", "plain http"},
      {"provider: feishu\napp_id: wx1\nencrypt_key: {env: KEY}\ntoken: {env: TOKEN}\n", "not an App ID"},
      {kDing, "secret is missing"},
      {"provider: dingtalk\ncorp_id: ww1\napp_key: a\nsecret: {env: SECRET}\n", "not a CorpId"},
      {"provider: dingtalk\nsecret: {env: SECRET}\n", "corp_id is missing"},
      {kDing + "secret: {env: SECRET}\napi_url: http://api.dingtalk.com\n", "plain http"},
  };
  for (const auto& row : table) {
    const auto made = make(row.yaml);
    EXPECT_EQ(made.channel, nullptr) << row.yaml;
    EXPECT_THAT(made.complaints, HasSubstr(row.complaint)) << row.yaml;
    EXPECT_THAT(made.complaints, Not(HasSubstr("s3cret"))) << "a secret in an error";
  }
}

}  // namespace
}  // namespace huiyin::workchat
