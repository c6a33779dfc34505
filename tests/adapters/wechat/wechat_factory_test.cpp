#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/wechat/wechat.h"
#include "adapters/wechat/wechat_menu.h"
#include "tests/config/fake_secrets.h"

namespace huiyin::wechat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kGood =
    "name: wechat:main\nprovider: wechat\napp_id: wx0123456789abcdef\ntoken: {env: TOKEN}\nmode: plain\n";

struct Made {
  std::unique_ptr<Channel> channel;
  std::string complaints;
};

Made make(const std::string& more) {
  ChannelConfig config{.name = "wechat:main", .kind = "wechat", .account = "main", .provider = "wechat"};
  config.stanza = YamlNode::parse(kGood + more, "huiyin.yaml").value();
  std::vector<Error> errors;
  Made made;
  made.channel = make_wechat(config, fake_secrets({{"TOKEN", "huiyinTestToken"}, {"SECRET", "s3cret"}}), errors);
  made.complaints = lines(errors);
  return made;
}

TEST(WeChatConfig, WithoutASecretAnAccountOnlyReceives) {
  const auto made = make("");
  ASSERT_NE(made.channel, nullptr) << made.complaints;
  EXPECT_FALSE(made.channel->capabilities().sends);
  EXPECT_TRUE(made.channel->capabilities().push_windows);
  EXPECT_THAT(made.channel->shortcomings(),
              ElementsAre(HasSubstr("app_secret is missing"), HasSubstr("menu is empty"), HasSubstr("mode is plain")));
}

TEST(WeChatConfig, EverythingThatSendingTakes) {
  const auto made = make(
      "app_secret: {env: SECRET}\napi_url: http://127.0.0.1:8090\nmedia_hosts: [cdn.test]\ntemplates:\n"
      "  - carries: [ticket_received, ticket_done]\n    way: template\n    id: TPL1\n    link: url\n    fields:\n"
      "      thing1: address\n      phrase2: {text: 已受理}\n      enum3: {data: status, otherwise: 处理中, one_of: "
      "[处理中, 完成]}\n"
      "menu:\n  - {name: 报修, key: MENU_REPAIR}\n  - name: 服务\n    buttons:\n      - {name: 官网, url: "
      "\"https://h.test\"}\n");
  ASSERT_NE(made.channel, nullptr) << made.complaints;
  EXPECT_TRUE(made.channel->capabilities().sends);
  EXPECT_EQ(made.channel->provider_templates().size(), 2U);
  EXPECT_THAT(made.channel->media_hosts(), ElementsAre("cdn.test"));
  const auto& wechat = dynamic_cast<const WeChat&>(*made.channel);
  EXPECT_EQ(wechat.menu(),
            "{\"button\":[{\"name\":\"报修\",\"type\":\"click\",\"key\":\"MENU_REPAIR\"},{\"name\":\"服务\","
            "\"sub_button\":[{\"name\":\"官网\",\"type\":\"view\",\"url\":\"https://h.test\"}]}]}");
  EXPECT_EQ(made.channel->compose_credential(false)->url, "http://127.0.0.1:8090/cgi-bin/stable_token");
}

TEST(WeChatConfig, NamesEveryMistakeWithItsLine) {
  const std::string kTemplate = "templates:\n  - carries: a\n    way: template\n    id: T\n    fields: ";
  const struct {
    std::string yaml, complaint;
  } table[] = {
      {"app_secret: s3cret\n", "app_secret"},
      {"api_url: http://api.weixin.qq.com\n", "huiyin.yaml:6: channels[0] wechat:main: plain http"},
      {"api_url: http://127.0.0.1.evil.test\n", "plain http would carry the secret in clear"},
      {"templates: x\n", "templates is no list"},
      {kTemplate + "{thing: a}\n", "\"thing\" is no key of a template"},
      {kTemplate + "{thing1: a, thing1234: a}\n", "huiyin.yaml:10: fields: \"thing1234\""},
      {kTemplate + "{thing1: {}}\n", "thing1 is given nothing"},
      {kTemplate + "{phrase1: {text: abc}}\n", "\"abc\" is not at most 5 Chinese characters"},
      {kTemplate + "{}\n", "fields has none"},
      {kTemplate + "{thing1: a}\n  - carries: a\n    way: template\n    id: U\n    fields: {thing1: a}\n",
       "\"a\" is carried by two of one way"},
      {"templates:\n  - carries: a\n    way: mail\n    id: T\n    fields: {thing1: a}\n", "way"},
      {"templates:\n  - way: template\n    id: \"T 1\"\n    fields: {thing1: a}\n", "\"T 1\" is no template id"},
      {"menu: []\n", "menu has 0 buttons"},
      {"menu:\n  - {name: 一二三四五六, key: K}\n", "name has 18 bytes"},
      {"menu:\n  - {name: 报修}\n", "key is missing"},
      {"menu:\n  - {name: 报修, type: clik, key: K}\n", "click"},
      {"menu:\n  - {name: 报修, key: K, colour: red}\n", "colour"},
      {"menu:\n  - {name: 报修, buttons: []}\n", "0 buttons below one"},
  };
  for (const auto& row : table) {
    const auto made = make(row.yaml);
    EXPECT_EQ(made.channel, nullptr) << row.yaml;
    EXPECT_THAT(made.complaints, HasSubstr(row.complaint)) << row.yaml;
    EXPECT_THAT(made.complaints, testing::Not(HasSubstr("s3cret"))) << "a secret in an error";
  }
}

TEST(WeChatMenu, IsShownButtonByButton) {
  EXPECT_EQ(describe_menu(
                R"({"is_menu_open":1,"selfmenu_info":{"button":[{"type":"click","name":"报修","key":"K"},)"
                R"({"name":"服务","sub_button":{"list":[{"type":"view","name":"官网","url":"https://h.test"}]}}]}})"),
            "报修  click K\n服务\n  官网  view https://h.test\n");
  for (const char* none : {"", "{", "[]", "{}", R"({"selfmenu_info":{}})", R"({"selfmenu_info":{"button":[1,null]}})"})
    EXPECT_EQ(describe_menu(none), "") << none;
}

}  // namespace
}  // namespace huiyin::wechat
