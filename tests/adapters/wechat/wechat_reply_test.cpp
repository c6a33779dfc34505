#include "adapters/wechat/wechat_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/wechat/wechat_xml.h"
#include "core/text.h"
#include "tests/adapters/wechat/wechat_requests.h"

namespace huiyin::wechat {
namespace {

using testing::HasSubstr;

class CountingRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override {
    for (auto& byte : out) byte = static_cast<std::byte>(next_++);
  }

 private:
  unsigned char next_ = 1;
};

const ReplyContext kContext{.to = "oWang", .from = "gh_0a1b2c3d4e5f"};

std::string reply(const OutboundMessage& message, const ReplyContext& context = kContext) {
  return write_reply(message, context, kSent);
}

const std::string kHead =
    "<xml><ToUserName><![CDATA[oWang]]></ToUserName><FromUserName><![CDATA[gh_0a1b2c3d4e5f]]></FromUserName>"
    "<CreateTime>1763890000</CreateTime>";

TEST(WeChatReply, EachKind) {
  EXPECT_EQ(reply({.text = "已收到"}),
            kHead + "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[已收到]]></Content></xml>");
  EXPECT_EQ(reply({.media = {{MediaKind::image, "M1"}}}),
            kHead + "<MsgType><![CDATA[image]]></MsgType><Image><MediaId><![CDATA[M1]]></MediaId></Image></xml>");
  EXPECT_EQ(reply({.text = "不会丢", .hand_to_desk = true}),
            kHead + "<MsgType><![CDATA[transfer_customer_service]]></MsgType></xml>");
  EXPECT_EQ(
      reply({.articles = {{"标题", "说明", "http://p.test/1", "http://u.test/1"}}}),
      kHead +
          "<MsgType><![CDATA[news]]></MsgType><ArticleCount>1</ArticleCount><Articles><item>"
          "<Title><![CDATA[标题]]></Title><Description><![CDATA[说明]]></Description>"
          "<PicUrl><![CDATA[http://p.test/1]]></PicUrl><Url><![CDATA[http://u.test/1]]></Url></item></Articles></xml>");
}

TEST(WeChatReply, CutsArticlesToWhatThePlatformShows) {
  const OutboundMessage message{.articles = std::vector<Article>(10, Article{"t", "d", "p", "u"})};
  EXPECT_THAT(reply(message), HasSubstr("<ArticleCount>1</ArticleCount>"));
  auto context = kContext;
  context.max_articles = 8;
  const auto xml = parse_xml(reply(message, context));
  ASSERT_TRUE(xml);
  EXPECT_EQ(xml->value("ArticleCount"), "8");
  EXPECT_EQ(xml->find("Articles")->find_all("item").size(), 8U);
}

TEST(WeChatReply, SaysNothingRatherThanAnEmptyContent) {
  EXPECT_EQ(reply({.text = ""}), "");
  EXPECT_EQ(reply({.text = " \n\u3000"}), "");
  EXPECT_EQ(reply({.text = std::string("\x01\x02", 2)}), "");
  EXPECT_EQ(reply({.media = {{MediaKind::file, "M1"}}}), "");
}

TEST(WeChatReply, ATextIsNeverOverTheLimitNorCutInsideACharacter) {
  for (const std::string piece : {"a", "é", "电", "𠮷", "👨‍👩‍👧‍👦"}) {
    std::string text;
    while (text.size() <= 2100) text += piece;
    const auto content = parse_xml(reply({.text = text}))->find("Content")->text;
    EXPECT_LE(content.size(), kMaxTextBytes) << piece;
    EXPECT_GT(content.size() + piece.size(), kMaxTextBytes) << piece;
    EXPECT_EQ(content.size() % piece.size(), 0U) << piece;
    EXPECT_TRUE(is_valid_utf8(content)) << piece;
  }
  EXPECT_EQ(parse_xml(reply({.text = std::string(2048, 'x')}))->find("Content")->text.size(), 2048U);
}

TEST(WeChatReply, SplitsCdataAndDropsWhatXmlForbids) {
  const auto xml = reply({.text = std::string("a]]>b\0\x08z\xff", 9)});
  EXPECT_THAT(xml, HasSubstr("<Content><![CDATA[a]]]]><![CDATA[>bz\uFFFD]]></Content>"));
  EXPECT_EQ(parse_xml(xml)->find("Content")->text, "a]]>bz\uFFFD");
}

TEST(WeChatReply, ChoicesCanBeTapped) {
  const std::vector<Choice> choices{{"repair", "设施故障"}, {"cleaning", "环境卫生"}};
  EXPECT_EQ(with_tappable_choices(
                {.text = "请选择：\n1. 设施故障\n２、环境卫生\n2. 环境卫生\n也可以直接说", .choices = choices}),
            "请选择：\n<a href=\"weixin://bizmsgmenu?msgmenucontent=设施故障&msgmenuid=repair\">1. 设施故障</a>\n"
            "２、环境卫生\n<a href=\"weixin://bizmsgmenu?msgmenucontent=环境卫生&msgmenuid=cleaning\">2. 环境卫生</a>\n"
            "也可以直接说");
  const struct {
    const char *name, *text;
    std::vector<Choice> offered;
  } unchanged[] = {
      {"a sentence that ends so", "您选的是设施故障", choices},
      {"no choices", "1. 设施故障", {}},
      {"a label that would break the link", "1. \"><b>", {{"x", "\"><b>"}}},
      {"an id that would break the link", "1. 好", {{"a&b", "好"}}},
  };
  for (const auto& row : unchanged) {
    EXPECT_EQ(with_tappable_choices({.text = row.text, .choices = row.offered}), row.text) << row.name;
  }
  const auto almost = std::string(2000, 'x') + "\n1. 设施故障\n2. 环境卫生";
  EXPECT_EQ(with_tappable_choices({.text = almost, .choices = choices}), almost) << "links would not fit";
}

TEST(WeChatAcknowledge, PlainSuccessOrPassiveReply) {
  const WeChat channel(test_config(Mode::plain));
  Inbound inbound{.context = kContext};
  EXPECT_EQ(channel.acknowledge(inbound, {}, {}).body, "success");
  EXPECT_EQ(channel.acknowledge(inbound, OutboundMessage{.text = ""}, {.now = kSent}).body, "success");
  EXPECT_EQ(channel.acknowledge(inbound, OutboundMessage{.text = "好"}, {.now = kSent}).body, reply({.text = "好"}));
  inbound.context.takes_reply = false;
  EXPECT_EQ(channel.acknowledge(inbound, OutboundMessage{.text = "好"}, {.now = kSent}).body, "success");
  inbound.answer = HttpReply{.body = "583"};
  EXPECT_EQ(channel.acknowledge(inbound, {}, {}).body, "583");
}

TEST(WeChatAcknowledge, EncryptsWithTheKeyThatDecrypted) {
  auto config = test_config(Mode::safe);
  config.keys.push_back(parse_encoding_aes_key(kPreviousAesKey).value());
  config.token.previous = Secret("oldToken");
  const WeChat channel(config);
  CountingRandom random;
  const Envelope envelope{kSent, &random};
  for (const int which : {0, 1}) {
    auto context = kContext;
    context.key = context.token = which;
    const auto sealed = channel.acknowledge({.context = context}, OutboundMessage{.text = "已收到"}, envelope);
    const auto xml = parse_xml(sealed.body);
    ASSERT_TRUE(xml) << sealed.body;
    const auto encrypted = xml->value("Encrypt"), timestamp = xml->value("TimeStamp"), nonce = xml->value("Nonce");
    EXPECT_EQ(decrypt(config.keys[static_cast<std::size_t>(which)], encrypted, kAppId), reply({.text = "已收到"}));
    EXPECT_EQ(timestamp, kTimestamp);
    EXPECT_FALSE(nonce.empty());
    const std::string_view parts[] = {which == 0 ? std::string_view(kToken) : "oldToken", timestamp, nonce, encrypted};
    EXPECT_EQ(xml->value("MsgSignature"), sign(parts));
  }
  EXPECT_EQ(channel.acknowledge({.context = {.key = 0}}, {}, envelope).body, "success");  // never encrypted
}

TEST(WeChatAcknowledge, TwoRepliesShareNoRandomness) {
  const WeChat channel(test_config(Mode::safe));
  CountingRandom random;
  auto context = kContext;
  context.key = 0;
  const auto first = channel.acknowledge({.context = context}, OutboundMessage{.text = "好"}, {kSent, &random});
  const auto second = channel.acknowledge({.context = context}, OutboundMessage{.text = "好"}, {kSent, &random});
  EXPECT_NE(parse_xml(first.body)->value("Encrypt"), parse_xml(second.body)->value("Encrypt"));
  EXPECT_NE(parse_xml(first.body)->value("Nonce"), parse_xml(second.body)->value("Nonce"));
}

}  // namespace
}  // namespace huiyin::wechat
