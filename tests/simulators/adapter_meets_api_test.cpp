#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/wechat/wechat.h"
#include "simulators/sample_media.h"
#include "simulators/wechat_rules.h"
#include "tests/adapters/wechat/wechat_sending.h"
#include "tests/describe.h"
#include "tests/simulators/fake_api.h"

namespace huiyin::simulators {
namespace {

using namespace std::chrono_literals;

/// Our adapter's calls over real HTTP to the simulated API: two implementations that share no code.
class AdapterMeetsApi : public testing::Test {
 protected:
  AdapterMeetsApi() : fake_(300ms) { refresh(false); }

  wechat::WeChat make() const {
    auto config = wechat::sending_config();
    config.api_url = fake_.url();
    return wechat::WeChat(std::move(config));
  }
  std::string refresh(bool force) {
    const auto got =
        adapter_.judge_credential(fake_.http().call(*adapter_.compose_credential(force)), fake_.clock().now());
    if (!got) return describe(got.error());
    credential_ = got->value.reveal();
    return "";
  }
  SendResult send(const OutboundMessage& message, Way way = Way::push, const std::string& template_id = {}) {
    auto sending = wechat::sending_by(way, template_id);
    sending.credential = credential_;
    sending.now = sending.created = fake_.clock().now();
    while (true) {
      const auto call = adapter_.compose(message, sending);
      if (!call) return call.error();
      const auto result = adapter_.judge(fake_.http().call(*call), message, sending);
      const auto* next = std::get_if<NextStep>(&result);
      if (next == nullptr) return result;
      ++sending.step;
      sending.previous = next->previous;
    }
  }
  std::string sent(const std::string& text) { return describe(send(wechat::message_to_owner(text))); }
  std::string last_shown() {
    const auto pushes = fake_.api().pushes(wechat::kOwner);
    return pushes.empty() ? "" : pushes.back().shown;
  }

