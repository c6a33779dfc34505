#pragma once

#include <string>

#include "adapters/crypto.h"
#include "adapters/workchat/dingtalk.h"
#include "adapters/workchat/dingtalk_robot.h"
#include "adapters/workchat/feishu.h"
#include "tests/adapters/workchat/wecom_requests.h"

namespace huiyin::workchat {

inline constexpr auto kEncryptKey = "HuiyinEncryptKey-2025";
inline constexpr auto kVerificationToken = "v1VerificationToken0000000000000";
inline constexpr auto kAppSecret = "Abc-DEF_ghiJKLmnoPQRstuVWXyz0123456789abcdefghijKLMNOPqrstuv";
inline constexpr auto kOpenId = "ou_84aad35d084aa403a838cf73ee18467";

inline Feishu::Config feishu_config(std::string api_url = "http://api.test") {
  Feishu::Config config{.channel = "workchat:feishu", .app_id = "cli_a0123456789abcde", .secret = Secret("app-secret")};
  config.keys.encrypt_key.current = Secret(kEncryptKey);
  config.keys.token.current = Secret(kVerificationToken);
  config.timestamp_tolerance = std::chrono::hours(8);
  config.api_url = std::move(api_url);
  config.source = "物业工单";
  return config;
}

inline DingTalk::Config dingtalk_config(std::string api_url = "http://api.test") {
  DingTalk::Config config{.channel = "workchat:dingtalk",
                          .corp_id = "ding0123456789abcdef",
                          .app_key = "dinghuiyin000001",
                          .robot_code = "dinghuiyin000001",
                          .api_url = std::move(api_url)};
  config.secret.current = Secret(kAppSecret);
  return config;
}

inline std::string chat_payload(const std::string& file) {
  auto text = read_file("tests/data/workchat/" + file);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

/// As the platform encrypts, with an initialisation vector of zeros.
inline std::string feishu_sealed(const std::string& json, const std::string& key = kEncryptKey) {
  const auto pad = 16 - json.size() % 16;
  const std::string iv(16, '\0');
  return R"({"encrypt":")" +
         to_base64(iv + run_aes(sha256(key), iv, json + std::string(pad, static_cast<char>(pad)), true)) + R"("})";
}

inline HttpRequest feishu_request(const std::string& body, Fields headers = {}) {
  return {.method = "POST",
          .path = "/hook/workchat/feishu",
          .headers = std::move(headers),
          .body = body,
          .received_at = kSent};
}
inline Fields feishu_headers(const std::string& signature) {
  return {
      {"x-lark-request-timestamp", kTimestamp}, {"x-lark-request-nonce", "482cc11f"}, {"x-lark-signature", signature}};
}
/// An event as the platform posts it, encrypted and signed.
inline HttpRequest feishu_callback(const std::string& json, const std::string& key = kEncryptKey) {
  const auto body = feishu_sealed(json, key);
  return feishu_request(body, feishu_headers(to_hex(sha256(kTimestamp + std::string("482cc11f") + key + body))));
}
/// A tap as the platform posts it to the card request URL of old apps.
inline HttpRequest feishu_old_tap(const std::string& json) {
  return feishu_request(json,
                        feishu_headers(to_hex(sha1(kTimestamp + std::string("482cc11f") + kVerificationToken + json))));
}

inline HttpRequest dingtalk_callback(const std::string& json, const std::string& secret = kAppSecret) {
  const auto timestamp = kTimestamp + std::string("000");
  return {.method = "POST",
          .path = "/hook/workchat/dingtalk",
          .headers = {{"timestamp", timestamp}, {"sign", dingtalk_sign(timestamp, secret)}},
          .body = json,
          .received_at = kSent};
}

inline OutboundMessage to_member(OutboundMessage message, const std::string& channel, const std::string& member) {
  message.to = {channel, member};
  message.data = {{"number", "HY1024-4"}};
  return message;
}
inline OutboundMessage to_feishu(OutboundMessage message) {
  return to_member(std::move(message), "workchat:feishu", kOpenId);
}
inline OutboundMessage to_dingtalk(OutboundMessage message) {
  return to_member(std::move(message), "workchat:dingtalk", "manager4220");
}

}  // namespace huiyin::workchat
