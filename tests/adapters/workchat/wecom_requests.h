#pragma once

#include <string>

#include "adapters/workchat/wecom.h"
#include "tests/adapters/wechat/wechat_requests.h"

namespace huiyin::workchat {

using wechat::kNonce;
using wechat::kSent;
using wechat::kTimestamp;
using wechat::read_file;

inline constexpr std::string_view kToken = "huiyinCorpToken";
inline constexpr std::string_view kPreviousToken = "huiyinCorpTokenOld";
inline constexpr std::string_view kEncodingAesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
inline constexpr std::string_view kPreviousAesKey = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
inline const std::string kCorpId = "ww0123456789abcdef";

inline WeCom::Config test_config() {
  WeCom::Config config{.channel = "workchat:wecom", .corp_id = kCorpId, .agent_id = 1000002};
  config.token.current = Secret(std::string(kToken));
  config.keys = {wechat::parse_encoding_aes_key(kEncodingAesKey).value()};
  config.secret = Secret("app-secret");
  config.api_url = "http://api.test";
  config.source = "物业工单";
  return config;
}

inline std::string signed_query(const std::string& encrypted, std::string_view token = kToken) {
  const std::string_view parts[] = {token, kTimestamp, kNonce, encrypted};
  return "msg_signature=" + wechat::sign(parts) + "&timestamp=" + kTimestamp + "&nonce=" + kNonce;
}

/// The platform's POST of `encrypted`, received at once.
inline HttpRequest sealed_request(const std::string& encrypted, std::string_view token = kToken) {
  return {.method = "POST",
          .path = "/hook/workchat/wecom",
          .query = signed_query(encrypted, token),
          .body = "<xml><ToUserName><![CDATA[" + kCorpId +
                  "]]></ToUserName><AgentID>1000002</AgentID><Encrypt><![CDATA[" + encrypted + "]]></Encrypt></xml>",
          .received_at = kSent};
}

inline HttpRequest callback(const std::string& xml, std::string_view key = kEncodingAesKey,
                            std::string_view token = kToken, const std::string& receiveid = kCorpId) {
  return sealed_request(
      wechat::encrypt(wechat::parse_encoding_aes_key(key).value(), xml, receiveid, wechat::Random16{}), token);
}

inline std::string payload(const std::string& name) { return read_file("tests/data/workchat/wecom/" + name); }

inline OutboundMessage message_to_staff(std::string text) {
  OutboundMessage message{.key = "o42", .to = {"workchat:wecom", "zhangsan"}};
  message.text = std::move(text);
  return message;
}

/// A new ticket as staff are told of it.
inline OutboundMessage ticket_card() {
  auto message = message_to_staff("新工单 HY1024-4 3号楼2单元602 厨房水管漏水\n回复 接单 10244");
  message.card = {.id = "HY1024-4@1",
                  .title = "新工单 HY1024-4",
                  .subtitle = "3号楼2单元602",
                  .text = "厨房水管漏水",
                  .lines = {{"期限", "今天 14:00"}, {"电话", "138****8000"}},
                  .url = "https://hy.test/t/abc"};
  message.choices = {{"accept", "接单"}, {"transfer", "转派"}};
  return message;
}

inline Sending sending_now() { return {.now = kSent, .credential = "TOKEN", .created = kSent}; }

}  // namespace huiyin::workchat
