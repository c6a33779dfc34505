#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/wechat/wechat.h"
#include "tests/describe.h"
#include "tests/simulators/fake_account.h"

namespace huiyin::simulators {
namespace {

using testing::HasSubstr;

/// Our adapter behind a hook, and the platform in front of it: two implementations that share no code.
class AdapterMeetsPlatform : public testing::TestWithParam<WeChatMode> {
 protected:
  HttpReply serve(const HttpRequest& request) {
    const auto inbound = adapter_.parse(request);
    if (!inbound) return {.status = status_of(inbound.error().reason)};
    for (const auto& event : inbound->events) seen_ = describe(event.body);
    return adapter_.acknowledge(*inbound, reply_,
                                {inbound->events.empty() ? Time{} : inbound->events[0].sent_at, &random_});
  }
  static wechat::WeChat::Config adapter_config(WeChatMode mode) {
    wechat::WeChat::Config config{
        .channel = "wechat:main", .app_id = "wx0123456789abcdef", .account_id = "gh_0123456789ab"};
    config.mode = mode == WeChatMode::plain  ? wechat::Mode::plain
                  : mode == WeChatMode::safe ? wechat::Mode::safe
                                             : wechat::Mode::compatible;
    config.token.current = Secret("huiyinTestToken");
    config.keys = {wechat::parse_encoding_aes_key("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C").value()};
    return config;
  }

  SequenceRandom random_;
  wechat::WeChat adapter_{adapter_config(GetParam())};
  std::optional<OutboundMessage> reply_;
  std::string seen_;
  FakeAccount account_{[this](const HttpRequest& request, int) { return serve(request); }, GetParam()};
};

TEST_P(AdapterMeetsPlatform, TheUrlIsVerified) { EXPECT_EQ(account_.platform().verify_url(), ""); }

TEST_P(AdapterMeetsPlatform, EveryMessageArrivesAndEveryReplyIsShown) {
  const struct {
    OwnerMessage message;
    const char* seen;
  } table[] = {
      {SaysText{"3号楼电梯坏了 🏠 ]]> <b>&amp;", {}}, "text 3号楼电梯坏了 🏠 ]]> <b>&amp;"},
      {SaysText{"设施故障", "repair"}, "text 设施故障 choice=repair"},
      {SendsPhoto{"M1"}, "image M1 url=http://mmbiz.qpic.test/M1/0"},
      {SendsVoice{"M2", "电梯坏了"}, "voice M2 format=amr recognition=电梯坏了"},
      {SendsVideo{"M3"}, "video M3"},
      {SendsLocation{23.134521, 113.358803, "花城大道85号"}, "location 23.134521,113.358803 花城大道85号"},
      {SendsFile{"报修单.pdf"}, "unsupported file"},
      {CausesEvent{"subscribe", "qrscene_b3", {}}, "followed b3"},
      {CausesEvent{"CLICK", "MENU_REPAIR", {}}, "click MENU_REPAIR"},
  };
  for (const auto& row : table) {
    reply_ = OutboundMessage{.text = "已收到 ]]> <b> &amp; 🏠"};
    const auto delivery = account_.platform().send("oWang", row.message);
    EXPECT_EQ(delivery.violation, "") << row.seen;
    EXPECT_EQ(delivery.shown, "已收到 ]]> <b> &amp; 🏠") << row.seen;
    EXPECT_EQ(seen_, row.seen);
    EXPECT_EQ(delivery.tries, 1);
    reply_.reset();
    EXPECT_EQ(account_.platform().send("oWang", row.message).shown, "");
  }
}

TEST_P(AdapterMeetsPlatform, NoReplyOfOursIsAViolation) {
  const std::vector<OutboundMessage> table{
      {.text = std::string(5000, 'x')},
      {.text = std::string(700, '\x01') + "好"},
      {.text = "\xff\xfe NUL \x01"},
      {.text = ""},
      {.text = "  \n "},
      {.media = {{MediaKind::image, "M1"}}},
      {.articles = std::vector<Article>(9, Article{"t", "d", "p", "u"})},
      {.text = "转人工", .hand_to_desk = true},
      {.text = "请选择：\n1. 设施故障\n2. 环境卫生", .choices = {{"repair", "设施故障"}, {"cleaning", "环境卫生"}}},
  };
  for (const auto& message : table) {
    reply_ = message;
    EXPECT_EQ(account_.platform().send("oWang", SaysText{"你好", {}}).violation, "") << message.text.substr(0, 20);
    EXPECT_EQ(account_.platform().send("oWang", CausesEvent{"CLICK", "K", {}}).violation, "");
  }
  EXPECT_EQ(account_.platform().send("oWang", SaysText{"你好", {}}).links.size(), 2U);
}

TEST_P(AdapterMeetsPlatform, GarbageIsRefused) {
  for (const std::string body : {"", "{}", "<xml>", "<xml></xml>", "<html/>", "\x00\xff"}) {
    const auto reply = account_.platform().post_garbage(body.empty() ? " " : body);
    EXPECT_TRUE(reply.status == 400 || reply.status == 403) << body << reply.status;
    EXPECT_EQ(reply.body, "");
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, AdapterMeetsPlatform,
                         testing::Values(WeChatMode::plain, WeChatMode::compatible, WeChatMode::safe),
                         [](const auto& mode) {
                           return mode.param == WeChatMode::plain  ? "plain"
                                  : mode.param == WeChatMode::safe ? "safe"
                                                                   : "compatible";
                         });

}  // namespace
}  // namespace huiyin::simulators
