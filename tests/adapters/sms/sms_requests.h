#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "adapters/sms/aliyun.h"
#include "adapters/sms/kannel.h"
#include "adapters/sms/tencent.h"
#include "adapters/sms/twilio.h"

namespace huiyin::sms {

inline constexpr Time kReceived{Millis(1767323046000)};  // 2026-01-02 03:04:06 UTC
inline const std::string kSecret = "0123456789abcdef0123456789abcdef";
inline const std::string kTwilioToken = "12345678901234567890123456789012";

inline std::string sms_data(const std::string& name) {
  const auto path = "tests/data/sms/" + name;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("no file " + path + " (tests run in the source folder)");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  text.erase(text.find_last_not_of(" \r\n\t") + 1);
  return text;
}

inline CallbackGuard test_guard() {
  return {.hook_path = "/hook/sms/estate",
          .secret = {.current = Secret(kSecret), .previous = Secret("previous-secret-16")}};
}

inline Kannel::Config kannel_config() {
  return {.channel = "sms:estate",
          .send_url = "http://kannel.test/cgi-bin/sendsms",
          .username = "huiyin",
          .sender = "10690000",
          .signature = "滨江物业",
          .password = Secret("pw"),
          .guard = test_guard(),
          .hook_url = "http://huiyin.test/hook/sms/estate"};
}

inline std::vector<ApprovedTemplate> test_templates(const std::string& id) {
  ApprovedTemplate received{.carries = {"ticket_received"}, .id = id, .wording = "您的报修已登记，工单号{1}，{2}"};
  received.parameters = {{.name = "1", .kind = ParameterKind::number, .data = "number"},
                         {.name = "2", .data = "name", .otherwise = "业主"}};
  return {received};
}

inline Aliyun::Config aliyun_config() {
  return {.cloud = {.channel = "sms:estate",
                    .api_url = "https://dysmsapi.aliyuncs.com",
                    .signature = "汇音物业",
                    .templates = test_templates("SMS_123456789"),
                    .guard = test_guard()},
          .access_key_id = "LTAI5tHuiyinTestKeyId",
          .access_key_secret = Secret("HuiyinTestAccessKeySecret0123")};
}

inline Tencent::Config tencent_config() {
  return {.cloud = {.channel = "sms:estate",
                    .api_url = "https://sms.tencentcloudapi.com",
                    .signature = "汇音物业",
                    .templates = test_templates("1110"),
                    .guard = test_guard()},
          .secret_id = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
          .secret_key = Secret("Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"),
          .app_id = "1400006666"};
}

inline Twilio::Config twilio_config() {
  return {.channel = "sms:estate",
          .account_sid = "AC0123456789abcdef0123456789abcdef",
          .auth_token = {.current = Secret(kTwilioToken), .previous = Secret("22345678901234567890123456789012")},
          .from = "+14155550101",
          .hook_path = "/hook/sms/estate",
          .hook_url = "https://bot.example.com/sms/twilio/in"};
}

/// A request to the guarded hook: `/hook/sms/estate/<secret>/<what>`.
inline HttpRequest guarded(const std::string& what, std::string query, std::string body = {}) {
  HttpRequest request{.method = body.empty() ? "GET" : "POST", .path = "/hook/sms/estate/" + kSecret + "/" + what};
  request.query = std::move(query);
  request.body = std::move(body);
  request.remote = "203.0.113.7";
  request.received_at = kReceived;
  return request;
}

inline OutboundMessage sms_to(const std::string& address, std::string text) {
  OutboundMessage message{.key = "o42", .to = {"sms:estate", address}, .template_name = "ticket_received"};
  message.data = {{"number", "HY1024-4"}, {"name", "王建国"}};
  message.text = std::move(text);
  message.locale = "zh-CN";
  return message;
}

}  // namespace huiyin::sms
