// The whole daemon between phones and the clouds that stand in for Aliyun, Tencent Cloud and Twilio: a survey that is
// answered by SMS, whose a phone is, opting out, and what is forged.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "gateway/assets.h"
#include "gateway/cli.h"
#include "gateway/stable_id.h"
#include "net/http_client.h"
#include "simulators/sms_phones.h"
#include "simulators/wecom_server.h"
#include "tests/gateway/installation.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

const std::string kSecret = "0123456789abcdef0123456789abcdef";
const std::string kLi = "+8613900139000", kWang = "+8613800138000";
constexpr auto kKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
constexpr auto kCorp = "ww0123456789abcdef";

/// The ten templates of docs/channels/sms.md: as the configuration has them, and as the cloud approved them.
struct Approved {
  std::string block{};
  simulators::CloudTemplates texts{};
};
Approved approved_templates(bool counted) {
  const auto page = read_file("docs/channels/sms.md").value();
  const auto begin = page.find("templates:\n  - carries:");
  std::istringstream lines(page.substr(begin, page.find("```", begin) - begin));
  Approved out;
  std::string id, wording;
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);) {
    if (const auto at = line.find("id: "); at != std::string::npos && line.find("carries") == std::string::npos)
      id = line.substr(at + 4);
    if (const auto at = line.find("wording: \""); at != std::string::npos) {
      names.clear();
      wording = line.substr(at + 10, line.size() - at - 11);
      auto text = wording;
      for (auto open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
        const auto close = text.find('}', open);
        names.push_back(text.substr(open + 1, close - open - 1));
        if (counted) text.replace(open + 1, close - open - 1, std::to_string(names.size()));
      }
      if (counted) line = line.substr(0, at) + "wording: \"" + text + "\"";
      if (!counted)
        for (const auto& name : names) text.insert(text.find("{" + name + "}"), "$");
      out.texts[id] = text;
    }
    for (std::size_t i = 0; counted && i < names.size(); ++i)
      if (line.starts_with("      " + names[i] + ":"))
        line = "      \"" + std::to_string(i + 1) + "\"" + line.substr(6 + names[i].size());
    out.block += "    " + line + "\n";
  }
  return out;
}

struct Case {
  db::Driver driver{};
  std::string provider{};
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.provider; }

