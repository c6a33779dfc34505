#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <mutex>

#include "adapters/workchat/wecom_robot.h"
#include "simulators/sample_media.h"
#include "simulators/staff_turn.h"
#include "tests/adapters/workchat/wecom_requests.h"
#include "tests/describe.h"
#include "tests/simulators/fake_wecom.h"

namespace huiyin::simulators {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

/// Our adapter in front of and behind the simulated WeCom, over real HTTP: two implementations that share no code.
class AdapterMeetsWeCom : public testing::Test {
 protected:
  AdapterMeetsWeCom() { refresh(); }

  workchat::WeCom make() const {
    auto config = workchat::test_config();
    config.api_url = fake_.url();
    return workchat::WeCom(std::move(config));
  }
  HttpReply serve(const HttpRequest& request) {
    const std::scoped_lock lock(mutex_);  // deliveries come at once
    const auto inbound = adapter_.parse(request);
    if (!inbound) return {.status = status_of(inbound.error().reason)};
    for (const auto& event : inbound->events) seen_.push_back(describe(event.body)), keys_.push_back(event.key);
    return adapter_.acknowledge(*inbound, reply_, {fake_.clock().now(), &random_});
  }
  void refresh() {
    const auto got =
        adapter_.judge_credential(fake_.http().call(*adapter_.compose_credential(false)), fake_.clock().now());
    ASSERT_TRUE(got) << describe(got.error());
    credential_ = got->value.reveal();
  }
  SendResult send(const OutboundMessage& message) {
    Sending sending{.now = fake_.clock().now(), .credential = credential_, .created = fake_.clock().now()};
    while (true) {
      const auto call = adapter_.compose(message, sending);
      if (!call) return call.error();
      auto result = adapter_.judge(fake_.http().call(*call), message, sending);
      const auto* next = std::get_if<NextStep>(&result);
      if (next == nullptr || sending.step > 8) return result;
      ++sending.step;
      sending.previous = next->previous;
    }
  }
  std::string response_code(const OutboundMessage& message) {
    const auto result = send(message);
    const auto* accepted = std::get_if<Accepted>(&result);
    EXPECT_NE(accepted, nullptr) << describe(result);
    return accepted == nullptr ? "" : accepted->provider_id;
  }

