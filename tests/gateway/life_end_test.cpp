// A ticket's whole life between the simulators of WeChat and WeCom: what `huiyin demo` plays, on both stores; then two
// who reach for one ticket at once, and taps that are repeated, old or forged.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "gateway/assets.h"
#include "gateway/stable_id.h"
#include "simulators/conversation.h"
#include "simulators/wechat_api_server.h"
#include "simulators/wecom_server.h"
#include "tests/gateway/installation.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr auto kKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
constexpr auto kCorp = "ww0123456789abcdef";

class LifeEnd : public testing::TestWithParam<db::Driver> {
 protected:
  LifeEnd() {
    write("app_secret", "app-secret");
    write("wecom_token", "wecomToken");
    write("wecom_key", kKey);
    write("wecom_secret", "wecom-secret");
    const auto wechat_url = wechat_server_.start().value();
    const auto wecom_url = wecom_server_.start().value();
    const auto config = installation_.write_config(0, "spool.db",
                                                   fmt::format(R"(    app_secret: {{file: {0}/app_secret}}
    api_url: {1}
  - name: workchat:wecom
    provider: wecom
    estate: riverside
    corp_id: {2}
    agent_id: 1000002
    token: {{file: {0}/wecom_token}}
    aes_key: {{file: {0}/wecom_key}}
    secret: {{file: {0}/wecom_secret}}
    api_url: {3}
)",
                                                               folder(), wechat_url, kCorp, wecom_url));
    auto daemon = Daemon::start(installation_.load(config), process_secrets());
    if (!daemon) throw std::runtime_error(describe(daemon.error().front()));
    daemon_ = *std::move(daemon);
    owners_ = installation_.platform(daemon_->hook_port());
    owners_->connect(wechat_);
    staff_ = std::make_unique<simulators::WeComPlatform>(
        simulators::WeComPlatform::Config{
            .token = "wecomToken",
            .encoding_aes_key = kKey,
            .corp_id = kCorp,
            .hook_url = fmt::format("http://127.0.0.1:{}/hook/workchat/wecom", daemon_->hook_port())},
        wecom_, clock_, random_);
    hire("张三", "zhangsan");
    hire("李四", "lisi");
  }
  ~LifeEnd() override {
    daemon_->stop();
    wecom_server_.stop();
    wechat_server_.stop();
  }

  [[nodiscard]] std::string folder() const {
    const auto file = installation_.file("x");
    return file.substr(0, file.size() - 2);
  }
  void write(const std::string& name, const std::string& text) { std::ofstream(installation_.file(name)) << text; }
  void hire(const std::string& name, const std::string& member) {
    auto unit = db::unit_of("hire " + name);
    Staff staff;
    staff.id = StaffId{db::fresh_id()};
    staff.department = stable_id<DepartmentId>("repair");
    staff.name = name;
    staff.peers = {{"workchat:wecom", member}};
    unit.staff = {staff};
    unit.duties = {{staff.id, clock_.now() - 24h, clock_.now() + 24h, false}};
    EXPECT_EQ(db::describe(installation_.database().open()->commit(std::move(unit))), "committed");
  }
  std::string report() {
    std::string said;
    for (const char* text : {"3号楼2单元602厨房水管漏水，我是王建国，13800138000", "跳过", "1"})
      said = owners_->send("oWang", simulators::SaysText{text}).shown;
    return ticket_number_in(said);
  }

  Installation installation_{GetParam()};
  SystemClock clock_{};
  SystemRandom random_{};
  simulators::WeChatApi wechat_{{.app_id = "wx0123456789abcdef", .app_secret = "app-secret"}, clock_, random_};
  simulators::WeChatApiServer wechat_server_{wechat_, clock_};
  simulators::WeComApi wecom_{
      {.corp_id = kCorp, .secret = "wecom-secret", .members = {"zhangsan", "lisi", "stranger"}}, clock_, random_};
  simulators::WeComServer wecom_server_{wecom_, nullptr, clock_};
  std::unique_ptr<Daemon> daemon_{};
  std::unique_ptr<simulators::WeChatPlatform> owners_{};
  std::unique_ptr<simulators::WeComPlatform> staff_{};
};

TEST_P(LifeEnd, AsTheDemoPlaysIt) {
  const auto file = share_folder() + "/simulators/conversations/ticket-life.yaml";
  const auto conversation = simulators::parse_conversation(read_file(file).value(), "ticket-life.yaml");
  ASSERT_TRUE(conversation) << describe(conversation.error().front());
  std::ostringstream out;
  const auto played = simulators::play(*conversation, *owners_, out, 0ms, {}, staff_.get());
  EXPECT_THAT(played.failures, IsEmpty()) << out.str();
  EXPECT_EQ(installation_.ask("SELECT status FROM tickets"), "closed");
  EXPECT_EQ(installation_.ask("SELECT score FROM surveys"), "5");
  EXPECT_EQ(installation_.count("surveys"), 1);
  EXPECT_EQ(installation_.count("attachments WHERE stage='after'"), 1);
}

TEST_P(LifeEnd, OneOfTwoHasItAndRepeatsOldAndForgedTapsDoNothing) {
  const auto number = report();
  ASSERT_NE(number, "");
  for (const char* member : {"zhangsan", "lisi"}) ASSERT_TRUE(wecom_.wait_for_words(member, number, 20s)) << member;
  const auto of_zhang = staff_->tap("zhangsan", "接单"), of_li = staff_->tap("lisi", "接单");
  ASSERT_TRUE(of_zhang && of_li);
  std::string shown[2];
  std::thread other([&] { shown[1] = staff_->deliver(*of_li).shown; });
  shown[0] = staff_->deliver(*of_zhang).shown;
  other.join();
  EXPECT_EQ(installation_.count("ticket_history WHERE action='accept'"), 1) << shown[0] << "\n" << shown[1];
  const bool zhang_has_it =
      installation_.ask("SELECT s.name FROM tickets t JOIN staff s ON s.id=t.assignee_id") == "张三";
  EXPECT_THAT(shown[zhang_has_it ? 0 : 1], HasSubstr("归您了"));
  EXPECT_THAT(shown[zhang_has_it ? 1 : 0], HasSubstr(zhang_has_it ? "张三" : "李四"));

  const auto before = installation_.count("ticket_history");
  (void)staff_->deliver(zhang_has_it ? *of_zhang : *of_li);  // a repeat
  const auto forged = staff_->deliver(staff_->write("stranger", "接单 " + number));
  EXPECT_THAT(forged.shown, HasSubstr("登记过的员工"));
  EXPECT_EQ(installation_.count("ticket_history"), before);
}

INSTANTIATE_TEST_SUITE_P(Drivers, LifeEnd, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
