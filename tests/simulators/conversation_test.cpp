#include "simulators/conversation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "tests/adapters/wechat/wechat_requests.h"
#include "tests/simulators/fake_account.h"

namespace huiyin::simulators {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

const std::string kConversation = R"(title: 电梯故障
openid: oWang
turns:
  - 电梯坏了
  - photo: 电梯门
    expect: 收到
  - tap: 2
    copies: 3
  - location: 23.1,113.3,花城大道
)";

std::string text_reply(const std::string& content) {
  return "<xml><ToUserName>oWang</ToUserName><FromUserName>gh_0123456789ab</FromUserName><CreateTime>1</CreateTime>"
         "<MsgType>text</MsgType><Content><![CDATA[" +
         content + "]]></Content></xml>";
}

TEST(Conversation, IsPlayedAsTheOwnerSeesIt) {
  FakeAccount account([](const HttpRequest& request, int) {
    const auto has = [&request](const char* words) { return request.body.find(words) != std::string::npos; };
    if (has("image")) {
      return HttpReply{
          .body = text_reply("收到照片，是哪里？\n<a href=\"weixin://bizmsgmenu?msgmenucontent=甲&msgmenuid=a\">1. "
                             "甲</a>\n<a href=\"weixin://bizmsgmenu?msgmenucontent=乙&msgmenuid=b\">2. 乙</a>")};
    }
    if (has("bizmsgmenuid")) return HttpReply{.body = text_reply(has("<![CDATA[b]]>") ? "选了乙" : "选错了")};
    return HttpReply{.body = "success"};
  });
  std::ostringstream out;
  const auto conversation = parse_conversation(kConversation, "demo.yaml");
  ASSERT_TRUE(conversation);
  const auto result = play(*conversation, account.platform(), out, 0ms);
  EXPECT_THAT(result.failures, ElementsAre());
  EXPECT_EQ(result.messages, 4);
  EXPECT_EQ(out.str(),
            "业主  电梯坏了\n"
            "业主  [照片] 电梯门\n"
            "物业  收到照片，是哪里？\n"
            "        1. 甲\n"
            "        2. 乙\n"
            "业主  [点选] 乙\n"
            "物业  选了乙\n"
            "业主  [位置] 花城大道\n");
  EXPECT_EQ(account.requests().size(), 6U);
}

TEST(Conversation, FailsWhereTheReplyIsNotAsExpected) {
  FakeAccount account([](const HttpRequest&, int number) {
    return number == 1 ? HttpReply{.body = "success"} : HttpReply{.body = text_reply(std::to_string(number))};
  });
  const auto conversation = parse_conversation(
      "title: t\nopenid: oWang\nturns:\n  - {text: a, expect: [HY]}\n  - {text: b, copies: 2}\n  - {tap: 1}\n",
      "c.yaml");
  ASSERT_TRUE(conversation);
  std::ostringstream out;
  EXPECT_THAT(
      play(*conversation, account.platform(), out, 0ms).failures,
      ElementsAre("line 4: the reply lacks 「HY」", "line 5: two deliveries of one message were answered differently",
                  "line 6: there is no such link to tap"));
}

TEST(Conversation, TheOnesShippedAreWhole) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("simulators/conversations")) {
    const auto conversation = parse_conversation(wechat::read_file(entry.path()), entry.path());
    ASSERT_TRUE(conversation) << describe(conversation.error().front());
    EXPECT_GE(conversation->steps.size(), 5U) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 1);
}

TEST(Conversation, ComplaintsNameTheLine) {
  const struct {
    const char *yaml, *complaint;
  } table[] = {
      {"turns: [a]\n", "title is missing"},
      {"title: t\n", "turns is missing"},
      {"title: t\nturns: []\n", "no turns"},
      {"title: t\nturns:\n  - {photo: a, text: b}\n", "c.yaml:3"},
      {"title: t\nturns:\n  - {tap: zwei}\n", "\"zwei\" is no tap"},
      {"title: t\nturns:\n  - {location: here}\n", "\"here\" is no location"},
      {"title: t\nturns:\n  - {expect: a}\n", "does nothing"},
      {"title: t\nturns:\n  - {text: a, expects: b}\n", "expects"},
      {"title: t\nturns:\n  - [a]\n", "not a turn"},
      {"title: [\n", "c.yaml"},
  };
  for (const auto& row : table) {
    const auto parsed = parse_conversation(row.yaml, "c.yaml");
    ASSERT_FALSE(parsed) << row.yaml;
    std::string complaints;
    for (const auto& error : parsed.error()) complaints += describe(error) + "\n";
    EXPECT_THAT(complaints, HasSubstr(row.complaint)) << row.yaml;
  }
}

}  // namespace
}  // namespace huiyin::simulators