  std::mutex mutex_;
  SequenceRandom random_;
  std::optional<OutboundMessage> reply_;
  std::vector<std::string> seen_, keys_;
  FakeWeCom fake_{[this](const HttpRequest& request) { return serve(request); }};
  workchat::WeCom adapter_ = make();
  std::string credential_;
};

TEST_F(AdapterMeetsWeCom, TheUrlIsVerified) { EXPECT_EQ(fake_.platform().verify_url(), ""); }

TEST_F(AdapterMeetsWeCom, EveryMessageOfOursIsTaken) {
  std::string longest;
  while (longest.size() < 9000) longest += "电梯👨‍👩‍👧‍👦 \"引号\" \\ \t\x01 [x](y) <@all>";
  auto wide = workchat::ticket_card();
  wide.card.id = "HY1024-4@2";
  wide.card.title = wide.card.subtitle = wide.card.text = longest;
  wide.card.lines.assign(9, {longest, longest});
  wide.choices.clear();
  for (int i = 0; i < 12; ++i) wide.choices.push_back({"key" + std::to_string(i), longest});
  auto notice = workchat::ticket_card();
  notice.choices.clear();
  auto markdown = wide;
  markdown.choices.clear();
  markdown.card.url.clear();
  auto news = workchat::message_to_staff("");
  news.articles.assign(9, {longest, longest, "", "https://hy.test/t/1"});
  int number = 0;
  for (auto message : {workchat::message_to_staff("新工单"), workchat::message_to_staff(longest),
                       workchat::ticket_card(), wide, notice, markdown, news}) {
    message.key = "o" + std::to_string(++number);
    EXPECT_THAT(describe(send(message)), StartsWith("Accepted ")) << number;
    EXPECT_EQ(fake_.api().screen("zhangsan").size(), static_cast<std::size_t>(number));
  }
  EXPECT_THAT(
      fake_.api().screen("zhangsan").at(2).shown,
      testing::Eq("【物业工单】\n新工单 HY1024-4\n3号楼2单元602\n厨房水管漏水\n期限：今天 14:00\n电话：138****8000"));
}

TEST_F(AdapterMeetsWeCom, ARepeatAfterALostAnswerIsSeenOnce) {
  for (const auto& message : {workchat::message_to_staff("新工单"), workchat::ticket_card()}) {
    const auto before = fake_.api().screen("zhangsan").size();
    fake_.api().faults().add({.call = "message/send", .kind = WeChatFault::Kind::half});
    EXPECT_THAT(describe(send(message)), StartsWith("Unknown: "));
    EXPECT_THAT(describe(send(message)), StartsWith("Accepted "));
    EXPECT_EQ(fake_.api().screen("zhangsan").size(), before + 1);
  }
  auto reminder = workchat::message_to_staff("HY1024-4 还没有人接单");
  EXPECT_THAT(describe(send(reminder)), StartsWith("Accepted "));
  reminder.key = "o99";
  EXPECT_THAT(describe(send(reminder)), StartsWith("Accepted "));
  EXPECT_EQ(fake_.api().screen("zhangsan").size(), 4U) << "the second reminder is no repeat";
}

TEST_F(AdapterMeetsWeCom, OnlyThoseWhoAreThereAreReached) {
  auto message = workchat::message_to_staff("x");
  message.to.address = "wangwu";
  EXPECT_THAT(describe(send(message)), StartsWith("PeerGone: 81013"));
  fake_.api().expire_tokens();
  EXPECT_EQ(describe(send(workchat::message_to_staff("x"))), "CredentialExpired");
  refresh();
  EXPECT_THAT(describe(send(workchat::message_to_staff("x"))), StartsWith("Accepted "));
}

TEST_F(AdapterMeetsWeCom, ATapComesInAndItsCardIsChangedByTheAnswer) {
  static_cast<void>(response_code(workchat::ticket_card()));
  reply_ = workchat::message_to_staff("您已接单");
  reply_->card.title = "您 14:05 已接单";
  const auto message = fake_.platform().tap("zhangsan", "接单");
  ASSERT_TRUE(message);
  const auto delivery = fake_.platform().deliver(*message);
  EXPECT_EQ(delivery.violation, "");
  EXPECT_THAT(seen_.back(), StartsWith("tap HY1024-4@1 accept response="));
  EXPECT_EQ(fake_.api().screen("zhangsan").front().replaced, "您 14:05 已接单");
  EXPECT_FALSE(fake_.platform().tap("zhangsan", "接单")) << "there is no such button any more";
}

TEST_F(AdapterMeetsWeCom, ATappedCardBecomesOneWithOtherButtons) {
  static_cast<void>(response_code(workchat::ticket_card()));
  reply_ = workchat::ticket_card();
  reply_->card.title = "HY1024-4 已接单";
  reply_->choices = {{"progress", "进度"}, {"done", "完成"}, {"a", "方案"}, {"b", "勘查"},
                     {"c", "挂起"},        {"d", "退回"},    {"e", "转派"}};
  const auto delivery = fake_.platform().deliver(*fake_.platform().tap("zhangsan", "接单"));
  EXPECT_EQ(delivery.violation, "");
  EXPECT_EQ(fake_.api().screen("zhangsan").front().buttons.size(), 7U);
  ASSERT_TRUE(fake_.platform().tap("zhangsan", "完成"));
  static_cast<void>(fake_.platform().deliver(*fake_.platform().tap("zhangsan", "转派")));
  EXPECT_THAT(seen_.back(), StartsWith("tap HY1024-4@1 e response=")) << "from the card's menu";
}

TEST_F(AdapterMeetsWeCom, TheOthersCardsAreChangedByWhatTheirSendingGave) {
  auto his = workchat::ticket_card();
  his.to.address = "lisi";
  his.card.id = "HY1024-4@lisi";
  const auto by = response_code(his);
  EXPECT_GT(by.size(), 20U);
  auto taken = workchat::message_to_staff("HY1024-4 已由张三接单");
  taken.to.address = "lisi";
  taken.card = {.title = "张三 14:05 已接单", .replaces = by};
  EXPECT_THAT(describe(send(taken)), StartsWith("Accepted"));
  EXPECT_EQ(fake_.api().screen("lisi").front().replaced, "张三 14:05 已接单");
  taken.key = "o50";
  EXPECT_THAT(describe(send(taken)), StartsWith("Accepted")) << "the code is used: said in words";
  EXPECT_EQ(fake_.api().screen("lisi").back().shown, "HY1024-4 已由张三接单");
}

TEST_F(AdapterMeetsWeCom, WordsPhotosAndNoiseComeIn) {
  reply_ = workchat::message_to_staff("好的 ]]> <b> &amp; 🏠");
  const auto delivery = fake_.platform().deliver(fake_.platform().write("ZhangSan", "完成　１０２４４ ]]> <b> 🏠"));
  EXPECT_EQ(delivery.violation, "");
  EXPECT_EQ(delivery.shown, "好的 ]]> <b> &amp; 🏠");
  EXPECT_EQ(seen_.back(), "text 完成　１０２４４ ]]> <b> 🏠");
  EXPECT_THAT(keys_.back(), HasSubstr(":zhangsan:"));
  static_cast<void>(fake_.platform().deliver(fake_.platform().send_photo("zhangsan")));
  EXPECT_THAT(seen_.back(), StartsWith("image "));
  const auto noise = fake_.platform().deliver(fake_.platform().open_app("zhangsan"));
  EXPECT_EQ(noise.shown + noise.violation, "");
  const auto photo = seen_.at(seen_.size() - 2);
  const auto id = photo.substr(6, photo.find(' ', 6) - 6);
  const auto call = adapter_.compose_fetch({.media_id = id}, {.credential = credential_});
  const auto bytes = fake_.http().call(*call);
  EXPECT_EQ(bytes.body, sample_photo().bytes);
  EXPECT_TRUE(std::holds_alternative<Fetched>(adapter_.judge_fetch(bytes, {.media_id = id}, {})));
}

TEST_F(AdapterMeetsWeCom, TheSameDeliveryHasTheSameKey) {
  const auto message = fake_.platform().write("zhangsan", "接单 10244");
  static_cast<void>(fake_.platform().deliver_at_once(message, 3));
  EXPECT_EQ(keys_.at(0), keys_.at(1));
  EXPECT_EQ(keys_.at(0), keys_.at(2));
  static_cast<void>(response_code(workchat::ticket_card()));
  static_cast<void>(fake_.platform().deliver(*fake_.platform().tap("zhangsan", "接单")));
  static_cast<void>(fake_.platform().deliver(*fake_.platform().tap("zhangsan", "接单")));
  EXPECT_NE(keys_.at(3), keys_.at(4)) << "two taps of one second are two";
}

TEST_F(AdapterMeetsWeCom, PhotosAreUploadedAndShown) {
  const auto file = std::filesystem::temp_directory_path() / ("huiyin-wecom-" + std::to_string(::getpid()));
  std::ofstream(file, std::ios::binary) << sample_photo().bytes;
  auto message = workchat::ticket_card();
  message.media = {{MediaKind::image, "", file.string()}, {MediaKind::image, "", "/nowhere/photo"}};
  EXPECT_THAT(describe(send(message)), StartsWith("Accepted ")) << "a photo that is not there holds nothing up";
  const auto screen = fake_.api().screen("zhangsan");
  ASSERT_EQ(screen.size(), 2U);
  EXPECT_EQ(screen[0].kind, "button_interaction");
  EXPECT_EQ(screen[1].shown, "[image/jpeg]");
  std::filesystem::remove(file);
}

TEST_F(AdapterMeetsWeCom, TheRobotSpeaks) {
  const workchat::WeComRobot robot(
      {.channel = "workchat:group", .key = Secret("0b1c2d3e"), .api_url = fake_.url(), .source = "物业工单"});
  for (const char* address : {"group", "@all", "zhangsan|lisi"})
    for (auto message : {workchat::message_to_staff("新工单"), workchat::ticket_card()}) {
      message.to = {"workchat:group", address};
      EXPECT_EQ(describe(robot.judge(fake_.http().call(*robot.compose(message, {})), message, {})), "Accepted ");
    }
  EXPECT_EQ(fake_.api().screen("group:0b1c2d3e").size(), 6U);
  EXPECT_THAT(fake_.api().screen("group:0b1c2d3e").at(1).shown, HasSubstr("新工单 HY1024-4"));
}

TEST(StaffTurn, IsReadAndNumbersAreFound) {
  const auto taps = read_staff_acts("zhangsan taps 接单");
  ASSERT_TRUE(taps);
  EXPECT_EQ(taps->kind, StaffActs::Kind::taps);
  EXPECT_EQ(taps->member, "zhangsan");
  EXPECT_EQ(read_staff_acts("zhangsan writes 完成 {number} 已更换水管")->words, "完成 {number} 已更换水管");
  for (const char* wrong : {"", "zhangsan", "zhangsan taps", "zhangsan taps ", "zhangsan dances x"})
    EXPECT_FALSE(read_staff_acts(wrong)) << wrong;
  EXPECT_EQ(last_ticket_number("工单号 HY1024-4，2号楼-3 单元"), "HY1024-4");
  EXPECT_EQ(last_ticket_number("HY1-2 和 HY1025-1。"), "HY1025-1");
  EXPECT_EQ(last_ticket_number("2026-11-23 -"), "");
}

}  // namespace
}  // namespace huiyin::simulators