class SmsEnd : public testing::TestWithParam<Case> {
 protected:
  SmsEnd() {
    write("secret", kSecret);
    write("key", "provider-key");
    write("wecom_token", "wecomToken");
    write("wecom_key", kKey);
    write("wecom_secret", "wecom-secret");
    const auto api = phones_.start().value();
    const auto wecom_url = wecom_server_.start().value();
    config_ = installation_.write_config(port_, "spool.db",
                                         stanza(api) + fmt::format(R"(  - name: workchat:wecom
    provider: wecom
    estate: riverside
    corp_id: {1}
    agent_id: 1000002
    token: {{file: {0}/wecom_token}}
    aes_key: {{file: {0}/wecom_key}}
    secret: {{file: {0}/wecom_secret}}
    api_url: {2}
public_url: http://127.0.0.1:{3}
)",
                                                                   folder(), kCorp, wecom_url, port_));
    process_ = std::make_unique<ServeProcess>(config_, installation_.file("serve.log"), port_);
    staff_ = std::make_unique<simulators::WeComPlatform>(
        simulators::WeComPlatform::Config{
            .token = "wecomToken", .encoding_aes_key = kKey, .corp_id = kCorp, .hook_url = hook("workchat/wecom")},
        wecom_, clock_, random_);
    hire();
  }
  ~SmsEnd() override {
    process_->terminate();
    phones_.stop();
    wecom_server_.stop();
  }

  [[nodiscard]] const std::string& provider() const { return GetParam().provider; }
  [[nodiscard]] std::string hook(const std::string& rest) const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/hook/" + rest;
  }
  [[nodiscard]] std::string folder() const {
    const auto file = installation_.file("x");
    return file.substr(0, file.size() - 2);
  }
  void write(const std::string& name, const std::string& text) { std::ofstream(installation_.file(name)) << text; }

  /// The channel `sms:estate`, and the cloud behind it.
  std::string stanza(const std::string& api) {
    auto out = fmt::format(
        "  - name: sms:estate\n    provider: {}\n    estate: riverside\n    api_url: {}\n    signature: 滨江物业\n"
        "    sending: {{rate_per_s: 0, quiet: ['00:00', '00:00']}}\n",
        provider(), api);
    const auto guarded = hook("sms/estate/" + kSecret);
    if (provider() == "twilio") {
      twilio_.set_inbound_url(hook("sms/estate"));
      phones_.connect(simulators::phones_of(twilio_));
      return out + fmt::format("    account_sid: AC0\n    auth_token: {{file: {}/key}}\n    from: '+14155550101'\n",
                               folder());
    }
    out += fmt::format("    callback_secret: {{file: {}/secret}}\n", folder());
    const bool is_aliyun = provider() == "aliyun";
    const auto approved = approved_templates(!is_aliyun);
    if (is_aliyun) {
      aliyun_ = std::make_unique<simulators::AliyunCloud>(simulators::AliyunCloud::Account{
          .key_id = "LTAI", .key_secret = "provider-key", .signatures = {"滨江物业"}, .templates = approved.texts});
      phones_.connect(simulators::phones_of(*aliyun_, guarded));
      out += fmt::format("    access_key_id: LTAI\n    access_key_secret: {{file: {}/key}}\n", folder());
    } else {
      tencent_ =
          std::make_unique<simulators::TencentCloud>(simulators::TencentCloud::Account{.secret_id = "AKID",
                                                                                       .secret_key = "provider-key",
                                                                                       .app_id = "1400006666",
                                                                                       .signatures = {"滨江物业"},
                                                                                       .templates = approved.texts});
      phones_.connect(simulators::phones_of(*tencent_, guarded));
      out += fmt::format("    secret_id: AKID\n    secret_key: {{file: {}/key}}\n    app_id: '1400006666'\n", folder());
    }
    return out + approved.block;
  }

  void hire() {
    auto unit = db::unit_of("hire");
    Staff zhang;
    zhang.id = StaffId{db::fresh_id()};
    zhang.department = stable_id<DepartmentId>("repair");
    zhang.name = "张三";
    zhang.peers = {{"workchat:wecom", "zhangsan"}};
    unit.staff = {zhang};
    unit.duties = {{zhang.id, clock_.now() - 24h, clock_.now() + 24h, false}};
    EXPECT_EQ(db::describe(installation_.database().open()->commit(std::move(unit))), "committed");
  }
  /// Somebody rings, and the desk registers it: the ticket's number.
  std::string call_comes_in(const std::string& phone) {
    std::istringstream in;
    std::ostringstream out, errors;
    const int code = run_ticket_open({.config_file = config_,
                                      .description = "厨房水管漏水",
                                      .name = "李秀英",
                                      .phone = phone,
                                      .address = "3栋2单元602"},
                                     Console{in, out, errors});
    EXPECT_EQ(code, 0) << errors.str();
    return ticket_number_in(out.str());
  }
  void staff_finishes(const std::string& number) {
    ASSERT_TRUE(wecom_.wait_for_words("zhangsan", number, 60s));
    EXPECT_THAT(staff_->deliver(staff_->write("zhangsan", "接单 " + number)).shown, HasSubstr("归您了"));
    EXPECT_THAT(staff_->deliver(staff_->write("zhangsan", "完成 " + number + " 换了角阀，电话告知")).shown,
                HasSubstr("已完成"));
  }
  /// What the phone shows, up to the message that holds `words`; fails where it does not come.
  std::string phone_shows(const std::string& phone, const std::string& words) {
    auto& seen = seen_[phone];
    for (;;) {
      const auto text = phones_.wait_for(phone, seen, 75s);  // Tencent takes one message a number in 30 s
      if (!text) return ADD_FAILURE() << phone << " is not shown " << words, std::string();
      ++seen;
      if (text->find(words) != std::string::npos) return *text;
    }
  }
  bool becomes(const std::string& sql, const std::string& expect) {
    const auto give_up = std::chrono::steady_clock::now() + 60s;
    while (installation_.ask(sql) != expect && std::chrono::steady_clock::now() < give_up)
      std::this_thread::sleep_for(20ms);
    return installation_.ask(sql) == expect;
  }

  Installation installation_{GetParam().driver};
  SystemClock clock_{};
  SystemRandom random_{};
  const int port_ = free_port();
  std::string config_{};
  std::unique_ptr<simulators::AliyunCloud> aliyun_{};
  std::unique_ptr<simulators::TencentCloud> tencent_{};
  simulators::TwilioCloud twilio_{{.sid = "AC0", .token = "provider-key", .from = "+14155550101", .inbound_url = {}}};
  simulators::SmsPhones phones_{clock_};
  simulators::WeComApi wecom_{{.corp_id = kCorp, .secret = "wecom-secret", .members = {"zhangsan"}}, clock_, random_};
  simulators::WeComServer wecom_server_{wecom_, nullptr, clock_};
  std::unique_ptr<ServeProcess> process_{};
  std::unique_ptr<simulators::WeComPlatform> staff_{};
  std::map<std::string, std::size_t> seen_{};
};

