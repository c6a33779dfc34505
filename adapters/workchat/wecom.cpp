#include "adapters/workchat/wecom.h"

#include <utility>

#include "adapters/wechat/wechat_xml.h"
#include "adapters/workchat/wecom_message.h"
#include "adapters/workchat/wecom_reply.h"
#include "adapters/workchat/wecom_send.h"

namespace huiyin::workchat {
namespace {

using namespace std::chrono_literals;
using enum RejectReason;

// The platform waits 5 s for the whole answer; the network needs its part of them.
constexpr auto kReplyDeadline = 4s;
constexpr std::size_t kMaxBodyBytes = 256U << 10;
constexpr int kPerMinute = 25;  // over 30 to one member are dropped without a word

const CardTap* tap_of(const Inbound& inbound) {
  return inbound.events.empty() ? nullptr : std::get_if<CardTap>(&inbound.events.front().body);
}

}  // namespace

Capabilities WeCom::capabilities() const {
  return {.reply_deadline = kReplyDeadline,
          .max_bytes = kMaxTextBytes,
          .buttons = true,
          .owner_may_begin = true,
          .photos_in = can_call(),
          .sends = can_call(),
          .idempotent = true,  // a card by its task_id, the rest by enable_duplicate_check
          .receipts = false,
          .staff = true,
          .per_minute = kPerMinute};
}

std::vector<std::string> WeCom::shortcomings() const {
  if (can_call()) return {};
  return {"secret is missing: staff are answered, but never told of a ticket, and no photo of theirs can be fetched"};
}

tl::expected<Inbound, Reject> WeCom::parse(const HttpRequest& request) const {
  if (request.method != "GET" && request.method != "POST") return reject(unsupported, "method: not GET or POST");
  if (request.body.size() > kMaxBodyBytes) return reject(too_large, "body: over 256 KB");
  for (const auto* name : {"msg_signature", "timestamp", "nonce"})
    if (request.param(name).empty()) return reject(malformed, std::string(name) + ": absent");  // a scanner's
  return request.method == "GET" ? verify_url(request) : parse_message(request);
}

// There is no plain mode: the echostr is encrypted too, and its plaintext is what the console waits for.
tl::expected<Inbound, Reject> WeCom::verify_url(const HttpRequest& request) const {
  const auto echo = request.param("echostr");
  if (echo.empty()) return reject(malformed, "echostr: absent");
  const auto opened = wechat::open_envelope(keys(), request, echo);
  if (!opened) return tl::unexpected(opened.error());
  if (auto late = wechat::check_timestamp(request, config_.timestamp_tolerance))
    return tl::unexpected(*std::move(late));
  Inbound inbound;
  inbound.answer = HttpReply{.body = opened->message,
                             .headers = {{"Content-Type", "text/plain"}, {"X-Content-Type-Options", "nosniff"}}};
  return inbound;
}

tl::expected<Inbound, Reject> WeCom::parse_message(const HttpRequest& request) const {
  const auto outer = wechat::parse_xml(request.body);
  if (!outer) return reject(malformed, outer.error());
  auto opened = wechat::open_envelope(keys(), request, outer->value("Encrypt"));
  if (!opened) return tl::unexpected(opened.error());
  if (auto late = wechat::check_timestamp(request, config_.timestamp_tolerance))
    return tl::unexpected(*std::move(late));
  const auto xml = wechat::parse_xml(opened->message);
  if (!xml) return reject(malformed, "decrypted " + xml.error());
  if (xml->value("ToUserName") != config_.corp_id) return reject(malformed, "ToUserName: not this company");
  const auto agent = xml->value("AgentID");  // what concerns the company alone has none
  if (!agent.empty() && agent != std::to_string(config_.agent_id)) return reject(malformed, "AgentID: not this app");
  auto inbound = read_wecom_message(*xml, config_.channel, opened->message);
  if (!inbound) return inbound;
  inbound->raw = std::move(opened->message);
  inbound->context.key = opened->key;
  inbound->context.token = opened->token;
  return inbound;
}

HttpReply WeCom::acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                             const Envelope& envelope) const {
  if (inbound.answer) return *inbound.answer;
  if (!message || !inbound.context.takes_reply) return {};
  const auto xml =
      write_wecom_reply(*message, {inbound.context, config_.source, tap_of(inbound) != nullptr}, envelope.now);
  if (xml.empty()) return {};
  return {.body = wechat::seal_envelope(keys(), xml, inbound.context, envelope),
          .headers = {{"Content-Type", "text/xml; charset=utf-8"}}};
}

}  // namespace huiyin::workchat
