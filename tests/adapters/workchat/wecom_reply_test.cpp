#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/wechat/wechat_xml.h"
#include "tests/adapters/workchat/wecom_requests.h"

namespace huiyin::workchat {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class CountingRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override {
    for (auto& byte : out) byte = static_cast<std::byte>(++next_);
  }

 private:
  unsigned char next_ = 0;
};

/// The reply's XML as the platform reads it, after its signature and encryption; empty for a bare 200.
std::string replied(const char* file, const OutboundMessage& message) {
  const WeCom app(test_config());
  const auto inbound = app.parse(callback(payload(file)));
  CountingRandom random;
  const auto reply = app.acknowledge(*inbound, message, {kSent, &random});
  EXPECT_EQ(reply.status, 200);
  if (reply.body.empty()) return {};
  const auto envelope = wechat::parse_xml(reply.body).value();
  const auto timestamp = envelope.value("TimeStamp"), nonce = envelope.value("Nonce");
  const auto encrypted = envelope.value("Encrypt");
  const std::string_view parts[] = {kToken, timestamp, nonce, encrypted};
  EXPECT_EQ(envelope.value("MsgSignature"), wechat::sign(parts));
  EXPECT_EQ(timestamp, "1763890000");
  return wechat::decrypt(wechat::parse_encoding_aes_key(kEncodingAesKey).value(), encrypted, kCorpId).value();
}

TEST(WeComReply, TextIsEncryptedAndGoesBackAsItCame) {
  EXPECT_EQ(replied("text-command.xml", message_to_staff("好的，HY1024-4 归您了 ]]> 🏠")),
            "<xml><ToUserName><![CDATA[ZhangSan]]></ToUserName><FromUserName><![CDATA[ww0123456789abcdef]]>"
            "</FromUserName><CreateTime>1763890000</CreateTime><MsgType><![CDATA[text]]></MsgType>"
            "<Content><![CDATA[好的，HY1024-4 归您了 ]]]]><![CDATA[> 🏠]]></Content></xml>");
}

TEST(WeComReply, NothingToSayIsAnEmptyAnswer) {
  EXPECT_EQ(replied("text-command.xml", message_to_staff(" ")), "");
  EXPECT_EQ(replied("event-enter-agent.xml", message_to_staff("hello")), "");
  const WeCom app(test_config());
  const auto reply = app.acknowledge(*app.parse(callback(payload("text-command.xml"))), {}, {});
  EXPECT_EQ(reply.body, "");
  EXPECT_EQ(reply.status, 200);
}

TEST(WeComReply, ATappedCardGetsItsButtonReplaced) {
  auto message = message_to_staff("已接单");
  message.card.title = "您已接单";
  EXPECT_THAT(replied("event-template-card-button.xml", message),
              HasSubstr("<MsgType><![CDATA[update_button]]></MsgType><Button><ReplaceName><![CDATA[您已接单]]>"
                        "</ReplaceName></Button></xml>"));
  EXPECT_THAT(replied("text-command.xml", message), HasSubstr("<Content><![CDATA[已接单]]>"))
      << "there is no card to change";
}

TEST(WeComReply, ATappedCardBecomesAnother) {
  auto message = ticket_card();
  message.choices = {{"progress", "进度"}, {"done", "完成"}};
  EXPECT_THAT(
      replied("event-template-card-button.xml", message),
      HasSubstr(
          "<MsgType><![CDATA[update_template_card]]></MsgType><TemplateCard><CardType><![CDATA[button_interaction]]>"
          "</CardType><Source><Desc><![CDATA[物业工单]]></Desc></Source><MainTitle><Title><![CDATA[新工单 HY1024-4]]>"
          "</Title><Desc><![CDATA[3号楼2单元602]]></Desc></MainTitle><SubTitleText><![CDATA[厨房水管漏水]]>"
          "</SubTitleText><HorizontalContentList><KeyName><![CDATA[期限]]></KeyName><Value><![CDATA[今天 14:00]]>"
          "</Value></HorizontalContentList><HorizontalContentList><KeyName><![CDATA[电话]]></KeyName>"
          "<Value><![CDATA[138****8000]]></Value></HorizontalContentList><CardAction><Type>1</Type>"
          "<Url><![CDATA[https://hy.test/t/abc]]></Url></CardAction><ButtonList><Text><![CDATA[进度]]></Text>"
          "<Style>1</Style><Key><![CDATA[progress]]></Key></ButtonList><ButtonList><Text><![CDATA[完成]]></Text>"
          "<Style>2</Style><Key><![CDATA[done]]></Key></ButtonList></TemplateCard></xml>"));
}

TEST(WeComReply, ACardThatLeadsNowhereIsSaidInWords) {
  auto message = ticket_card();
  message.choices.clear();
  message.card.url.clear();
  EXPECT_THAT(replied("event-template-card-button.xml", message), HasSubstr("<MsgType><![CDATA[text]]>"));
}

TEST(WeComReply, ATapMayBeAnsweredInWords) {
  EXPECT_THAT(replied("event-template-card-button.xml", message_to_staff("HY1024-4 已由李秀英 14:05 接单")),
              HasSubstr("<Content><![CDATA[HY1024-4 已由李秀英 14:05 接单]]>"));
}

TEST(WeComReply, LongTextIsCutBetweenCharacters) {
  std::string text;
  while (text.size() < 5000) text += "水";
  const auto xml = replied("text-command.xml", message_to_staff(text));
  EXPECT_LT(xml.size(), 2048U + 400);
  EXPECT_THAT(xml, HasSubstr("水]]></Content>"));
}

TEST(WeComReply, ArticlesAndMedia) {
  auto message = message_to_staff("");
  message.articles = {{"待办", "3 件", "", "https://hy.test/t/1"}};
  EXPECT_THAT(replied("text-command.xml", message), HasSubstr("<ArticleCount>1</ArticleCount><Articles><item>"));
  message.articles.clear();
  message.media = {{MediaKind::image, "M1"}};
  EXPECT_THAT(replied("text-command.xml", message), HasSubstr("<Image><MediaId><![CDATA[M1]]></MediaId></Image>"));
}

}  // namespace
}  // namespace huiyin::workchat