TEST_P(SmsEnd, WhoRangIsSurveyedBySmsAndHisAnswerIsRecorded) {
  const auto number = call_comes_in(kLi);
  staff_finishes(number);
  const auto asked = phone_shows(kLi, "没修好请回复");
  EXPECT_THAT(asked, HasSubstr("【滨江物业】"));
  EXPECT_THAT(asked, HasSubstr(number));
  EXPECT_THAT(asked, HasSubstr("厨房水管漏水")) << "which of his troubles it is about";
  EXPECT_EQ(phones_.says(kLi, "4 师傅很好但来晚了"), "");
  EXPECT_TRUE(becomes("SELECT score FROM surveys", "4"));
  EXPECT_EQ(installation_.ask("SELECT suggestion FROM surveys"), "师傅很好但来晚了");
  EXPECT_TRUE(becomes("SELECT status FROM tickets", "closed"));
  phone_shows(kLi, "谢谢");
  EXPECT_TRUE(
      becomes("SELECT count(*) FROM outbox WHERE channel='sms:estate' AND state NOT IN ('delivered','cancelled')", "0"))
      << "by the provider's receipts";
  EXPECT_EQ(phones_.says(kLi, "1"), "") << "too late to change it";
  EXPECT_TRUE(becomes("SELECT count(*) FROM inbox WHERE delivery_key LIKE 'sms:estate:%' AND peer='" + kLi + "'", "2"));
  EXPECT_EQ(installation_.ask("SELECT score FROM surveys"), "4");
}

TEST_P(SmsEnd, AReceiptThatOvertakesTheAnswerToItsSendingIsNotLost) {
  phones_.report_before_answering();
  EXPECT_EQ(phones_.says(kWang, "3栋2单元602厨房水管漏水"), "");
  phone_shows(kWang, "工单号");
  EXPECT_TRUE(becomes("SELECT count(*) FROM outbox WHERE channel='sms:estate' AND state='delivered'", "1"));
  EXPECT_EQ(installation_.count("early_receipts"), 0);
}

TEST_P(SmsEnd, ANumberThatIsNoScoreIsAskedForOnceMoreAndThenLeft) {
  const auto number = call_comes_in(kLi);
  staff_finishes(number);
  phone_shows(kLi, "没修好请回复");
  EXPECT_EQ(phones_.says(kLi, "9"), "");
  EXPECT_THAT(phone_shows(kLi, "5"), HasSubstr(number)) << "asked once more, about the same ticket";
  EXPECT_EQ(phones_.says(kLi, "没修好，还在滴"), "");
  EXPECT_TRUE(becomes("SELECT outcome FROM surveys", "not_fixed"));
  EXPECT_TRUE(becomes("SELECT count(*) FROM tickets WHERE status IN ('opened','assigned')", "1")) << "open again";
}

TEST_P(SmsEnd, WhoOptsOutIsToldNoMoreAndWhoComesBackIs) {
  const auto number = call_comes_in(kLi);
  EXPECT_EQ(phones_.says(kLi, "TD"), "");
  EXPECT_TRUE(becomes("SELECT opted_out FROM conversations WHERE address='" + kLi + "'", "1"));
  staff_finishes(number);
  EXPECT_TRUE(becomes("SELECT count(*) FROM outbox WHERE channel='sms:estate' AND state='dead'", "1"));
  for (const auto& text : phones_.shown(kLi)) EXPECT_THAT(text, Not(HasSubstr(number)));
  EXPECT_EQ(phones_.says(kLi, "START"), "");
  EXPECT_TRUE(becomes("SELECT opted_out FROM conversations WHERE address='" + kLi + "'", "0"));
}

TEST_P(SmsEnd, WhatIsForgedIsRefusedWithoutADetail) {
  HttpClient client;
  const bool is_twilio = provider() == "twilio";
  const auto path = is_twilio ? hook("sms/estate") : hook("sms/estate/" + std::string(32, 'f') + "/up");
  HttpCall forged{.url = path, .body = is_twilio ? "MessageSid=SM1&From=%2B8613900139000&Body=5" : "[]"};
  forged.headers = {{"Content-Type", is_twilio ? "application/x-www-form-urlencoded" : "application/json"}};
  for (const char* signature : {"", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}) {
    if (is_twilio) forged.headers.resize(1);
    if (is_twilio && *signature != '\0') forged.headers.emplace_back("X-Twilio-Signature", signature);
    const auto answer = client.call(forged);
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.body, "");
  }
  EXPECT_EQ(installation_.count("inbox WHERE channel='sms:estate'"), 0);
}

