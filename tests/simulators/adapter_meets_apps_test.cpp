// Our apps of Feishu and DingTalk against simulated ones, over real HTTP: two implementations that share no code.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>

#include "net/http_client.h"
#include "simulators/chat_server.h"
#include "simulators/dingtalk_platform.h"
#include "simulators/feishu_platform.h"
#include "simulators/sample_media.h"
#include "tests/adapters/workchat/app_requests.h"
#include "tests/describe.h"
#include "tests/simulators/fake_account.h"

namespace huiyin::simulators {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;
using workchat::kOpenId;
using workchat::message_to_staff;
using workchat::ticket_card;
using workchat::to_dingtalk;
using workchat::to_feishu;

class AdapterMeetsApps : public testing::Test {
 protected:
  AdapterMeetsApps() {
    ding_api_.set_base_url(ding_url_);
    hook_.handle([this](const HttpRequest& request) {
      return serve(request.path == "/feishu" ? static_cast<const Channel&>(lark_) : ding_, request);
    });
    const auto hook = "http://127.0.0.1:" + std::to_string(hook_.start().value());
    lark_platform_.emplace(FeishuPlatform::Config{.app_id = "cli_a0123456789abcde",
                                                  .encrypt_key = workchat::kEncryptKey,
                                                  .token = workchat::kVerificationToken,
                                                  .hook_url = hook + "/feishu"},
                           lark_api_, clock_, random_);
    ding_platform_.emplace(DingTalkPlatform::Config{.app_secret = workchat::kAppSecret,
                                                    .robot_code = "dinghuiyin000001",
                                                    .corp_id = "ding0123456789abcdef",
                                                    .hook_url = hook + "/dingtalk"},
                           ding_api_, clock_, random_);
  }
  ~AdapterMeetsApps() override {
    hook_.stop();
    lark_server_.stop();
    ding_server_.stop();
  }
  HttpReply serve(const Channel& app, const HttpRequest& request) {
    const std::scoped_lock lock(mutex_);
    const auto inbound = app.parse(request);
    if (!inbound) return {.status = status_of(inbound.error().reason)};
    for (const auto& event : inbound->events) seen_.push_back(describe(event.body)), keys_.push_back(event.key);
    return app.acknowledge(*inbound, std::nullopt, {});
  }
  std::string credential(const Channel& app) {
    const auto got = app.judge_credential(http_.call(*app.compose_credential(false)), clock_.now());
    return got ? got->value.reveal() : "";
  }
  std::string send(const Channel& app, const OutboundMessage& message) {
    Sending sending{.now = clock_.now(), .credential = credential(app), .created = clock_.now()};
    while (true) {
      const auto call = app.compose(message, sending);
      if (!call) return "not composed: " + call.error().why;
      const auto result = app.judge(http_.call(*call), message, sending);
      const auto* next = std::get_if<NextStep>(&result);
      if (next == nullptr || sending.step > 8) return describe(result);
      ++sending.step;
      sending.previous = next->previous;
    }
  }
  std::string lark_shows() { return lark_api_.screens().of(kOpenId).back().shown; }

