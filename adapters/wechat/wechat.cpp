#include "adapters/wechat/wechat.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <utility>

#include "adapters/wechat/wechat_message.h"
#include "adapters/wechat/wechat_reply.h"
#include "adapters/wechat/wechat_xml.h"

namespace huiyin::wechat {
namespace {

using namespace std::chrono_literals;
using enum RejectReason;

// The platform waits 5 s for the whole answer; the network needs its part of them.
constexpr auto kReplyDeadline = 4s;
// A text of 2,000 characters in compatible mode, plain and encrypted, is 25 KB.
constexpr std::size_t kMaxBodyBytes = 256U << 10;

tl::expected<std::chrono::seconds, Reject> read_timestamp(const std::string& text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr std::int64_t kLatest = 253402300799;  // the year 9999: what is compared below cannot overflow
  if (error != std::errc() || end != text.data() + text.size() || seconds < 0 || seconds > kLatest) {
    return reject(malformed, "timestamp: not a Unix time");
  }
  return std::chrono::seconds(seconds);
}

HttpReply bare_success() { return {.body = "success", .headers = {{"Content-Type", "text/plain"}}}; }

}  // namespace

Capabilities WeChat::capabilities() const {
  return {
      .reply_deadline = kReplyDeadline,
      .max_bytes = kMaxTextBytes,
      .links_in_text = true,
      .owner_may_begin = true,
      .photos_in = true,
      .sends = can_call(),
      .push_windows = true,
      .idempotent = false,  // templates know a repeat for ten minutes, which judge() makes use of; messages never do
      .receipts = false};   // templates alone have them
}

std::vector<ProviderTemplate> WeChat::provider_templates() const {
  std::vector<ProviderTemplate> out;
  if (!can_call()) return out;
  for (const auto& with : config_.templates)
    for (const auto& name : with.carries) out.push_back({name, with.way, with.id});
  return out;
}

std::vector<std::string> WeChat::shortcomings() const {
  std::vector<std::string> out;
  if (!can_call()) {
    out.emplace_back("app_secret is missing: messages are answered, but none is begun, and no photo can be fetched");
  } else if (config_.templates.empty()) {
    out.emplace_back("templates is empty: an owner who has not written for 48 hours is not reached by WeChat");
  }
  const bool needs_consent = std::any_of(config_.templates.begin(), config_.templates.end(),
                                         [](const Template& with) { return with.way == Way::subscription; });
  if (can_call() && needs_consent && config_.consent_url.empty())
    out.emplace_back("consent_url is empty: owners are not asked to allow the subscription notices of templates");
  if (config_.menu.empty()) out.emplace_back("menu is empty: owners find no buttons below the chat");
  if (config_.mode == Mode::plain) out.emplace_back("mode is plain: nothing binds a message to its signature");
  return out;
}

tl::expected<Inbound, Reject> WeChat::parse(const HttpRequest& request) const {
  if (request.method != "GET" && request.method != "POST") return reject(unsupported, "method: not GET or POST");
  if (request.body.size() > kMaxBodyBytes) return reject(too_large, "body: over 256 KB");
  const auto token = verify(request);
  if (!token) return tl::unexpected(token.error());
  if (request.method == "POST") return parse_message(request, *token);
  const auto echo = request.param("echostr");
  if (echo.empty()) return reject(malformed, "echostr: absent");
  Inbound inbound;
  inbound.answer =
      HttpReply{.body = echo, .headers = {{"Content-Type", "text/plain"}, {"X-Content-Type-Options", "nosniff"}}};
  return inbound;
}

/// Which token signed the query. Covers neither body nor openid.
tl::expected<int, Reject> WeChat::verify(const HttpRequest& request) const {
  const auto signature = request.param("signature");
  const auto timestamp = request.param("timestamp"), nonce = request.param("nonce");
  if (signature.empty() || timestamp.empty() || nonce.empty()) {  // a scanner's
    const auto* absent = signature.empty() ? "signature" : timestamp.empty() ? "timestamp" : "nonce";
    return reject(malformed, std::string(absent) + ": absent");
  }
  int signed_with = -1;
  for (const int index : {1, 0}) {
    if (token(index).empty()) continue;
    const std::string_view parts[] = {token(index).reveal(), timestamp, nonce};
    if (equal_constant_time(sign(parts), signature)) signed_with = index;
  }
  if (signed_with < 0) return reject(bad_signature, "signature");
  const auto sent = read_timestamp(timestamp);
  if (!sent) return tl::unexpected(sent.error());
  const auto age = request.received_at - Time(*sent);
  if (age > config_.timestamp_tolerance || age < -config_.timestamp_tolerance) {
    return reject(stale, "timestamp: off by more than " + std::to_string(config_.timestamp_tolerance.count()) + " s");
  }
  return signed_with;
}

tl::expected<Inbound, Reject> WeChat::parse_message(const HttpRequest& request, int token_index) const {
  const auto type = request.param("encrypt_type");
  const bool encrypted = type == "aes";
  if (!encrypted && !type.empty() && type != "raw") return reject(malformed, "encrypt_type: not aes or raw");
  // Without the key nobody can have made an encrypted one; without encryption nothing binds the body to the signature.
  if (!encrypted && config_.mode == Mode::safe) return reject(bad_signature, "a plain body on an account in safe mode");
  if (encrypted && config_.keys.empty())
    return reject(bad_signature, "an encrypted body, and no aes_key is configured");

  auto xml = parse_xml(request.body);
  if (!xml) return reject(malformed, xml.error());
  Opened opened{encrypted ? std::string() : request.body, -1};
  if (encrypted) {
    const auto parts = xml->value("Encrypt");
    auto inner = open(request, parts);
    if (!inner) return tl::unexpected(inner.error());
    opened = *std::move(inner);
    xml = parse_xml(opened.xml);  // in compatible mode the outer fields are nobody's word
    if (!xml) return reject(malformed, "decrypted " + xml.error());
  }
  if (!config_.account_id.empty() && xml->value("ToUserName") != config_.account_id) {
    return reject(malformed, "ToUserName: not this account");
  }
  auto inbound = read_message(*xml, config_.channel);
  if (!inbound) return inbound;
  inbound->raw = std::move(opened.xml);
  inbound->context.key = opened.key;
  inbound->context.token = token_index;
  return inbound;
}

/// msg_signature first: without it the padding check would be an oracle.
tl::expected<WeChat::Opened, Reject> WeChat::open(const HttpRequest& request, const std::string& encrypted) const {
  if (encrypted.empty()) return reject(malformed, "Encrypt: absent");
  const auto timestamp = request.param("timestamp"), nonce = request.param("nonce");
  const auto signature = request.param("msg_signature");
  bool good = false;
  for (const int index : {0, 1}) {
    if (token(index).empty()) continue;
    const std::string_view parts[] = {token(index).reveal(), timestamp, nonce, encrypted};
    good = equal_constant_time(sign(parts), signature) || good;
  }
  if (!good) return reject(bad_signature, "msg_signature");
  std::string fault;
  for (std::size_t key = 0; key < config_.keys.size(); ++key) {
    auto xml = decrypt(config_.keys[key], encrypted, config_.app_id);
    if (xml) return Opened{*std::move(xml), static_cast<int>(key)};
    if (fault.empty()) fault = to_string(xml.error());
  }
  return reject(bad_signature, "decryption: " + fault);
}

HttpReply WeChat::acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                              const Envelope& envelope) const {
  if (inbound.answer) return *inbound.answer;
  if (!message || !inbound.context.takes_reply) return bare_success();
  auto xml = write_reply(*message, inbound.context, envelope.now);
  if (xml.empty()) return bare_success();
  if (inbound.context.key >= 0) xml = seal(xml, inbound.context, envelope);
  return {.body = std::move(xml), .headers = {{"Content-Type", "text/xml; charset=utf-8"}}};
}

std::string WeChat::seal(const std::string& xml, const ReplyContext& context, const Envelope& envelope) const {
  std::array<std::byte, sizeof(Random16) + sizeof(std::uint64_t)> drawn{};
  envelope.random->fill(drawn);  // once: each draw costs the generator more than its bytes do
  Random16 random{};
  std::copy_n(drawn.begin(), random.size(), random.begin());
  std::uint64_t number = 0;
  std::memcpy(&number, drawn.data() + random.size(), sizeof number);
  const auto nonce = std::to_string(number % 10'000'000'000ULL);
  const auto timestamp =
      std::to_string(std::chrono::floor<std::chrono::seconds>(envelope.now).time_since_epoch().count());
  const auto encrypted = encrypt(config_.keys.at(static_cast<std::size_t>(context.key)), xml, config_.app_id, random);
  const std::string_view parts[] = {token(context.token).reveal(), timestamp, nonce, encrypted};
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