  FakeApi fake_;
  wechat::WeChat adapter_ = make();
  std::string credential_;
};

TEST_F(AdapterMeetsApi, TokensAreGotRenewedAndForced) {
  const auto first = credential_;
  EXPECT_EQ(refresh(false), "");
  EXPECT_EQ(credential_, first);
  EXPECT_EQ(refresh(true), "");
  EXPECT_NE(credential_, first);
  EXPECT_TRUE(refresh(true).starts_with("RetryAfter 60s: 45011")) << "within 30 s";
}

TEST_F(AdapterMeetsApi, EveryMessageOfOursIsTaken) {
  std::string longest;
  while (longest.size() < 5000) longest += "电梯👨‍👩‍👧‍👦 \"引号\" \\ \t\x01";
  std::vector<OutboundMessage> table(6, wechat::message_to_owner("请选择：\n1. 不满意\n5. 非常满意"));
  table[1].text = longest;
  table[2].choices = {{"1", "不满意"}, {"5", "非常满意"}};
  table[3].choices = {{"bad", "不满意"}, {"good", "非常满意"}};
  table[4].text = "";
  table[4].articles = {{"停水", "九点", "https://p.test/1.jpg", "https://p.test/1"}};
  table[5].articles = std::vector<Article>(9, {"停水", "九点", "https://p.test/1.jpg", "https://p.test/1"});
  for (const auto& message : table) {
    fake_.api().owner_wrote(wechat::kOwner);
    EXPECT_EQ(describe(send(message)), "Accepted ") << message.text.substr(0, 40);
    EXPECT_NE(last_shown(), "");
  }
  auto photo = wechat::message_to_owner("");
  photo.media = {{MediaKind::image, fake_.api().keep_media("x", "image/jpeg", "jpg")}};
  fake_.api().owner_wrote(wechat::kOwner);
  EXPECT_EQ(describe(send(photo)), "Accepted ");
}

TEST_F(AdapterMeetsApi, WindowsAndQuotas) {
  EXPECT_EQ(sent("好").substr(0, 15), "PeerGone: 40003");
  fake_.api().owner_wrote(wechat::kOwner);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(sent("好"), "Accepted ");
  EXPECT_EQ(sent("好").substr(0, 19), "WindowClosed: 45047");
  fake_.clock().advance(48h);
  EXPECT_EQ(refresh(false), "");
  EXPECT_EQ(sent("好").substr(0, 19), "WindowClosed: 45015");
}

TEST_F(AdapterMeetsApi, ADeadTokenIsSeenOnEveryCall) {
  fake_.api().owner_wrote(wechat::kOwner);
  fake_.api().expire_tokens();
  EXPECT_EQ(sent("好"), "CredentialExpired");
  EXPECT_EQ(refresh(false), "");
  EXPECT_EQ(sent("好"), "Accepted ");
  fake_.clock().advance(3h);
  EXPECT_EQ(sent("好"), "CredentialExpired");
}

TEST_F(AdapterMeetsApi, NoticesByTemplate) {
  fake_.api().owner_wrote(wechat::kOwner);
  auto message = wechat::message_to_owner("三号楼二单元的电梯从昨天晚上起一直不动\n请尽快派人来看");
  message.data = {{"number", "HY1024-4"}, {"status", "已派单"}, {"description", message.text}};
  EXPECT_EQ(describe(send(message, Way::subscription, "SUB1")).substr(0, 19), "WindowClosed: 43101");
  fake_.api().owner_answered(wechat::kOwner, "SUB1", true);
  EXPECT_EQ(describe(send(message, Way::subscription, "SUB1")).substr(0, 9), "Accepted ");
  const auto first = describe(send(message, Way::template_notice, "TPL1"));
  EXPECT_EQ(first.substr(0, 9), "Accepted ");
  EXPECT_EQ(describe(send(message, Way::template_notice, "TPL1")), first) << "a repeat is known by the key";
  EXPECT_EQ(fake_.api().pushes(wechat::kOwner).size(), 2U);
  EXPECT_EQ(last_shown(), "thing1：三号楼二单元的电梯从昨天晚上起一直不动…\nphrase2：已派单");
}

TEST_F(AdapterMeetsApi, WhateverAValueHoldsThePlatformTakesIt) {
  const char* const values[] = {"",
                                "x",
                                "电梯",
                                "𠮷🏠👨‍👩‍👧‍👦",
                                "\xff\xfe",
                                "a\nb\r\tc",
                                "　",
                                "\x7f\xc2\x85",
                                "12.5",
                                "2026-11-23",
                                "15:01",
                                "2026年2月3日 4:05~23:59:59",
                                "¥12.50",
                                "+86-0571",
                                "粤A8Z888",
                                "阿不都热合曼·买买提明·托合提",
                                "\u200b",
                                "***",
                                "已派单",
                                "一二三四五六七八九十一二三四五六七八九十一",
                                "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
                                "10000000000",
                                "\u202eabc"};
  for (const char* key : {"thing1", "number1", "letter1", "symbol1", "character_string1", "time1", "date1", "amount1",
                          "phone_number1", "car_number1", "name1", "phrase1", "enum1", "const1", "keyword1"}) {
    int taken = 0;
    for (const auto* value : values) {
      const auto fits = wechat::fit_field(*wechat::field_kind(key), value);
      if (!fits) continue;
      ++taken;
      EXPECT_EQ(fault_of_field(key, *fits), "") << key << " 「" << value << "」 → 「" << *fits << "」";
    }
    EXPECT_GT(taken, 0) << key;
  }
}

TEST_F(AdapterMeetsApi, BrokenAnswersAreJudged) {
  fake_.api().owner_wrote(wechat::kOwner);
  using Kind = WeChatFault::Kind;
  const struct {
    WeChatFault fault;
    const char* expect;
  } table[] = {
      {{.call = "custom/send", .kind = Kind::half}, "Unknown: HTTP 200"},
      {{.call = "custom/send", .kind = Kind::empty}, "Unknown: HTTP 200"},
      {{.call = "custom/send", .kind = Kind::html}, "Unknown: HTTP 200"},
      {{.call = "custom/send", .kind = Kind::status, .code = 502}, "Unknown: HTTP 502"},
      {{.call = "custom/send", .kind = Kind::status, .code = 404}, "RetryAfter 300s: "},
      {{.call = "custom/send", .kind = Kind::stall, .wait = 600ms}, "Unknown: "},
      {{.call = "custom/send", .kind = Kind::code, .code = 45009}, "WindowClosed: 4500"},
      {{.call = "custom/send", .kind = Kind::code, .code = -1}, "RetryAfter 1s: -1 "},
  };
  for (const auto& row : table) {
    fake_.api().owner_wrote(wechat::kOwner);
    fake_.api().faults().add(row.fault);
    const auto result = sent("好");
    EXPECT_EQ(result.substr(0, std::string_view(row.expect).size()), row.expect) << result;
  }
  EXPECT_EQ(sent("好"), "Accepted ");
  fake_.api().faults().add({.call = "template/send", .kind = Kind::stall, .wait = 600ms});
  auto message = wechat::message_to_owner("好");
  message.data = {{"status", "已派单"}};
  EXPECT_EQ(describe(send(message, Way::template_notice, "TPL1")).substr(0, 16), "RetryAfter 15s: ");
  EXPECT_EQ(describe(send(message, Way::template_notice, "TPL1")).substr(0, 9), "Accepted ");
  const auto pushes = fake_.api().pushes(wechat::kOwner);
  EXPECT_EQ(std::count_if(pushes.begin(), pushes.end(), [](const auto& push) { return push.kind == "template"; }), 1)
      << "the try that was not answered had arrived";
}

TEST_F(AdapterMeetsApi, Media) {
  const auto fetch = [&](const std::string& url) { return fake_.http().call({.url = url, .method = "GET"}); };
  Sending sending{.credential = credential_};
  const MediaJob photo{.media_id = fake_.api().keep_media(sample_photo().bytes, "image/jpeg", "jpg")};
  const auto call = adapter_.compose_fetch(photo, sending);
  ASSERT_TRUE(call);
  const auto reply = fetch(call->url);
  EXPECT_EQ(reply.body, sample_photo().bytes);
  const auto result = adapter_.judge_fetch(reply, photo, sending);
  ASSERT_TRUE(std::holds_alternative<Fetched>(result));
  EXPECT_EQ(std::get<Fetched>(result).file_name, photo.media_id + ".jpg");

  const MediaJob video{.media_id = fake_.api().keep_media("mp4", "video/mp4", "mp4")};
  const auto elsewhere = adapter_.judge_fetch(fetch(adapter_.compose_fetch(video, sending)->url), video, sending);
  ASSERT_TRUE(std::holds_alternative<FetchElsewhere>(elsewhere));
  EXPECT_EQ(fetch(std::get<FetchElsewhere>(elsewhere).url).body, "mp4");

  fake_.api().expire_media();
  const auto gone = adapter_.judge_fetch(fetch(call->url), photo, sending);
  EXPECT_TRUE(std::holds_alternative<Rejected>(gone));
}

TEST_F(AdapterMeetsApi, TypingIsTaken) {
  fake_.api().owner_wrote(wechat::kOwner);
  const auto reply = fake_.http().call(wechat::typing_call(fake_.url(), credential_, wechat::kOwner, true));
  EXPECT_EQ(reply.body, R"({"errcode":0,"errmsg":"ok"})");
}

}  // namespace
}  // namespace huiyin::simulators