  ManualClock clock_{Time(Millis(1763890000000))};
  SequenceRandom random_;
  HttpClient http_{};
  std::mutex mutex_;
  std::vector<std::string> seen_{}, keys_{};
  FeishuApi lark_api_{
      {.app_id = "cli_a0123456789abcde", .app_secret = "app-secret", .members = {kOpenId}}, clock_, random_};
  DingTalkApi ding_api_{{.app_key = "dinghuiyin000001",
                         .app_secret = workchat::kAppSecret,
                         .robot_code = "dinghuiyin000001",
                         .members = {"manager4220"}},
                        clock_,
                        random_};
  ChatServer lark_server_{
      {[this](const auto& request) { return lark_api_.answer(request); }, lark_api_.faults(), lark_api_.screens()},
      clock_};
  ChatServer ding_server_{
      {[this](const auto& request) { return ding_api_.answer(request); }, ding_api_.faults(), ding_api_.screens()},
      clock_};
  std::string lark_url_ = lark_server_.start().value(), ding_url_ = ding_server_.start().value();
  workchat::Feishu lark_{workchat::feishu_config(lark_url_)};
  workchat::DingTalk ding_{workchat::dingtalk_config(ding_url_)};
  HttpServer hook_{{}, clock_};
  std::optional<FeishuPlatform> lark_platform_{};
  std::optional<DingTalkPlatform> ding_platform_{};
};

TEST_F(AdapterMeetsApps, EveryMessageOfOursIsTaken) {
  auto wide = ticket_card();
  while (wide.text.size() < 30000)
    wide.text += "电梯👨‍👩‍👧‍👦 \"引号\" \\ \t\x01 [x](y) <at user_id=\"all\">";
  wide.card.title = wide.card.subtitle = wide.card.text = wide.text;
  wide.card.lines = std::vector(20, std::pair(wide.text, wide.text));
  wide.choices = std::vector(20, Choice{"accept", wide.text});
  auto first = 1;
  for (auto message : {ticket_card(), wide, message_to_staff("新工单"), message_to_staff(wide.text)}) {
    message.key = "o" + std::to_string(first++);
    EXPECT_THAT(send(lark_, to_feishu(message)), StartsWith("Accepted om_"));
    EXPECT_THAT(send(ding_, to_dingtalk(message)), StartsWith("Accepted "));
    clock_.advance(1s);
  }
}

TEST_F(AdapterMeetsApps, TheSameMessageAgainIsShownOnceOnFeishu) {
  const auto id = send(lark_, to_feishu(ticket_card()));
  EXPECT_EQ(send(lark_, to_feishu(ticket_card())), id);
  EXPECT_EQ(lark_api_.screens().of(kOpenId).size(), 1U);
  lark_api_.expire_tokens();
  EXPECT_EQ(send(lark_, to_feishu(ticket_card())), id) << "with a fresh token";
}

TEST_F(AdapterMeetsApps, AFeishuCardIsChangedAsOftenAsOneLikes) {
  const auto id = send(lark_, to_feishu(ticket_card())).substr(std::string("Accepted ").size());
  auto change = to_feishu(ticket_card());
  change.card.replaces = id;
  change.card.title = "HY1024-4 已派给张三";
  EXPECT_EQ(send(lark_, change), "Accepted " + id);
  EXPECT_THAT(lark_shows(), StartsWith("HY1024-4 已派给张三"));
  EXPECT_EQ(lark_platform_->deliver(*lark_platform_->tap(kOpenId, "接单")).violation, "");
  EXPECT_EQ(seen_.back(), "tap HY1024-4@1 accept response=" + id);
  change.card.title = "HY1024-4 处理中";
  EXPECT_EQ(send(lark_, change), "Accepted " + id) << "as often as one likes";
  EXPECT_THAT(lark_shows(), StartsWith("HY1024-4 处理中"));
  EXPECT_EQ(lark_api_.screens().of(kOpenId).size(), 1U);
  clock_.advance(24h * 15);
  EXPECT_THAT(send(lark_, change), StartsWith("Accepted om_")) << "too old: said in words";
  EXPECT_EQ(lark_api_.screens().of(kOpenId).back().kind, "text");
}

TEST_F(AdapterMeetsApps, FeishusPhotosAreUploadedAndShownAndFetched) {
  const auto file = std::filesystem::temp_directory_path() / "huiyin-apps-photo";
  std::ofstream(file) << sample_photo().bytes;
  auto message = to_feishu(ticket_card());
  message.media = {{MediaKind::image, "", file.string()}};
  EXPECT_THAT(send(lark_, message), StartsWith("Accepted om_"));
  EXPECT_EQ(lark_api_.screens().of(kOpenId).back().kind, "image");
  std::filesystem::remove(file);
  EXPECT_EQ(lark_platform_->deliver(lark_platform_->send_photo(kOpenId)).violation, "");
  const auto media_id = seen_.back().substr(std::string("image ").size());
  const Sending sending{.credential = credential(lark_)};
  const auto reply = http_.call(*lark_.compose_fetch({.media_id = media_id}, sending));
  EXPECT_TRUE(std::holds_alternative<Fetched>(lark_.judge_fetch(reply, {.media_id = media_id}, sending)));
  EXPECT_EQ(reply.body, sample_photo().bytes);
}

TEST_F(AdapterMeetsApps, TheUrlIsVerifiedAndSevenHoursLaterItIsStillOneMessage) {
  EXPECT_EQ(lark_platform_->verify_url(), "");
  const auto words = lark_platform_->write(kOpenId, "接单 10244");
  for (const auto wait : {0s, 15s, 300s, 3600s, 21600s}) {
    clock_.advance(wait);
    EXPECT_EQ(lark_platform_->deliver(words).violation, "");
  }
  EXPECT_EQ(lark_platform_->deliver(lark_platform_->again_as_another_event(words)).violation, "");
  ASSERT_EQ(keys_.size(), 6U);
  EXPECT_EQ(std::set(keys_.begin(), keys_.end()).size(), 1U);
}

TEST_F(AdapterMeetsApps, DingTalksMessagesComeAndItsFilesAreFetched) {
  EXPECT_EQ(ding_platform_->deliver(ding_platform_->write_in_group("manager4220", "接单 10244")), "");
  EXPECT_EQ(seen_.back(), "text 接单 10244");
  EXPECT_EQ(ding_platform_->deliver(ding_platform_->send_photo("manager4220")), "");
  const MediaJob job{.media_id = seen_.back().substr(std::string("image ").size())};
  Sending sending{.credential = credential(ding_)};
  const auto where = ding_.judge_fetch(http_.call(*ding_.compose_fetch(job, sending)), job, sending);
  ASSERT_TRUE(std::holds_alternative<FetchElsewhere>(where));
  EXPECT_EQ(http_.call({.url = std::get<FetchElsewhere>(where).url, .method = "GET"}).body, sample_photo().bytes);
  ding_api_.expire_tokens();
  EXPECT_TRUE(std::holds_alternative<CredentialExpired>(
      ding_.judge_fetch(http_.call(*ding_.compose_fetch(job, sending)), job, sending)));
}

TEST_F(AdapterMeetsApps, WhatIsNoAnswerIsNotTakenForOne) {
  using Kind = WeChatFault::Kind;
  for (const auto kind : {Kind::half, Kind::empty, Kind::html}) {
    lark_api_.faults().add({.call = "im/v1/messages", .kind = kind});
    ding_api_.faults().add({.call = "batchSend", .kind = kind});
    EXPECT_THAT(send(lark_, to_feishu(ticket_card())), StartsWith("Unknown"));
    EXPECT_THAT(send(ding_, to_dingtalk(ticket_card())), StartsWith("Unknown"));
  }
  EXPECT_THAT(send(ding_, workchat::to_member(ticket_card(), "workchat:dingtalk", "nobody")), StartsWith("PeerGone"));
  auto to_nobody = workchat::to_member(ticket_card(), "workchat:feishu", "ou_nobody");
  to_nobody.key = "o43";
  EXPECT_THAT(send(lark_, to_nobody), StartsWith("PeerGone"));
}

}  // namespace
}  // namespace huiyin::simulators
