#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/adapters/wechat/wechat_requests.h"
#include "tests/describe.h"

namespace huiyin::wechat {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string kOpenid = "oHuiYin6tQx8AbCdEfGhIjKlMn_0";

std::string with_openid(std::string text) {
  for (auto at = text.find("{o}"); at != std::string::npos; at = text.find("{o}")) text.replace(at, 3, kOpenid);
  return text;
}

const struct Payload {
  const char *file, *expect;  ///< {o}: the owner's openid
} kPayloads[] = {
    {"event-annual-renew.xml",
     "wechat:main:e:{o}:1763890273:annual_renew: - @1763890273 notice annual_renew detail=1766505600 ALARM"},
    {"event-click.xml", "wechat:main:e:{o}:1763890140:click:MENU_REPAIR {o} @1763890140 click MENU_REPAIR"},
    {"event-kf-close-session.xml", "wechat:main:e:{o}:1763890252:kf_close_session: {o} @1763890252 desk given back"},
    {"event-kf-create-session.xml", "wechat:main:e:{o}:1763890245:kf_create_session: {o} @1763890245 desk taken"},
    {"event-kf-switch-session.xml", "wechat:main:e:{o}:1763890259:kf_switch_session: {o} @1763890259 desk taken"},
    {"event-location-select.xml",
     "wechat:main:e:{o}:1763890196:location_select:MENU_WHERE {o} @1763890196 notice location_select "
     "detail=MENU_WHERE"},
    {"event-location.xml", "wechat:main:e:{o}:1763890133:location: {o} @1763890133 notice LOCATION"},
    {"event-pic-photo-or-album.xml",
     "wechat:main:e:{o}:1763890182:pic_photo_or_album:MENU_PHOTO2 {o} @1763890182 notice pic_photo_or_album "
     "detail=MENU_PHOTO2"},
    {"event-pic-sysphoto.xml",
     "wechat:main:e:{o}:1763890175:pic_sysphoto:MENU_PHOTO {o} @1763890175 notice pic_sysphoto detail=MENU_PHOTO"},
    {"event-pic-weixin-two-lists.xml",
     "wechat:main:e:{o}:1763890189:pic_weixin:MENU_ALBUM {o} @1763890189 notice pic_weixin detail=MENU_ALBUM"},
    {"event-scan.xml", "wechat:main:e:{o}:1763890126:scan:b3-2-602 {o} @1763890126 followed b3-2-602 (scanned)"},
    {"event-scancode-push.xml",
     "wechat:main:e:{o}:1763890161:scancode_push:MENU_SCAN {o} @1763890161 notice scancode_push detail=MENU_SCAN"},
    {"event-scancode-waitmsg.xml",
     "wechat:main:e:{o}:1763890168:scancode_waitmsg:MENU_SCAN_WAIT {o} @1763890168 followed CODE_128,HY0007 (scanned)"},
    {"event-subscribe-msg-change.xml",
     "wechat:main:e:{o}:1763890231:subscribe_msg_change_event::VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc {o} "
     "@1763890231 consent VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc refused"},
    {"event-subscribe-msg-popup.xml",
     "wechat:main:e:{o}:1763890224:subscribe_msg_popup_event::VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc {o} "
     "@1763890224 consent VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc accepted | "
     "wechat:main:e:{o}:1763890224:subscribe_msg_popup_event::9nLIlbOQZC5Y89AZteFEux3WCXRRRG5Wfzkpssu4bLI {o} "
     "@1763890224 consent 9nLIlbOQZC5Y89AZteFEux3WCXRRRG5Wfzkpssu4bLI refused"},
    {"event-subscribe-msg-sent.xml",
     "wechat:main:j:1700827132819554304:subscribe_msg_sent_event - @1763890238 receipt 1700827132819554304 delivered "
     "success"},
    {"event-subscribe-qrscene.xml",
     "wechat:main:e:{o}:1763890112:subscribe:qrscene_b3-2-602 {o} @1763890112 followed b3-2-602"},
    {"event-subscribe.xml", "wechat:main:e:{o}:1763890105:subscribe: {o} @1763890105 followed "},
    {"event-template-success.xml",
     "wechat:main:j:3487542469355618313:templatesendjobfinish - @1763890203 receipt 3487542469355618313 delivered "
     "success"},
    {"event-template-system-failed.xml",
     "wechat:main:j:3487542469355618315:templatesendjobfinish - @1763890217 receipt 3487542469355618315 failed failed: "
     "system failed"},
    {"event-template-user-block.xml",
     "wechat:main:j:3487542469355618314:templatesendjobfinish - @1763890210 receipt 3487542469355618314 failed "
     "failed:user block"},
    {"event-unknown.xml", "wechat:main:e:{o}:1763890280:hy_future_event: {o} @1763890280 notice hy_future_event"},
    {"event-unsubscribe.xml", "wechat:main:e:{o}:1763890119:unsubscribe: {o} @1763890119 unfollowed"},
    {"event-user-authorization-revoke.xml",
     "wechat:main:e:oPlatformPushAccount00000000:1763890266:user_authorization_revoke::{o} {o} @1763890266 withdrawal "
     "205"},
    {"event-view-miniprogram.xml",
     "wechat:main:e:{o}:1763890154:view_miniprogram:pages/bill/index {o} @1763890154 notice view_miniprogram "
     "detail=pages/bill/index"},
    {"event-view.xml",
     "wechat:main:e:{o}:1763890147:view:https://hy.example.com/form?c=wechat {o} @1763890147 notice VIEW "
     "detail=https://hy.example.com/form?c=wechat"},
    {"file.xml", "wechat:main:m:24867120551230023:{o}:1763890098 {o} @1763890098 unsupported file"},
    {"image.xml",
     "wechat:main:m:24867120551230016:{o}:1763890042 {o} @1763890042 image "
     "Wm1pY3JvLWltYWdlLTAwMDE_AbCdEf0123456789-xyz url=http://mmbiz.qpic.cn/mmbiz_jpg/AbCdEf0123456789/0"},
    {"link.xml",
     "wechat:main:m:24867120551230021:{o}:1763890084 {o} @1763890084 link 小区停水通知 [11月24日 9:00-17:00] "
     "https://example.com/notice/1124?a=1&b=2"},
    {"location.xml",
     "wechat:main:m:24867120551230020:{o}:1763890077 {o} @1763890077 location 23.134521,113.358803 "
     "广州市天河区花城大道85号"},
    {"miniprogrampage.xml",
     "wechat:main:m:24867120551230022:{o}:1763890091 {o} @1763890091 unsupported miniprogrampage"},
    {"shortvideo.xml",
     "wechat:main:m:24867120551230019:{o}:1763890070 {o} @1763890070 video Wm1pY3JvLXNob3J0LTAwMDE_AbCdEf"},
    {"text-emoji.xml",
     "wechat:main:m:24867120551230012:{o}:1763890014 {o} @1763890014 text "
     "谢谢师傅👍🏻👨‍👩‍👧‍👦 "
     "/::) "
     "[微笑]\n明天上午9点可以吗？"},
    {"text-from-article.xml", "wechat:main:m:24867120551230014:{o}:1763890028 {o} @1763890028 text 在哪里报修"},
    {"text-msgmenu.xml", "wechat:main:m:24867120551230013:{o}:1763890021 {o} @1763890021 text 非常满意 choice=70005"},
    {"text-odd-shape.xml", "wechat:main:m:24867120551230099:{o}:1763899999 {o} @1763899999 text a]]>b & <c> & 尾"},
    {"text-unsupported.xml", "wechat:main:m:24867120551230015:{o}:1763890035 {o} @1763890035 unsupported text"},
    {"text.xml",
     "wechat:main:m:24867120551230011:{o}:1763890007 {o} @1763890007 text "
     "你好，3号楼2单元602厨房水管漏水，请尽快派人来修"},
    {"video.xml",
     "wechat:main:m:24867120551230018:{o}:1763890063 {o} @1763890063 video Wm1pY3JvLXZpZGVvLTAwMDE_AbCdEf"},
    {"voice-recognition.xml",
     "wechat:main:m:7250021412600020992:{o}:1763890056 {o} @1763890056 voice "
     "Wm1pY3JvLXZvaWNlLTAwMDI_AbCdEf0123456789-xyz format=amr recognition=电梯坏了，有人被困。"},
    {"voice.xml",
     "wechat:main:m:24867120551230017:{o}:1763890049 {o} @1763890049 voice "
     "Wm1pY3JvLXZvaWNlLTAwMDE_AbCdEf0123456789-xyz format=amr"},
};

TEST(WeChatParse, EachPayloadInEachMode) {
  const WeChat plain(test_config(Mode::plain)), safe(test_config(Mode::safe)),
      compatible(test_config(Mode::compatible));
  for (const auto& row : kPayloads) {
    const auto xml = read_file(std::string("tests/data/wechat/") + row.file);
    const auto expected = with_openid(row.expect);
    EXPECT_EQ(describe(plain.parse(plain_request(xml))), expected) << row.file;
    EXPECT_EQ(describe(safe.parse(encrypted_request(xml))), expected) << row.file << ", encrypted";
    EXPECT_EQ(describe(compatible.parse(encrypted_request(xml))), expected) << row.file << ", encrypted";
    EXPECT_EQ(describe(compatible.parse(plain_request(xml))), expected) << row.file << ", compatible and plain";
  }
}

TEST(WeChatParse, EveryPayloadFileHasARow) {
  std::set<std::string> files, rows;
  for (const auto& entry : std::filesystem::directory_iterator("tests/data/wechat")) {
    if (entry.path().extension() == ".xml") files.insert(entry.path().filename());
  }
  for (const auto& row : kPayloads) rows.insert(row.file);
  EXPECT_EQ(files, rows);
}

TEST(WeChatParse, WhoMayBeAnswered) {
  const WeChat channel(test_config(Mode::plain));
  const struct {
    const char* file;
    bool takes_reply;
    std::size_t articles;
  } table[] = {
      {"text.xml", true, 1},
      {"image.xml", true, 1},
      {"file.xml", true, 1},
      {"event-subscribe.xml", true, 8},
      {"event-scan.xml", true, 8},
      {"event-click.xml", true, 8},
      {"event-scancode-waitmsg.xml", true, 8},
      {"event-unsubscribe.xml", false, 8},
      {"event-view.xml", false, 8},
      {"event-location.xml", false, 8},
      {"event-template-success.xml", false, 8},
      {"event-kf-create-session.xml", false, 8},
      {"event-unknown.xml", false, 8},
  };
  for (const auto& row : table) {
    const auto inbound = channel.parse(plain_request(read_file(std::string("tests/data/wechat/") + row.file)));
    ASSERT_TRUE(inbound) << row.file;
    EXPECT_EQ(inbound->context.takes_reply, row.takes_reply) << row.file;
    EXPECT_EQ(inbound->context.max_articles, row.articles) << row.file;
    EXPECT_EQ(inbound->context.to, row.file == std::string("event-user-authorization-revoke.xml") ? "" : kOpenid);
    EXPECT_EQ(inbound->context.from, "gh_0a1b2c3d4e5f");
  }
}

TEST(WeChatParse, VerifiesTheUrl) {
  const WeChat channel(test_config(Mode::safe));
  auto request = plain_request("");
  request.method = "GET";
  request.query += "&echostr=58373%2B97+%3D";
  EXPECT_EQ(describe(channel.parse(request)), "answer 200 58373+97+=");
  request.received_at = kSent + std::chrono::seconds(601);
  EXPECT_EQ(describe(channel.parse(request)), "Reject stale: timestamp: off by more than 600 s");
  const struct {
    const char *query, *expect;
  } table[] = {
      {"", "Reject malformed: signature: absent"},
      {"signature=a&timestamp=1763890000", "Reject malformed: nonce: absent"},
      {"signature=a&timestamp=1763890000&nonce=1&echostr=x", "Reject bad_signature: signature"},
      {"signature=2438682785c6a9fd5f16872bc46060abf7a61bac&timestamp=1763890000&nonce=1320562132",
       "Reject malformed: echostr: absent"},
  };
  for (const auto& row : table) {
    request.query = row.query;
    request.received_at = kSent;
    EXPECT_EQ(describe(channel.parse(request)), row.expect) << row.query;
  }
  request.method = "PUT";
  EXPECT_EQ(describe(channel.parse(request)), "Reject unsupported: method: not GET or POST");
}

std::string text_xml(const std::string& content = "你好") {
  return "<xml><ToUserName>gh_0a1b2c3d4e5f</ToUserName><FromUserName>oWang</FromUserName><CreateTime>1763890000"
         "</CreateTime><MsgType>text</MsgType><Content>" +
         content + "</Content><MsgId>7</MsgId></xml>";
}
const std::string kTextEvent = "wechat:main:m:7:oWang:1763890000 oWang @1763890000 text 你好";

TEST(WeChatParse, TheTimestampIsComparedWithTheArrivalAlone) {
  const WeChat channel(test_config(Mode::safe));
  auto request = encrypted_request(text_xml());
  for (const int seconds : {-600, 0, 600}) {
    request.received_at = kSent + std::chrono::seconds(seconds);
    EXPECT_EQ(describe(channel.parse(request)), kTextEvent) << seconds;
  }
  for (const int seconds : {-601, 601, 1000000000}) {
    request.received_at = kSent + std::chrono::seconds(seconds);
    EXPECT_THAT(describe(channel.parse(request)), StartsWith("Reject stale")) << seconds;
  }
}

TEST(WeChatParse, ASafeAccountTakesNoPlainBody) {
  const WeChat safe(test_config(Mode::safe));
  EXPECT_EQ(describe(safe.parse(plain_request(text_xml()))),
            "Reject bad_signature: a plain body on an account in safe mode");
  auto raw = plain_request(text_xml());
  raw.query += "&encrypt_type=raw";
  EXPECT_THAT(describe(safe.parse(raw)), StartsWith("Reject bad_signature"));
  EXPECT_EQ(describe(WeChat(test_config(Mode::plain)).parse(raw)), kTextEvent);
  EXPECT_EQ(describe(WeChat(test_config(Mode::plain)).parse(encrypted_request(text_xml()))),
            "Reject bad_signature: an encrypted body, and no aes_key is configured");
  raw.query += "x";
  EXPECT_EQ(describe(safe.parse(raw)), "Reject malformed: encrypt_type: not aes or raw");
}

TEST(WeChatParse, OnlyTheDecryptedFieldsCount) {
  const WeChat channel(test_config(Mode::compatible));
  const auto key = parse_encoding_aes_key(kEncodingAesKey).value();
  const auto request = sealed_request(encrypt(key, text_xml(), kAppId, Random16{}),
                                      "<FromUserName>oMallory</FromUserName><Content>FORGED</Content>");
  EXPECT_EQ(describe(channel.parse(request)), kTextEvent);
}

TEST(WeChatParse, TheVendorsEnvelopes) {
  auto seen = 0;
  const auto all = nlohmann::json::parse(read_file("tests/data/wechat/vectors.json"));
  for (const auto& vector : all.at("vectors")) {
    const auto name = vector.at("name").get<std::string>();
    if (!name.starts_with("wechat.envelope.") || name == "wechat.envelope.reply") continue;
    ++seen;
    const auto& in = vector.at("inputs");
    HttpRequest request{.method = "POST", .body = in.at("body").get<std::string>(), .received_at = kSent};
    for (const auto& [key, value] : in.at("query").items()) {
      request.query += (request.query.empty() ? "" : "&") + key + "=" + url_encode(value.get<std::string>());
    }
    auto config = test_config(name == "wechat.envelope.plain_mode" ? Mode::plain : Mode::compatible);
    config.account_id = "gh_0123456789ab";
    const auto inbound = WeChat(config).parse(request);
    ASSERT_TRUE(inbound) << name << ": " << describe(inbound);
    EXPECT_EQ(inbound->raw, vector.at("expected").at("msg").get<std::string>()) << name;
    EXPECT_THAT(describe(inbound), testing::EndsWith("text 报修：电梯困人！")) << name;
  }
  EXPECT_EQ(seen, 3);
}

TEST(WeChatParse, CurrentAndPreviousKeysAndTokens) {
  auto config = test_config(Mode::safe);
  config.keys.push_back(parse_encoding_aes_key(kPreviousAesKey).value());
  config.token.previous = Secret("oldToken");
  const WeChat channel(config);
  const auto current = channel.parse(encrypted_request(text_xml()));
  const auto previous = channel.parse(encrypted_request(text_xml(), kPreviousAesKey, "oldToken"));
  ASSERT_TRUE(current);
  ASSERT_TRUE(previous);
  EXPECT_EQ(current->context.key, 0);
  EXPECT_EQ(current->context.token, 0);
  EXPECT_EQ(previous->context.key, 1);
  EXPECT_EQ(previous->context.token, 1);
  EXPECT_EQ(describe(current), describe(previous));  // the same delivery, whichever key it came with
  EXPECT_THAT(describe(channel.parse(encrypted_request(text_xml(), kEncodingAesKey, "guess"))),
              StartsWith("Reject bad_signature"));
}

TEST(WeChatParse, AnEmptyPreviousTokenSignsNothing) {
  EXPECT_EQ(describe(WeChat(test_config(Mode::safe)).parse(encrypted_request(text_xml(), kEncodingAesKey, ""))),
            "Reject bad_signature: signature");
}

TEST(WeChatParse, RefusesForgedEncryption) {
  const WeChat channel(test_config(Mode::safe));
  auto request = encrypted_request(text_xml());
  const auto at = request.query.find("msg_signature=") + 14;
  request.query.replace(at, 40, test_signature());
  EXPECT_EQ(describe(channel.parse(request)), "Reject bad_signature: msg_signature");
  EXPECT_EQ(describe(channel.parse(encrypted_request(text_xml(), kPreviousAesKey))).substr(0, 34),
            "Reject bad_signature: decryption: ");
  EXPECT_EQ(describe(channel.parse(sealed_request(""))), "Reject malformed: Encrypt: absent");
  EXPECT_EQ(describe(channel.parse(sealed_request("AAAA"))), "Reject bad_signature: decryption: ciphertext_size");
  EXPECT_EQ(describe(channel.parse(encrypted_request("{\"MsgType\":\"text\"}"))),
            "Reject malformed: decrypted xml: No document element found");
  request = encrypted_request(text_xml());
  request.body += std::string(300000, ' ');
  EXPECT_EQ(describe(channel.parse(request)), "Reject too_large: body: over 256 KB");
}

TEST(WeChatParse, TakesItsOwnAccountsMessagesOnly) {
  auto config = test_config(Mode::safe);
  config.account_id = "gh_0a1b2c3d4e5f";
  EXPECT_EQ(describe(WeChat(config).parse(encrypted_request(text_xml()))), kTextEvent);
  config.account_id = "gh_0123456789ab";
  EXPECT_EQ(describe(WeChat(config).parse(encrypted_request(text_xml()))),
            "Reject malformed: ToUserName: not this account");
}

TEST(WeChatParse, NamesTheFieldThatIsWrong) {
  const WeChat channel(test_config(Mode::plain));
  const std::string head = "<ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>1</CreateTime>";
  const struct {
    std::string fields, expect;
  } table[] = {
      {"", "ToUserName: absent"},
      {"<ToUserName>g</ToUserName>", "FromUserName: absent"},
      {"<ToUserName>g</ToUserName><FromUserName> </FromUserName>", "FromUserName: absent"},
      {"<ToUserName>g</ToUserName><FromUserName>" + std::string(65, 'o') +
           "</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType>",
       "FromUserName: too long"},
      {head, "MsgType: absent"},
      {"<ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>1x</CreateTime><MsgType>text</MsgType>",
       "CreateTime: not a Unix time"},
      {"<ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>-1</CreateTime><MsgType>text</MsgType>",
       "CreateTime: not a Unix time"},
      {head + "<MsgType>text</MsgType><MsgId>1</MsgId>", "Content: absent"},
      {head + "<MsgType>text</MsgType><Content>a</Content>", "MsgId: absent"},
      {head + "<MsgType>image</MsgType><MsgId>1</MsgId>", "MediaId: absent"},
      {head + "<MsgType>location</MsgType><MsgId>1</MsgId>", "Location_X: not a latitude"},
      {head + "<MsgType>location</MsgType><MsgId>1</MsgId><Location_X>91</Location_X>", "Location_X: not a latitude"},
      {head + "<MsgType>location</MsgType><MsgId>1</MsgId><Location_X>23</Location_X><Location_Y>nan</Location_Y>",
       "Location_Y: not a longitude"},
      {head + "<MsgType>event</MsgType>", "Event: absent"},
      {head + "<MsgType>event</MsgType><Event>TEMPLATESENDJOBFINISH</Event>", "MsgID: absent"},
      {head + "<MsgType>event</MsgType><Event>subscribe_msg_sent_event</Event>", "SubscribeMsgSentEvent/List: absent"},
      {head + "<MsgType>event</MsgType><Event>user_authorization_revoke</Event>", "OpenID: absent or too long"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(describe(channel.parse(plain_request("<xml>" + row.fields + "</xml>"))),
              "Reject malformed: " + row.expect)
        << row.fields;
  }
}

TEST(WeChatParse, WhatComesLaterIsNeverAnError) {
  const WeChat channel(test_config(Mode::plain));
  const std::string head = "<ToUserName>g</ToUserName><FromUserName>o</FromUserName><CreateTime>1</CreateTime>";
  const struct {
    std::string fields, expect;
  } table[] = {
      {head + "<MsgType>hologram</MsgType>", "wechat:main:m:hologram:o:1 o @1 unsupported hologram"},
      {head + "<MsgType>hologram</MsgType><MsgId>5</MsgId>", "wechat:main:m:5:o:1 o @1 unsupported hologram"},
      {head + "<MsgType>EVENT</MsgType><Event>Click</Event><EventKey>K</EventKey>",
       "wechat:main:e:o:1:click:K o @1 click K"},
      {head + "<MsgType>event</MsgType><Event/>", "wechat:main:e:o:1:: o @1 notice "},
      {head + "<MsgType>event</MsgType><Event>subscribe</Event><EventKey>last_trade_no_4000</EventKey>",
       "wechat:main:e:o:1:subscribe:last_trade_no_4000 o @1 followed "},
      {head + "<MsgType>event</MsgType><Event>subscribe</Event><EventKey>qrscene_b3</EventKey>",  // without a Ticket
       "wechat:main:e:o:1:subscribe:qrscene_b3 o @1 followed b3"},
      {head + "<MsgType>text</MsgType><MsgId>5</MsgId><Content>a&#1;b&#xD;c\u202E</Content>",
       "wechat:main:m:5:o:1 o @1 text ab\nc\u202E"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(describe(channel.parse(plain_request("<xml>" + row.fields + "</xml>"))), row.expect) << row.fields;
  }
}

TEST(WeChatParse, KeysFitTheirColumnAndStayApart) {
  const WeChat channel(test_config(Mode::plain));
  std::set<std::string> keys;
  for (const std::string end : {"1", "2"}) {
    const auto inbound = channel.parse(
        plain_request("<xml><ToUserName>g</ToUserName><FromUserName>" + std::string(64, 'o') +
                      "</FromUserName><CreateTime>1763890000</CreateTime><MsgType>event</MsgType>"
                      "<Event>subscribe_msg_popup_event</Event><EventKey>" +
                      std::string(5000, 'k') + "</EventKey><SubscribeMsgPopupEvent><List><TemplateId>" +
                      std::string(5000, 't') + end + "</TemplateId></List></SubscribeMsgPopupEvent></xml>"));
    ASSERT_TRUE(inbound) << describe(inbound);
    EXPECT_LE(inbound->events.front().key.size(), 255U - 64U);
    keys.insert(inbound->events.front().key);
  }
  EXPECT_EQ(keys.size(), 2U);
}

TEST(WeChatParse, KeysTellDeliveriesApart) {
  const WeChat channel(test_config(Mode::plain));
  std::set<std::string> keys;
  const auto add = [&](const std::string& from, const std::string& time, const std::string& rest) {
    const auto inbound =
        channel.parse(plain_request("<xml><ToUserName>g</ToUserName><FromUserName>" + from +
                                    "</FromUserName><CreateTime>" + time + "</CreateTime>" + rest + "</xml>"));
    ASSERT_TRUE(inbound) << describe(inbound);
    EXPECT_TRUE(keys.insert(inbound->events.front().key).second) << inbound->events.front().key;
  };
  const std::string text = "<MsgType>text</MsgType><Content>a</Content><MsgId>7</MsgId>";
  const auto event = [](const std::string& name, const std::string& key) {
    return "<MsgType>event</MsgType><Event>" + name + "</Event><EventKey>" + key + "</EventKey>";
  };
  add("oA", "1", text);
  add("oa", "1", text);  // MsgIds of two people have collided; openids differ in case
  add("oA", "2", text);
  add("oA", "1", event("subscribe", "qrscene_1"));
  add("oA", "1", event("SCAN", "1"));
  add("oA", "1", event("CLICK", "1"));
  add("oA", "1", event("CLICK", "2"));
}

}  // namespace
}  // namespace huiyin::wechat
