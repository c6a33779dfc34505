#include "adapters/workchat/feishu.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/workchat/feishu_message.h"
#include "adapters/workchat/feishu_send.h"
#include "adapters/workchat/json_fields.h"
#include "core/json_writer.h"

namespace huiyin::workchat {
namespace {

using namespace std::chrono_literals;
using enum RejectReason;

// The platform waits 3 s for the whole answer; the network needs its part of them.
constexpr auto kReplyDeadline = 2500ms;
constexpr std::size_t kMaxBodyBytes = 256U << 10;

HttpReply json_reply(std::string body) {
  return {.body = std::move(body), .headers = {{"Content-Type", "application/json; charset=utf-8"}}};
}

}  // namespace

Capabilities Feishu::capabilities() const {
  return {.reply_deadline = kReplyDeadline,
          .passive_reply = false,
          .max_bytes = kMaxFeishuText,
          .buttons = true,
          .owner_may_begin = true,
          .photos_in = can_call(),
          .sends = can_call(),
          .idempotent = true,  // by uuid, for an hour
          .staff = true,
          .per_second = 20};  // of the 50 of an app; 5 to one member
}

std::vector<std::string> Feishu::shortcomings() const {
  if (can_call()) return {};
  return {"secret is missing: staff's commands are done, but never answered, and nobody is told of a ticket"};
}

tl::expected<Inbound, Reject> Feishu::parse(const HttpRequest& request) const {
  if (request.method != "POST") return reject(unsupported, "method: not POST");
  if (request.body.size() > kMaxBodyBytes) return reject(too_large, "body: over 256 KB");
  if (request.header("x-lark-signature").empty()) return verify_url(request);
  const auto kind = check_feishu_signature(config_.keys, request, config_.timestamp_tolerance);
  if (!kind) return tl::unexpected(kind.error());
  auto body = read_object(request.body);
  if (!body) return reject(malformed, "body: no JSON object");
  const FeishuApp app{config_.channel, config_.app_id, config_.tenant_key, config_.id_type};
  std::string raw = request.body;
  if (const auto sealed = text_in(*body, "encrypt"); !sealed.empty()) {
    auto opened = decrypt_feishu(config_.keys, sealed);
    if (!opened) return reject(bad_signature, "encrypt: cannot be decrypted");
    body = read_object(*opened);
    if (!body) return reject(malformed, "decrypted: no JSON object");
    raw = *std::move(opened);
  }
  if (*kind == FeishuSigned::event) {
    const auto token =
        body->contains("schema") ? text_in(object_in(*body, "header"), "token") : text_in(*body, "token");
    if (!is_feishu_token(config_.keys, token)) return reject(bad_signature, "token");
    if (text_in(*body, "type") == "url_verification") return verify_url(request);
  }
  auto inbound = *kind == FeishuSigned::event ? read_feishu_event(*body, app, request.received_at)
                                              : read_feishu_old_tap(*body, app, request.received_at);
  if (inbound) inbound->raw = std::move(raw);
  return inbound;
}

/// The console's check of the address is encrypted, but not signed: all that shows who asks is the token in it. So
/// whatever is wrong is answered alike.
tl::expected<Inbound, Reject> Feishu::verify_url(const HttpRequest& request) const {
  const auto outer = read_object(request.body);
  const auto opened = outer ? decrypt_feishu(config_.keys, text_in(*outer, "encrypt")) : std::nullopt;
  const auto body = opened ? read_object(*opened) : std::nullopt;
  if (!body || !is_feishu_token(config_.keys, text_in(*body, "token")) || text_in(*body, "type") != "url_verification")
    return reject(bad_signature, "X-Lark-Signature: absent");
  Inbound inbound;
  JsonWriter json;
  json.key("challenge").value(text_in(*body, "challenge"));
  inbound.answer = json_reply(json.take());
  return inbound;
}

// An answer could change a tapped card, and nothing else: what is said goes by the API, which changes cards too,
// whether or not the 3 s were enough.
HttpReply Feishu::acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& /*message*/,
                              const Envelope& /*envelope*/) const {
  return inbound.answer ? *inbound.answer : json_reply("{}");
}

}  // namespace huiyin::workchat
