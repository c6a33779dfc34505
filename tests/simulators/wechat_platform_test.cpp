#include "simulators/wechat_platform.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "simulators/wechat_answer.h"
#include "tests/adapters/wechat/wechat_requests.h"
#include "tests/simulators/fake_account.h"

namespace huiyin::simulators {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

HttpReply nothing(const HttpRequest&, int) { return {.body = "success"}; }

std::string reply_xml(const std::string& body, const std::string& to = "oWang") {
  return "<xml><ToUserName><![CDATA[" + to +
         "]]></ToUserName><FromUserName><![CDATA[gh_0123456789ab]]></FromUserName><CreateTime>1763890000</CreateTime>" +
         body + "</xml>";
}
std::string text_reply(const std::string& content) {
  return reply_xml("<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[" + content + "]]></Content>");
}

TEST(WeChatPlatform, AgreesWithTheVendorsVectors) {
  const auto all = nlohmann::json::parse(wechat::read_file("tests/data/wechat/vectors.json"));
  int opened = 0, refused = 0;
  for (const auto& vector : all.at("vectors")) {
    const auto name = vector.at("name").get<std::string>();
    const bool good = name.starts_with("wechat.decrypt.");
    if (!good && !name.starts_with("wechat.reject.")) continue;
    const auto& in = vector.at("inputs");
    const auto text = [&in](const char* key) { return in.at(key).get<std::string>(); };
    const auto key = shared_key(text("encoding_aes_key"));
    ASSERT_TRUE(key) << name;
    const auto message = unseal(*key, text("receiveid"), text("Encrypt"));
    if (good) {
      ++opened;
      EXPECT_EQ(message, vector.at("expected").at("msg").get<std::string>()) << name;
      EXPECT_EQ(signature_of(text("token"), text("timestamp"), text("nonce"), text("Encrypt")), text("msg_signature"));
    } else if (vector.at("expected").at("error") != "signature") {
      ++refused;
      EXPECT_FALSE(message) << name;
    }
  }
  EXPECT_EQ(opened, 19);
  EXPECT_EQ(refused, 20);
}

TEST(WeChatPlatform, ShowsSuccessAndEmptyAsNothing) {
  for (const std::string body : {"success", ""}) {
    FakeAccount account([&body](const HttpRequest&, int) { return HttpReply{.body = body}; });
    const auto delivery = account.platform().send("oWang", SaysText{"你好"});
    EXPECT_EQ(delivery.shown, "");
    EXPECT_EQ(delivery.violation, "");
    EXPECT_EQ(delivery.tries, 1);
  }
}

TEST(WeChatPlatform, ShowsWhatTheClientWouldShow) {
  const struct {
    std::string xml, shown;
  } table[] = {
      {text_reply("已收到"), "已收到"},
      {text_reply("a]]]]><![CDATA[>b\n&amp;"), "a]]>b\n&amp;"},
      {text_reply("<a href=\"https://h.test/t/1\">查看工单</a>，谢谢"), "查看工单，谢谢"},
      {text_reply("1 < 2 <a b"), "1 < 2 <a b"},
      {reply_xml("<MsgType>image</MsgType><Image><MediaId>M</MediaId></Image>"), "[图片]"},
      {reply_xml("<MsgType>transfer_customer_service</MsgType>"), "[转接人工客服]"},
      {reply_xml("<MsgType>news</MsgType><ArticleCount>1</ArticleCount><Articles><item><Title>停水</Title>"
                 "<Description/></item></Articles>"),
       ""},
      {reply_xml("<MsgType>news</MsgType><ArticleCount>1</ArticleCount>\n<Articles>\n<item><Title>停水</Title>"
                 "<Url>u</Url></item></Articles>"),
       "[图文] 停水"},
  };
  for (const auto& row : table) {
    const auto answer = read_answer(row.xml, {.openid = "oWang"}, "gh_0123456789ab");
    EXPECT_EQ(answer.shown, row.shown) << row.xml;
    EXPECT_EQ(answer.violation.empty(), !row.shown.empty()) << answer.violation;
  }
}

TEST(WeChatPlatform, CollectsTheLinksThatCanBeTapped) {
  const auto answer =
      read_answer(text_reply("请选择：\n<a href=\"weixin://bizmsgmenu?msgmenucontent=设施故障&msgmenuid=repair\">1. "
                             "设施故障</a>\n<a href=\"https://h.test\">官网</a>"),
                  {.openid = "oWang"}, "gh_0123456789ab");
  EXPECT_EQ(answer.violation, "");
  EXPECT_EQ(answer.shown, "请选择：\n1. 设施故障\n官网");
  EXPECT_EQ(answer.links, (std::vector<TappableLink>{{"1. 设施故障", "设施故障", "repair"}}));
}

TEST(WeChatPlatform, FindsEveryViolation) {
  const struct {
    std::string body, violation;
    int status = 200;
  } table[] = {
      {"\"success\"", "answer: does not begin with <xml>"},
      {"success\n", "answer: does not begin with <xml>"},
      {"{\"errcode\":0}", "answer: does not begin with <xml>"},
      {"\xEF\xBB\xBF" + text_reply("好"), "answer: does not begin with <xml>"},
      {"<?xml version=\"1.0\"?>" + text_reply("好"), "answer: does not begin with <xml>"},
      {text_reply("好") + "\n", "something follows </xml>"},
      {text_reply("好").substr(0, 200), "byte"},
      {"success", "HTTP status 500", 500},
      {text_reply(""), "Content: empty"},
      {text_reply(" \n"), "Content: empty"},
      {text_reply(std::string(2049, 'x')), "Content: 2049 bytes, over 2048"},
      {text_reply("a\x01z"), "a character that XML 1.0 forbids"},
      {text_reply("a\xEF\xBF\xBEz"), "a character that XML 1.0 forbids"},
      {text_reply("a\xffz"), "not valid UTF-8"},
      {reply_xml("<MsgType>text</MsgType><Content>&nbsp;</Content>"), "an entity that XML does not know"},
      {reply_xml("<MsgType type=\"a\">text</MsgType>"), "an element with more than a name"},
      {reply_xml("<MsgType>text</MsgType>"), "fields: not exactly those of its MsgType"},
      {reply_xml("<MsgType>text</MsgType><Content>a</Content><Content>b</Content>"), "fields: not exactly"},
      {reply_xml("<MsgType>poem</MsgType>"), "MsgType: unknown"},
      {reply_xml("<MsgType>text</MsgType><Content>a</Content>", "oLi"), "ToUserName: not the owner"},
      {"<xml><ToUserName>oWang</ToUserName><FromUserName>gh_0</FromUserName><CreateTime>1</CreateTime>"
       "<MsgType>text</MsgType><Content>a</Content></xml>",
       "FromUserName: not the account"},
      {"<xml><ToUserName>oWang</ToUserName><FromUserName>gh_0123456789ab</FromUserName><CreateTime>now</CreateTime>"
       "<MsgType>text</MsgType><Content>a</Content></xml>",
       "CreateTime: not a number"},
      {reply_xml("<MsgType>news</MsgType><ArticleCount>2</ArticleCount><Articles><item><Title>a</Title></item>"
                 "<item><Title>b</Title></item></Articles>"),
       "Articles: more than are shown"},
  };
  for (const auto& row : table) {
    FakeAccount account([&row](const HttpRequest&, int) { return HttpReply{.status = row.status, .body = row.body}; });
    const auto delivery = account.platform().send("oWang", SaysText{"你好"});
    EXPECT_THAT(delivery.violation, HasSubstr(row.violation)) << row.body;
    EXPECT_EQ(delivery.shown, kServiceFault) << row.body;
    EXPECT_EQ(delivery.tries, 1) << row.body;
  }
}

TEST(WeChatPlatform, EightArticlesMayAnswerAnEvent) {
  std::string items;
  for (int i = 0; i < 8; ++i) items += "<item><Title>a</Title></item>";
  const auto xml = reply_xml("<MsgType>news</MsgType><ArticleCount>8</ArticleCount><Articles>" + items + "</Articles>");
  EXPECT_EQ(read_answer(xml, {.openid = "oWang", .is_event = true}, "gh_0123456789ab").violation, "");
  EXPECT_EQ(read_answer(xml, {.openid = "oWang"}, "gh_0123456789ab").violation, "Articles: more than are shown");
}

TEST(WeChatPlatform, TakesNoPlainReplyInSafeModeNorOneThatIsForged) {
  SequenceRandom random;
  const auto key = shared_key("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C").value();
  const auto other = shared_key("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG").value();
  const auto envelope = [](const std::string& sealed, const std::string& token) {
    return "<xml><Encrypt>" + sealed + "</Encrypt><MsgSignature>" + signature_of(token, "1763890000", "7", sealed) +
           "</MsgSignature><TimeStamp>1763890000</TimeStamp><Nonce>7</Nonce></xml>";
  };
  const std::string random16 = "0123456789abcdef", app = "wx0123456789abcdef", token = "huiyinTestToken";
  const auto good = text_reply("好");
  const struct {
    std::string body, violation;
  } table[] = {
      {envelope(seal(key, app, random16, good), token), ""},
      {good, "answer: not encrypted, in safe mode"},
      {envelope(seal(key, app, random16, good), "guess"), "MsgSignature: wrong"},
      {envelope(seal(other, app, random16, good), token), "Encrypt: cannot be decrypted"},
      {envelope(seal(key, "wx0000000000000000", random16, good), token), "Encrypt: cannot be decrypted"},
      {"<xml><Encrypt>" + seal(key, app, random16, good) + "</Encrypt></xml>", "answer: not exactly Encrypt"},
      {envelope(seal(key, app, random16, "success"), token), "reply: does not begin with <xml>"},
  };
  for (const auto& row : table) {
    FakeAccount account([&row](const HttpRequest&, int) { return HttpReply{.body = row.body}; }, WeChatMode::safe);
    const auto delivery = account.platform().send("oWang", SaysText{"你好"});
    EXPECT_THAT(delivery.violation, testing::StartsWith(row.violation)) << row.body;
    EXPECT_EQ(delivery.shown, row.violation.empty() ? "好" : kServiceFault) << row.body;
  }
}

TEST(WeChatPlatform, TriesThreeTimesWithNewCiphertextEachTime) {
  FakeAccount account(
      [](const HttpRequest&, int number) {
        if (number < 3) std::this_thread::sleep_for(1200ms);
        return HttpReply{.body = "success"};
      },
      WeChatMode::safe, 600ms);
  const auto delivery = account.platform().send("oWang", SaysText{"你好"});
  EXPECT_EQ(delivery.violation, "");
  EXPECT_EQ(delivery.tries, 3);
  std::set<std::string> bodies, nonces;
  for (const auto& request : account.requests()) {
    bodies.insert(request.body);
    nonces.insert(request.param("nonce"));
  }
  EXPECT_EQ(bodies.size(), 3U);
  EXPECT_EQ(nonces.size(), 3U);
}

TEST(WeChatPlatform, GivesUpAfterThreeTries) {
  FakeAccount account(nothing);
  auto& platform = account.platform();
  account.stop();
  const auto delivery = platform.send("oWang", SaysText{"你好"});
  EXPECT_EQ(delivery.tries, 3);
  EXPECT_EQ(delivery.shown, kServiceFault);
  EXPECT_THAT(delivery.violation, HasSubstr("no answer"));
}

TEST(WeChatPlatform, ChecksTheUrl) {
  FakeAccount echo([](const HttpRequest& request, int) { return HttpReply{.body = request.param("echostr")}; });
  EXPECT_EQ(echo.platform().verify_url(), "");
  FakeAccount wrong([](const HttpRequest& request, int) { return HttpReply{.body = request.param("echostr") + "\n"}; });
  EXPECT_EQ(wrong.platform().verify_url(), "the answer is not the echostr");
  FakeAccount refused([](const HttpRequest&, int) { return HttpReply{.status = 403}; });
  EXPECT_EQ(refused.platform().verify_url(), "HTTP status 403");
}

TEST(WeChatPlatform, AnswersToWhoIsGoneAreNotShown) {
  FakeAccount account([](const HttpRequest&, int) { return HttpReply{.body = text_reply("再见")}; });
  EXPECT_EQ(account.platform().send("oWang", CausesEvent{"unsubscribe", {}, {}}).shown, "");
  EXPECT_EQ(account.platform().send("oWang", CausesEvent{"CLICK", "K", {}}).shown, "再见");
}

TEST(WeChatPlatform, ARepeatCarriesTheSameMessage) {
  FakeAccount account(nothing);
  const auto message = account.platform().prepare("oWang", SaysText{"你好"});
  EXPECT_EQ(account.platform().deliver_at_once(message, 4).size(), 4U);
  const auto requests = account.requests();
  ASSERT_EQ(requests.size(), 4U);
  std::set<std::string> signatures;
  for (const auto& request : requests) {
    EXPECT_EQ(request.body, message.xml);
    signatures.insert(request.param("signature"));
  }
  EXPECT_EQ(signatures.size(), 4U);
  EXPECT_NE(account.platform().prepare("oWang", SaysText{"你好"}).xml, message.xml);
}

}  // namespace
}  // namespace huiyin::simulators
