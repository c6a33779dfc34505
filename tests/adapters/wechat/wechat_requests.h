#pragma once

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

#include "adapters/wechat/wechat.h"

namespace huiyin::wechat {

inline constexpr std::string_view kToken = "huiyinTestToken";
inline constexpr std::string_view kEncodingAesKey = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
inline constexpr std::string_view kPreviousAesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
inline constexpr std::string_view kAppId = "wx0123456789abcdef";
inline const Time kSent{Millis(1763890000000)};
inline const std::string kTimestamp = "1763890000";
inline const std::string kNonce = "1320562132";

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("no file " + path + " (tests run in the source folder)");
  return {std::istreambuf_iterator<char>(file), {}};
}

inline WeChat::Config test_config(Mode mode) {
  WeChat::Config config{.channel = "wechat:main", .app_id = std::string(kAppId), .mode = mode};
  config.token.current = Secret(std::string(kToken));
  if (mode != Mode::plain) config.keys = {parse_encoding_aes_key(kEncodingAesKey).value()};
  return config;
}

inline std::string test_signature(std::string_view token = kToken) {
  const std::string_view parts[] = {token, kTimestamp, kNonce};
  return sign(parts);
}

/// The platform's POST of a body as it stands, received at once.
inline HttpRequest plain_request(std::string body, std::string_view token = kToken) {
  return {.method = "POST",
          .path = "/hook/wechat/main",
          .query = "signature=" + test_signature(token) + "&timestamp=" + kTimestamp + "&nonce=" + kNonce + "&openid=o",
          .body = std::move(body),
          .received_at = kSent};
}

/// Signed for `encrypted`; `more` stands in the same root (compatible mode).
inline HttpRequest sealed_request(const std::string& encrypted, const std::string& more = {},
                                  std::string_view token = kToken) {
  auto request = plain_request("<xml><ToUserName><![CDATA[gh_0a1b2c3d4e5f]]></ToUserName>" + more +
                                   "<Encrypt><![CDATA[" + encrypted + "]]></Encrypt></xml>",
                               token);
  const std::string_view parts[] = {token, kTimestamp, kNonce, encrypted};
  request.query += "&encrypt_type=aes&msg_signature=" + sign(parts);
  return request;
}

inline HttpRequest encrypted_request(const std::string& xml, std::string_view key = kEncodingAesKey,
                                     std::string_view token = kToken) {
  return sealed_request(encrypt(parse_encoding_aes_key(key).value(), xml, kAppId, Random16{}), {}, token);
}

}  // namespace huiyin::wechat
