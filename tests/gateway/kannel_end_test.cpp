// A phone, a real Kannel and the daemon: what owners write by SMS, what they get, and its delivery reports.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

#include "tests/gateway/installation.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string kSecret = "0123456789abcdef0123456789abcdef";
const std::string kWang = "+8613800138000";

/// What a command of script/kannel printed; throws where it failed.
std::string kannel(const std::string& arguments) {
  const auto command = "script/kannel " + arguments + " 2>&1";
  std::FILE* pipe = ::popen(command.c_str(), "r");  // NOLINT(cert-env33-c): the test's own script
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string out;
  char buffer[4096];
  while (const auto size = std::fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, size);
  if (::pclose(pipe) != 0) throw std::runtime_error(command + ": " + out);
  return out;
}

std::string line_of(const std::string& text, const std::string& key) {
  const auto at = text.find(key + "=");
  if (at == std::string::npos) throw std::runtime_error("no " + key + " in " + text);
  const auto begin = at + key.size() + 1;
  return text.substr(begin, text.find('\n', begin) - begin);
}

class KannelEnd : public testing::TestWithParam<db::Driver> {
 protected:
  KannelEnd() : installation_(GetParam()), folder_(installation_.file("kannel")), port_(free_port()) {
    const auto hook = "http://127.0.0.1:" + std::to_string(port_) + "/hook/sms/kannel";
    send_url_ = line_of(kannel("start " + folder_ + " " + hook + "/" + kSecret), "HUIYIN_KANNEL_SENDSMS");
    std::ofstream(installation_.file("kannel_password")) << "huiyin-test";
    std::ofstream(installation_.file("callback_secret")) << kSecret;
    configure("滨江物业");
    start();
  }
  ~KannelEnd() override {
    if (process_) process_->terminate();
    try {
      kannel("stop " + folder_);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }

  void configure(const std::string& signature) {
    config_ = installation_.write_config(
        port_, "spool.db",
        "  - name: sms:kannel\n    provider: kannel\n    send_url: " + send_url_ +
            "\n    username: huiyin\n    password: {file: " + installation_.file("kannel_password") +
            "}\n    callback_secret: {file: " + installation_.file("callback_secret") +
            "}\n    allow_from: [127.0.0.1]\n    sender: '10690000'\n    signature: '" + signature +
            "'\n    hook_url: http://127.0.0.1:" + std::to_string(port_) +
            "/hook/sms/kannel\n    sending: {quiet: ['00:00', '00:00']}\n");
  }
  void restart() {
    process_->terminate();
    start();
  }
  void start() {
    process_.reset();
    process_ = std::make_unique<ServeProcess>(config_, installation_.file("serve.log"), port_);
  }
  void phone_sends(const std::string& text, const std::string& from = kWang) {
    kannel("mo " + folder_ + " " + from + " '" + text + "'");
    std::this_thread::sleep_for(1100ms);  // fakesmsc loses lines that come in one burst
  }
  /// What the phone of `to` got, a line each, once there are `count` (or after a while).
  std::string phone_got(int count, const std::string& to = kWang) {
    std::string mine;
    for (const auto give_up = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < give_up;) {
      mine.clear();
      int seen = 0;
      std::istringstream lines(kannel("mt " + folder_));
      for (std::string line; std::getline(lines, line);) {
        if (line.find(" " + to + " ") == std::string::npos) continue;
        mine += line.substr(line.find(to) + to.size() + 1) + "\n";
        ++seen;
      }
      if (seen >= count) break;
      std::this_thread::sleep_for(100ms);
    }
    return mine;
  }
  bool becomes(const std::string& sql, const std::string& expect) {
    const auto give_up = std::chrono::steady_clock::now() + 60s;
    while (installation_.ask(sql) != expect && std::chrono::steady_clock::now() < give_up)
      std::this_thread::sleep_for(50ms);
    return installation_.ask(sql) == expect;
  }

  Installation installation_;
  std::string folder_;
  int port_;
  std::string send_url_{}, config_{};
  std::unique_ptr<ServeProcess> process_{};
};

TEST_P(KannelEnd, AReportByOneSmsIsRegisteredAndItsAnswerDelivered) {
  phone_sends("3栋2单元602厨房水管漏水");
  const auto answer = phone_got(1);
  EXPECT_THAT(answer, HasSubstr("【滨江物业】"));
  EXPECT_THAT(answer, HasSubstr("已登记，工单号HY"));
  EXPECT_THAT(answer, HasSubstr("3栋2单元602"));
  EXPECT_TRUE(becomes("SELECT state FROM outbox", "delivered")) << "by Kannel's delivery report";
  EXPECT_EQ(installation_.ask("SELECT phone FROM tickets"), kWang);
  EXPECT_EQ(installation_.ask("SELECT phone_verified FROM contacts"), "1");
  EXPECT_EQ(installation_.count("contact_peers"), 1);
}

TEST_P(KannelEnd, ADialogGoesOnOverARestart) {
  phone_sends("报修");
  EXPECT_THAT(phone_got(1), HasSubstr("地址,问题"));
  ASSERT_TRUE(becomes("SELECT state FROM outbox", "delivered"));  // Kannel tells a report once, whoever hears it
  restart();
  phone_sends("3栋2单元602,电梯不动了");
  EXPECT_THAT(phone_got(2), HasSubstr("已登记，工单号HY"));
  phone_sends("进度");
  EXPECT_THAT(phone_got(3), HasSubstr("待受理"));
  phone_sends("TD");
  EXPECT_THAT(phone_got(4), HasSubstr("已退订"));
  EXPECT_TRUE(becomes("SELECT count(*) FROM outbox WHERE state='delivered'", "4"))
      << "his name was asked with the third";
  EXPECT_EQ(installation_.ask("SELECT opted_out FROM conversations"), "1");
}

TEST_P(KannelEnd, LatinTextGoesInSevenBitsBothWays) {
  configure("");  // a Chinese one would take the whole message to UCS-2
  restart();
  const std::string jim = "+8613900139000";
  phone_sends("Building 3, Room 602; the kitchen pipe is leaking [urgent] ~{}", jim);  // with some of the extension
  EXPECT_THAT(phone_got(1, jim), HasSubstr("Registered as HY"));
  std::ifstream seen(folder_ + "/fakesmsc.out");
  const std::string kinds{std::istreambuf_iterator<char>(seen), {}};
  EXPECT_THAT(kinds, testing::AllOf(HasSubstr("Registered+as+HY"), testing::Not(HasSubstr("%00R%00e%00g"))))
      << "what went out was in seven bits";
  EXPECT_EQ(installation_.ask("SELECT description LIKE '%[urgent] ~{}%' FROM tickets"), "1");
}

TEST_P(KannelEnd, AStormOfOneMessageHasOneEffect) {
  for (int i = 0; i < 12; ++i) phone_sends("3栋2单元602厨房水管漏水");
  EXPECT_TRUE(
      becomes("SELECT count(*) FROM inbox WHERE peer='" + kWang + "' AND delivery_key LIKE 'sms:kannel:mo:%'", "12"));
  EXPECT_THAT(phone_got(1), HasSubstr("已登记，工单号HY"));
  EXPECT_TRUE(becomes("SELECT count(*) FROM outbox WHERE state<>'delivered'", "0"));
  EXPECT_EQ(installation_.count("tickets"), 1);
  EXPECT_EQ(installation_.count("outbox"), 1) << phone_got(1);
}

TEST_P(KannelEnd, AnExchangeWithARobotEndsByItself) {
  const std::string robot = "+8613900139000";
  phone_sends("您好，我现在有事，稍后回复您", robot);
  long long sent = 0;
  for (int said = 1; said < 12; ++said) {
    ASSERT_TRUE(becomes("SELECT count(*) FROM inbox WHERE peer='" + robot + "' AND delivery_key LIKE '%:mo:%'",
                        std::to_string(said)));
    const auto now = installation_.count("outbox WHERE address='" + robot + "'");
    if (now == sent) break;  // it answers what it gets, and got nothing
    sent = now;
    phone_got(static_cast<int>(sent), robot);
    phone_sends("您好，我现在有事，稍后回复您。来信编号" + std::to_string(said), robot);
  }
  EXPECT_LE(sent, 5);
  EXPECT_EQ(installation_.count("tickets"), 0);
}

INSTANTIATE_TEST_SUITE_P(Drivers, KannelEnd, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
