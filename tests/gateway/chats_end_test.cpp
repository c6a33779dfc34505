// Staff in Feishu and in DingTalk, of a running daemon: from the notice to the result, which the owner hears; and what
// comes twice, late or from elsewhere.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "net/http_client.h"
#include "simulators/chat_server.h"
#include "simulators/dingtalk_platform.h"
#include "simulators/feishu_platform.h"
#include "tests/gateway/company.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using simulators::ChatServer;
using testing::HasSubstr;
using testing::StartsWith;

constexpr auto kPatience = 30s;
constexpr auto kMember = "ou_zhangsan", kDinger = "manager4220";

/// The two chats, and the stanzas by which a company has them.
class Chats {
 public:
  explicit Chats(const std::string& folder) : folder_(folder) {
    for (const auto& [name, value] : {std::pair("lark_secret", "lark-secret"), std::pair("lark_key", "lark-key"),
                                      std::pair("lark_token", "lark-token"), std::pair("ding_secret", "ding-secret")})
      std::ofstream(folder_ + "/" + name) << value;
    ding_.set_base_url(ding_url_);
  }
  ~Chats() {
    lark_server_.stop();
    ding_server_.stop();
  }
  [[nodiscard]] std::string stanzas() const {
    return fmt::format(R"(  - name: workchat:feishu
    provider: feishu
    estate: riverside
    app_id: cli_a0123456789abcde
    secret: {{file: {0}/lark_secret}}
    encrypt_key: {{file: {0}/lark_key}}
    token: {{file: {0}/lark_token}}
    api_url: {1}
  - name: workchat:dingtalk
    provider: dingtalk
    estate: riverside
    corp_id: ding0123456789abcdef
    app_key: dinghuiyin000001
    secret: {{file: {0}/ding_secret}}
    api_url: {2}
)",
                       folder_, lark_url_, ding_url_);
  }
  [[nodiscard]] simulators::FeishuPlatform lark_at(const std::string& url) {
    return {{.app_id = "cli_a0123456789abcde",
             .encrypt_key = "lark-key",
             .token = "lark-token",
             .hook_url = url + "/hook/workchat/feishu"},
            lark_,
            clock_,
            random_};
  }
  [[nodiscard]] simulators::DingTalkPlatform ding_at(const std::string& url) {
    return {{.app_secret = "ding-secret",
             .robot_code = "dinghuiyin000001",
             .corp_id = "ding0123456789abcdef",
             .hook_url = url + "/hook/workchat/dingtalk"},
            ding_,
            clock_,
            random_};
  }
  simulators::FeishuApi& lark() { return lark_; }
  simulators::DingTalkApi& ding() { return ding_; }

 private:
  std::string folder_;
  SystemClock clock_{};
  SystemRandom random_{};
  simulators::FeishuApi lark_{
      {.app_id = "cli_a0123456789abcde", .app_secret = "lark-secret", .members = {kMember, "ou_lisi"}},
      clock_,
      random_};
  simulators::DingTalkApi ding_{{.app_key = "dinghuiyin000001",
                                 .app_secret = "ding-secret",
                                 .robot_code = "dinghuiyin000001",
                                 .members = {kDinger}},
                                clock_,
                                random_};
  ChatServer lark_server_{
      {[this](const auto& request) { return lark_.answer(request); }, lark_.faults(), lark_.screens()}, clock_};
  ChatServer ding_server_{
      {[this](const auto& request) { return ding_.answer(request); }, ding_.faults(), ding_.screens()}, clock_};
  std::string lark_url_ = lark_server_.start().value(), ding_url_ = ding_server_.start().value();
};

class ChatsEnd : public testing::TestWithParam<db::Driver> {
 protected:
  static std::string seen(simulators::StaffScreens& screens, const std::string& member, const std::string& words) {
    const auto shown = screens.wait_for_words(member, words, kPatience);
    return shown ? shown->shown : "never";
  }
  std::string on_feishu(const std::string& words) { return seen(chats_.lark().screens(), kMember, words); }
  std::string on_dingtalk(const std::string& words) { return seen(chats_.ding().screens(), kDinger, words); }
  std::string owner_is_told(const std::string& words) {
    return company_.wait_for_row(
        "SELECT count(*)>0 FROM outbox WHERE address='oWang' AND state='sent' AND message LIKE '%" + words + "%'", "1");
  }
  std::string status() { return company_.installation().ask("SELECT status FROM tickets"); }

  TemporaryFolder folder_;
  Chats chats_{folder_.file("")};
  Company company_{GetParam(), {}, chats_.stanzas()};
  simulators::FeishuPlatform lark_ = chats_.lark_at(company_.url());
  simulators::DingTalkPlatform ding_ = chats_.ding_at(company_.url());
};

