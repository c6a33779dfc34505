#include "adapters/wechat/wechat.h"

#include <algorithm>
#include <utility>

#include "adapters/wechat/wechat_envelope.h"
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
  if (auto late = check_timestamp(request, config_.timestamp_tolerance)) return tl::unexpected(*std::move(late));
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
  Opened opened{.message = encrypted ? std::string() : request.body};
  if (encrypted) {
    auto inner = open_envelope(keys(), request, xml->value("Encrypt"));
    if (!inner) return tl::unexpected(inner.error());
    opened = *std::move(inner);
    xml = parse_xml(opened.message);  // in compatible mode the outer fields are nobody's word
    if (!xml) return reject(malformed, "decrypted " + xml.error());
  }
  if (!config_.account_id.empty() && xml->value("ToUserName") != config_.account_id) {
    return reject(malformed, "ToUserName: not this account");
  }
  auto inbound = read_message(*xml, config_.channel);
  if (!inbound) return inbound;
  inbound->raw = std::move(opened.message);
  inbound->context.key = opened.key;
  inbound->context.token = token_index;
  return inbound;
}

tl::expected<Inbound, Reject> WeChat::reread(const std::string& raw, Time /*received*/) const {
  const auto xml = parse_xml(raw);
  if (!xml) return reject(malformed, xml.error());
  return read_message(*xml, config_.channel);
}

HttpReply WeChat::acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                              const Envelope& envelope) const {
  if (inbound.answer) return *inbound.answer;
  if (!message || !inbound.context.takes_reply) return bare_success();
  auto xml = write_reply(*message, inbound.context, envelope.now);
  if (xml.empty()) return bare_success();
  if (inbound.context.key >= 0) xml = seal_envelope(keys(), xml, inbound.context, envelope);
  return {.body = std::move(xml), .headers = {{"Content-Type", "text/xml; charset=utf-8"}}};
}

}  // namespace huiyin::wechat
