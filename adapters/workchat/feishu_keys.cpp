#include "adapters/workchat/feishu_keys.h"

#include <algorithm>
#include <charconv>

#include "adapters/crypto.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

using enum RejectReason;

constexpr std::size_t kBlock = 16;

bool is_signed_by(const HttpRequest& request, const Secret& secret, bool old) {
  if (secret.empty()) return false;
  std::string signed_text(request.header("x-lark-request-timestamp"));
  signed_text.append(request.header("x-lark-request-nonce")).append(secret.reveal()).append(request.body);
  return equal_constant_time(request.header("x-lark-signature"), to_hex(old ? sha1(signed_text) : sha256(signed_text)));
}

bool is_signed_by(const HttpRequest& request, const RotatedSecret& secret, bool old) {
  return is_signed_by(request, secret.current, old) || is_signed_by(request, secret.previous, old);
}

}  // namespace

tl::expected<FeishuSigned, Reject> check_feishu_signature(const FeishuKeys& keys, const HttpRequest& request,
                                                          std::chrono::seconds tolerance) {
  auto kind = FeishuSigned::event;
  if (!is_signed_by(request, keys.encrypt_key, false)) {
    if (!is_signed_by(request, keys.token, true)) return reject(bad_signature, "X-Lark-Signature");
    kind = FeishuSigned::old_card_tap;
  }
  const auto written = request.header("x-lark-request-timestamp");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), seconds);
  constexpr std::int64_t kLatest = 9'999'999'999;
  const bool good = error == std::errc{} && end == written.data() + written.size() && seconds > 0 && seconds <= kLatest;
  if (!good) return reject(malformed, "X-Lark-Request-Timestamp: not a Unix time");
  const auto off = request.received_at - Time(std::chrono::seconds(seconds));
  if (off > tolerance || off < -tolerance) return reject(stale, "X-Lark-Request-Timestamp");
  return kind;
}

bool is_feishu_token(const FeishuKeys& keys, std::string_view given) {
  const auto is = [given](const Secret& token) { return !token.empty() && equal_constant_time(given, token.reveal()); };
  const bool current = is(keys.token.current), previous = is(keys.token.previous);
  return current || previous;
}

std::optional<std::string> decrypt_feishu(const std::string& key, std::string_view encrypted) {
  const auto bytes = from_base64(encrypted);
  if (!bytes || bytes->size() < 2 * kBlock || bytes->size() % kBlock != 0) return std::nullopt;
  const std::string_view all(*bytes);
  const auto padded = run_aes(sha256(key), all.substr(0, kBlock), all.substr(kBlock), false);
  const auto plain = unpad(padded, kBlock);
  if (!plain || !is_valid_utf8(*plain)) return std::nullopt;
  return std::string(*plain);
}

std::optional<std::string> decrypt_feishu(const FeishuKeys& keys, std::string_view encrypted) {
  auto plain = decrypt_feishu(keys.encrypt_key.current.reveal(), encrypted);
  const bool is_json = plain && plain->starts_with('{');  // a wrong key's padding is sound once in 256 times
  if (is_json || keys.encrypt_key.previous.empty()) return plain;
  return decrypt_feishu(keys.encrypt_key.previous.reveal(), encrypted);
}

}  // namespace huiyin::workchat