TEST_P(ChatsEnd, OnFeishuFromTheNoticeToTheResult) {
  company_.hire("张三", kMember, StaffRole::agent, "repair", "workchat:feishu");
  EXPECT_EQ(lark_.verify_url(), "");
  const auto number = company_.report();
  EXPECT_THAT(on_feishu(number), HasSubstr("厨房水管漏水"));
  const auto tap = lark_.tap(kMember, "接单");
  ASSERT_TRUE(tap);
  EXPECT_EQ(lark_.deliver(*tap).violation, "");
  EXPECT_THAT(on_feishu("归您了"), HasSubstr("厨房水管漏水")) << "on the card itself";
  EXPECT_EQ(status(), "accepted");
  EXPECT_FALSE(lark_.tap(kMember, "接单")) << "the card shows what can be done now";
  EXPECT_EQ(lark_.deliver(lark_.write_in_group(kMember, "进度 " + number + " 配件下午到")).violation, "");
  EXPECT_THAT(on_feishu("进度已记下"), StartsWith(number));
  EXPECT_EQ(lark_.deliver(*lark_.tap(kMember, "完成")).violation, "");
  EXPECT_THAT(on_feishu("怎么处理好的"), HasSubstr(number)) << "a tap cannot ask: a message does";
  EXPECT_EQ(lark_.deliver(lark_.write(kMember, "换了角阀，电话告知")).violation, "");
  EXPECT_THAT(on_feishu("已完成"), HasSubstr(number));
  EXPECT_EQ(status(), "resolved");
  EXPECT_EQ(owner_is_told("换了角阀"), "1");
}

TEST_P(ChatsEnd, WhatFeishuRepeatsForHoursIsDoneOnce) {
  company_.hire("张三", kMember, StaffRole::agent, "repair", "workchat:feishu");
  const auto number = company_.report();
  (void)on_feishu(number);
  const auto tap = *lark_.tap(kMember, "接单");
  for (const auto& one : lark_.deliver_at_once(tap, 4)) EXPECT_EQ(one.violation, "");
  EXPECT_EQ(company_.installation().count("ticket_history WHERE action='accept'"), 1);
  const auto words = lark_.write(kMember, "进度 " + number + " 配件下午到");
  EXPECT_EQ(lark_.deliver(words).violation, "");
  (void)on_feishu("进度已记下");
  EXPECT_EQ(lark_.deliver(words).violation, "");
  EXPECT_EQ(lark_.deliver(lark_.again_as_another_event(words)).violation, "");
  EXPECT_EQ(company_.installation().count("ticket_history WHERE action='progress'"), 1);
  EXPECT_EQ(company_.installation().count("outbox WHERE message LIKE '%staff.done_progress%'"), 1) << "said once";
}

TEST_P(ChatsEnd, OfAnotherCompanyAndOfStrangersNothingIsTaken) {
  company_.hire("张三", kMember, StaffRole::agent, "repair", "workchat:feishu");
  (void)on_feishu(company_.report());
  auto tap = *lark_.tap(kMember, "接单");
  const std::string ours = "2ca1d211f64f6438";
  auto foreign = tap;
  foreign.json.replace(foreign.json.rfind(ours), ours.size(), "0000000000000000");
  EXPECT_THAT(lark_.deliver(foreign).violation, HasSubstr("HTTP status 400"));
  auto other_app = tap;
  const std::string app = "cli_a0123456789abcde";
  other_app.json.replace(other_app.json.find(app), app.size(), "cli_a0000000000000000");
  EXPECT_THAT(lark_.deliver(other_app).violation, HasSubstr("HTTP status 400"));
  EXPECT_EQ(company_.installation().count("ticket_history WHERE action='accept'"), 0);
  EXPECT_EQ(lark_.deliver(lark_.write("ou_lisi", "我的工单")).violation, "");
  EXPECT_THAT(seen(chats_.lark().screens(), "ou_lisi", "请联系管理员登记"), HasSubstr("ou_lisi"));
  EXPECT_EQ(ding_.deliver(ding_.write_as_outsider("我的工单")), "");
}

TEST_P(ChatsEnd, OnDingTalkFromTheNoticeToTheResult) {
  company_.hire("李四", kDinger, StaffRole::agent, "repair", "workchat:dingtalk");
  const auto number = company_.report();
  EXPECT_THAT(on_dingtalk(number), HasSubstr("回复：接单 " + number));
  const auto page = chats_.ding().screens().of(kDinger).front().url;
  EXPECT_THAT(page, StartsWith(company_.url() + "/t/"));
  EXPECT_THAT(HttpClient().call({.url = page, .method = "GET"}).body, HasSubstr(number));
  EXPECT_EQ(ding_.deliver(ding_.write(kDinger, "接单 " + number)), "");
  EXPECT_THAT(on_dingtalk("归您了"), HasSubstr(number));
  const auto progress = ding_.write_in_group(kDinger, "进度 " + number + " 配件下午到");
  for (int i = 0; i < 2; ++i) EXPECT_EQ(ding_.deliver(progress), "");
  EXPECT_THAT(on_dingtalk("进度已记下"), HasSubstr(number));
  EXPECT_EQ(company_.installation().count("ticket_history WHERE action='progress'"), 1);
  EXPECT_EQ(ding_.deliver(ding_.send_photo(kDinger)), "");
  EXPECT_EQ(company_.wait_for_row("SELECT count(*) FROM attachments WHERE stage='after' AND sha256<>''", "1"), "1");
  EXPECT_EQ(ding_.deliver(ding_.write(kDinger, "完成 " + number + " 换了角阀，电话告知")), "");
  EXPECT_THAT(on_dingtalk("已完成"), HasSubstr(number));
  EXPECT_EQ(status(), "resolved");
  EXPECT_EQ(owner_is_told("换了角阀"), "1");
}

INSTANTIATE_TEST_SUITE_P(Drivers, ChatsEnd, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
