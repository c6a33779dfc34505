// The page of a ticket, of a running daemon: the link in a notice opens it, and a form of it works on the ticket
// through the one door.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "gateway/stable_id.h"
#include "net/http_client.h"
#include "simulators/wecom_server.h"
#include "tests/gateway/installation.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using simulators::SaysText;
using testing::HasSubstr;

class PagesEnd : public testing::TestWithParam<db::Driver> {
 protected:
  PagesEnd() {
    write("wecom_token", "huiyinCorpToken");
    write("wecom_key", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG");
    write("wecom_secret", "app-secret");
    write("links", "0123456789abcdef0123456789abcdef");
    const auto api = wecom_.start();
    EXPECT_TRUE(api);
    config_ = installation_.write_config(
        port_, "spool.db",
        fmt::format("  - name: workchat:wecom\n    provider: wecom\n    estate: riverside\n"
                    "    corp_id: ww0123456789abcdef\n    agent_id: 1000002\n    api_url: {}\n"
                    "    token: {{file: {}}}\n    aes_key: {{file: {}}}\n    secret: {{file: {}}}\n"
                    "public_url: http://127.0.0.1:{}\nlinks: {{secret: {{file: {}}}}}\n",
                    *api, installation_.file("wecom_token"), installation_.file("wecom_key"),
                    installation_.file("wecom_secret"), port_, installation_.file("links")));
    hire();
  }
  ~PagesEnd() override { wecom_.stop(); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(installation_.file(name)) << text;
  }
  void hire() {
    UnitOfWork unit = db::unit_of("hire zhang");
    Staff staff;
    staff.id = StaffId{db::fresh_id()};
    staff.department = stable_id<DepartmentId>("repair");
    staff.name = "张三";
    staff.peers = {{"workchat:wecom", "zhangsan"}};
    unit.staff = {staff};
    const auto now = SystemClock().now();
    unit.duties = {{staff.id, now - 24h, now + 24h, false}};
    ASSERT_EQ(db::describe(installation_.database().open()->commit(std::move(unit))), "committed");
  }
  static simulators::WeComApi::Config api_config() {
    simulators::WeComApi::Config config{.corp_id = "ww0123456789abcdef", .secret = "app-secret"};
    config.members = {"zhangsan"};
    return config;
  }
  static std::string form_of(const std::string& html) {
    const std::string mark = "name=\"form\" value=\"";
    const auto at = html.find(mark) + mark.size();
    return html.substr(at, html.find('"', at) - at);
  }

  Installation installation_{GetParam()};
  SystemClock clock_;
  SystemRandom random_;
  simulators::WeComApi api_{api_config(), clock_, random_};
  simulators::WeComServer wecom_{api_, nullptr, clock_};
  const int port_ = free_port();
  std::string config_;
};

TEST_P(PagesEnd, TheLinkOfANoticeOpensTheTicketAndItsFormsWork) {
  const ServeProcess daemon(config_, installation_.file("serve.log"), port_);
  auto platform = installation_.platform(port_);
  for (const char* text : {"1号楼1单元101厨房水管漏水，我是王建国，13800138000", "跳过", "1"})
    EXPECT_EQ(platform->send("oWang", SaysText{text}).violation, "");
  const auto card = api_.wait_for("zhangsan", 0, 30s);
  ASSERT_TRUE(card);
  ASSERT_THAT(card->url, HasSubstr("/t/"));
  HttpClient browser;
  const auto opened = browser.call({.url = card->url, .method = "GET"});
  EXPECT_EQ(opened.status, 200);
  EXPECT_THAT(opened.body, HasSubstr("张三"));
  EXPECT_THAT(opened.body, HasSubstr("1号楼1单元101"));
  auto forged = card->url;
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(browser.call({.url = forged, .method = "GET"}).status, 404);
  const auto accepted =
      browser.call({.url = card->url, .form = {{"form", form_of(opened.body)}, {"action", "accept"}}});
  EXPECT_EQ(accepted.status, 200);
  EXPECT_EQ(installation_.ask("SELECT status FROM tickets"), "accepted");
  const Fields result{
      {"form", form_of(accepted.body)}, {"action", "complete"}, {"text", "换了角阀，试水不漏"}, {"told_by", "phone"}};
  const auto done = browser.call({.url = card->url, .form = result});
  EXPECT_EQ(done.status, 200);
  EXPECT_EQ(installation_.ask("SELECT status FROM tickets"), "resolved");
  EXPECT_EQ(installation_.ask("SELECT told_by FROM tickets"), "phone");
  static_cast<void>(browser.call({.url = card->url, .form = result}));
  EXPECT_EQ(installation_.count("ticket_history WHERE action='complete'"), 1) << "a second press is the same deed";
}

INSTANTIATE_TEST_SUITE_P(Drivers, PagesEnd, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
