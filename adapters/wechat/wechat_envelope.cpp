#include "adapters/wechat/wechat_envelope.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "adapters/wechat/wechat_xml.h"

namespace huiyin::wechat {
namespace {

using enum RejectReason;

const Secret& token_of(const EnvelopeKeys& with, int index) {
  return index == 0 ? with.token.current : with.token.previous;
}

/// -1: none.
int signing_token(const EnvelopeKeys& with, const HttpRequest& request, const std::string& encrypted) {
  const auto timestamp = request.param("timestamp"), nonce = request.param("nonce");
  const auto signature = request.param("msg_signature");
  int signed_with = -1;
  for (const int index : {1, 0}) {
    if (token_of(with, index).empty()) continue;
    const std::string_view parts[] = {token_of(with, index).reveal(), timestamp, nonce, encrypted};
    if (equal_constant_time(sign(parts), signature)) signed_with = index;
  }
  return signed_with;
}

}  // namespace

tl::expected<Opened, Reject> open_envelope(const EnvelopeKeys& with, const HttpRequest& request,
                                           const std::string& encrypted) {
  if (encrypted.empty()) return reject(malformed, "Encrypt: absent");
  const int token = signing_token(with, request, encrypted);
  if (token < 0) return reject(bad_signature, "msg_signature");
  std::string fault;
  for (std::size_t key = 0; key < with.keys.size(); ++key) {
    auto message = decrypt(with.keys[key], encrypted, with.receiveid);
    if (message) return Opened{*std::move(message), static_cast<int>(key), token};
    if (fault.empty()) fault = to_string(message.error());
  }
  return reject(bad_signature, "decryption: " + fault);
}

std::optional<Reject> check_timestamp(const HttpRequest& request, std::chrono::seconds tolerance) {
  const auto text = request.param("timestamp");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr std::int64_t kLatest = 253402300799;  // the year 9999: what is compared below cannot overflow
  if (error != std::errc() || end != text.data() + text.size() || seconds < 0 || seconds > kLatest)
    return Reject{malformed, "timestamp: not a Unix time"};
  const auto age = request.received_at - Time(std::chrono::seconds(seconds));
  if (age > tolerance || age < -tolerance)
    return Reject{stale, "timestamp: off by more than " + std::to_string(tolerance.count()) + " s"};
  return std::nullopt;
}

std::string seal_envelope(const EnvelopeKeys& with, std::string_view xml, const ReplyContext& context,
                          const Envelope& envelope) {
  std::array<std::byte, sizeof(Random16) + sizeof(std::uint64_t)> drawn{};
  envelope.random->fill(drawn);  // once: each draw costs the generator more than its bytes do
  Random16 random{};
  std::copy_n(drawn.begin(), random.size(), random.begin());
  std::uint64_t number = 0;
  std::memcpy(&number, drawn.data() + random.size(), sizeof number);
  const auto nonce = std::to_string(number % 10'000'000'000ULL);
  const auto timestamp =
      std::to_string(std::chrono::floor<std::chrono::seconds>(envelope.now).time_since_epoch().count());
  const auto encrypted = encrypt(with.keys.at(static_cast<std::size_t>(context.key)), xml, with.receiveid, random);
  const std::string_view parts[] = {token_of(with, context.token).reveal(), timestamp, nonce, encrypted};
  constexpr std::size_t kAround = 256;  // more than the elements and all but the message
  std::string out;
  out.reserve(encrypted.size() + kAround);
  out += "<xml>";
  append_cdata(out, "Encrypt", encrypted);
  append_cdata(out, "MsgSignature", sign(parts));
  out.append("<TimeStamp>").append(timestamp).append("</TimeStamp>");
  append_cdata(out, "Nonce", nonce);
  out += "</xml>";
  return out;
}

}  // namespace huiyin::wechat