TEST_P(SmsEnd, AStormOfOneMessageHasOneEffect) {
  std::vector<std::thread> storm;
  for (int i = 0; i < 4; ++i)
    storm.emplace_back([&] {
      for (int at = 0; at < 10; ++at) EXPECT_EQ(phones_.says(kLi, "3栋2单元602厨房水管漏水"), "");
    });
  for (auto& one : storm) one.join();
  EXPECT_TRUE(becomes("SELECT count(*) FROM tickets", "1"));
  phone_shows(kLi, "工单号");
  EXPECT_EQ(installation_.count("outbox WHERE address='" + kLi + "'"), 1);
}

/// It answers whatever it gets: each exchange is over within five messages, and opens no ticket.
TEST_P(SmsEnd, AnExchangeWithARobotEndsByItself) {
  const struct {
    const char *phone, *words;
    bool counts;  ///< each time otherwise
  } robots[] = {{"+8613900139001", "您好，我正在开会，稍后回复您。", false},
                {"+8613900139002", "【某某公司】您的来信已收到，我们会尽快处理，编号", true},
                {"+8613900139003", "I'm driving right now - I'll get back to you later. ", true},
                {"+8613900139004", "[自动回复] 您好，我现在不方便接听，来信", true},
                {"+8613900139005", "谢谢您的来信，祝您生活愉快", true}};
  for (const auto& robot : robots) {
    const std::string peer = robot.phone;
    long long sent = -1;
    for (int said = 1; said < 12; ++said) {
      EXPECT_EQ(phones_.says(peer, robot.words + (robot.counts ? std::to_string(said) : std::string())), "");
      const auto heard = "inbox WHERE peer='" + peer + "' AND delivery_key LIKE 'sms:estate:%'";
      ASSERT_TRUE(becomes("SELECT count(*) FROM " + heard, std::to_string(said))) << robot.words;
      const auto now = installation_.count("outbox WHERE address='" + peer + "'");
      if (now == sent || now == 0) break;
      sent = now;
    }
    EXPECT_LE(sent, 5) << robot.words;
  }
  EXPECT_EQ(installation_.count("tickets"), 0);
}

/// A number that is proven joins what came from both sides.
TEST_P(SmsEnd, AVerifiedNumberShowsTheTicketsOfBothSides) {
  EXPECT_EQ(phones_.says(kWang, "3栋2单元602厨房水管漏水"), "");
  phone_shows(kWang, "工单号");
  const auto owners = installation_.platform(port_);
  std::string said;
  for (const char* text : {"5栋1单元楼道灯不亮，我是王建国，13800138000", "跳过", "1"})
    said = owners->send("oWang", simulators::SaysText{text}).shown;
  const auto by_wechat = ticket_number_in(said);
  ASSERT_NE(by_wechat, "");
  const auto before = owners->send("oWang", simulators::SaysText{"进度"}).shown;
  EXPECT_THAT(before, HasSubstr("回复“验证”")) << "a claim shows nobody's tickets";
  EXPECT_THAT(before, Not(HasSubstr("水管")));
  EXPECT_THAT(owners->send("oWang", simulators::SaysText{"验证"}).shown, HasSubstr("验证码已发到"));
  const auto sms = phone_shows(kWang, "验证码");
  const auto code = sms.substr(sms.find("验证码") + 9, 6);
  EXPECT_TRUE(becomes("SELECT count(*) FROM outbox WHERE message LIKE '%verify_code%' AND state='waiting'", "0"));
  EXPECT_EQ(installation_.count("outbox WHERE message LIKE '%" + code + "%'"), 0) << "it must not stay readable";
  EXPECT_THAT(owners->send("oWang", simulators::SaysText{code}).shown, HasSubstr("已验证"));
  const auto both = owners->send("oWang", simulators::SaysText{"进度"}).shown;
  EXPECT_THAT(both, testing::AllOf(HasSubstr(by_wechat), HasSubstr("水管")));
  EXPECT_EQ(phones_.says(kWang, "进度"), "");
  const bool whole = provider() == "twilio";  // an approved template tells of one of them
  const auto shown = phone_shows(kWang, whole ? by_wechat : "新进展");
  EXPECT_EQ(shown.find("水管") != std::string::npos, whole) << shown;
}

std::vector<Case> cases() {
  std::vector<Case> out;
  for (const auto& driver : db::drivers())
    for (const char* provider : {"aliyun", "tencent", "twilio"}) out.push_back({driver, provider});
  return out;
}
INSTANTIATE_TEST_SUITE_P(Providers, SmsEnd, testing::ValuesIn(cases()),
                         [](const auto& one) { return one.param.driver.name + "_" + one.param.provider; });

}  // namespace
}  // namespace huiyin::gateway
