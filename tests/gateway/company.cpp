#include "tests/gateway/company.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>
#include <thread>

#include "gateway/stable_id.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
constexpr auto kCorp = "ww0123456789abcdef";
constexpr auto kPatience = 30s;

simulators::WeComApi::Config members() {
  simulators::WeComApi::Config config{.corp_id = kCorp, .secret = "wecom-secret"};
  config.members = {"zhangsan", "lisi", "chen", "boss", "stranger"};
  config.robots = {"0b1c2d3e"};
  return config;
}

}  // namespace

Company::Company(const db::Driver& driver, const std::string& more, const std::string& channels)
    : installation_(driver),
      wechat_({.app_id = "wx0123456789abcdef", .app_secret = "app-secret"}, clock_, random_),
      wecom_(members(), clock_, random_) {
  write("app_secret", "app-secret");
  write("wecom_token", "wecomToken");
  write("wecom_key", kKey);
  write("wecom_secret", "wecom-secret");
  write("robot_key", "0b1c2d3e");
  write("links", links_secret());
  const auto file = installation_.file("x");
  stanzas_ = fmt::format(R"(    app_secret: {{file: {0}/app_secret}}
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
  - name: workchat:duty-group
    provider: wecom_robot
    key: {{file: {0}/robot_key}}
    api_url: {3}
{6}public_url: {4}
links: {{secret: {{file: {0}/links}}}}
{5})",
                         file.substr(0, file.size() - 2), wechat_server_.start().value(), kCorp,
                         wecom_server_.start().value(), url(), more, channels);
  auto daemon = Daemon::start(installation_.load(config_for(port_)), process_secrets());
  if (!daemon) throw std::runtime_error(describe(daemon.error().front()));
  daemon_ = *std::move(daemon);
  owners_ = installation_.platform(daemon_->hook_port());
  owners_->connect(wechat_);
  staff_ = std::make_unique<simulators::WeComPlatform>(
      simulators::WeComPlatform::Config{.token = "wecomToken",
                                        .encoding_aes_key = kKey,
                                        .corp_id = kCorp,
                                        .hook_url = url() + "/hook/workchat/wecom"},
      wecom_, clock_, random_);
}

Company::~Company() {
  daemon_->stop();
  wecom_server_.stop();
  wechat_server_.stop();
}

std::string Company::config_for(int port) const {
  return installation_.write_config(port, fmt::format("spool-{}.db", port), stanzas_);
}

std::string Company::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

void Company::write(const std::string& name, const std::string& text) const {
  std::ofstream(installation_.file(name)) << text;
}

void Company::hire(const std::string& name, const std::string& member, StaffRole role, const std::string& department,
                   const std::string& channel) {
  auto unit = db::unit_of("hire " + name);
  Staff staff;
  staff.id = StaffId{db::fresh_id()};
  if (!department.empty()) staff.department = stable_id<DepartmentId>(department);
  staff.role = role;
  staff.name = name;
  staff.peers = {{channel, member}};
  unit.staff = {staff};
  unit.duties = {{staff.id, clock_.now() - 24h, clock_.now() + 24h, false}};
  if (db::describe(installation_.database().open()->commit(std::move(unit))) != "committed")
    throw std::runtime_error("not hired: " + name);
}

std::string Company::owner(const std::string& text, const std::string& openid) {
  return owners_->send(openid, simulators::SaysText{text}).shown;
}

std::string Company::report(const std::string& openid, const std::string& place) {
  std::string said;
  for (const auto& text : {place + "厨房水管漏水，我是王建国，13800138000", std::string("跳过"), std::string("1")})
    said = owner(text, openid);
  return ticket_number_in(said);
}

std::string Company::staff(const std::string& member, const std::string& text) {
  return staff_->deliver(staff_->write(member, text)).shown;
}

simulators::WeComShown Company::wait_for(const std::string& member, const std::string& words) {
  auto shown = wecom_.wait_for_words(member, words, kPatience);
  if (!shown) throw std::runtime_error(fmt::format("{} never saw \"{}\"", member, words));
  return *std::move(shown);
}

std::string Company::wait_for_row(const std::string& sql, const std::string& value) {
  const auto limit = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    auto last = installation_.ask(sql);
    if (last == value || std::chrono::steady_clock::now() > limit) return last;
    std::this_thread::sleep_for(20ms);
  }
}

}  // namespace huiyin::gateway
