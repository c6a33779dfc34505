#include "adapters/web/webhook.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "adapters/registry.h"
#include "core/json_writer.h"
#include "core/text.h"

namespace huiyin::web {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto kMostPatience = 1h;         // a Retry-After beyond it is not believed
constexpr auto kUntilMended = 5min;        // a wrong token or URL is the operator's to mend
constexpr std::size_t kQuotedBytes = 200;  // of an answer, in our words about it

std::string quoted(const HttpReply& reply) {
  const auto text = clean_text(reply.body);
  return std::to_string(reply.status) + " " + std::string(first_bytes(text, kQuotedBytes));
}

/// Its form in seconds; a date is not understood.
Millis retry_after(const HttpReply& reply) {
  for (const auto& [name, value] : reply.headers) {
    if (name != "retry-after") continue;
    int seconds = 0;
    std::from_chars(value.data(), value.data() + value.size(), seconds);
    return std::clamp<Millis>(std::chrono::seconds(seconds), 0ms, kMostPatience);
  }
  return 0ms;
}

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

SendResult judge_success(const HttpReply& reply) {
  if (trim(reply.body).empty()) return Accepted{};
  const auto answer = json::parse(reply.body, nullptr, false);
  // A proxy's page, or half an answer: who knows whether the one behind it has the message.
  if (!answer.is_object()) return Unknown{"the answer is no JSON object: " + quoted(reply)};
  if (auto error = text_of(answer, "error"); !error.empty()) return Rejected{std::to_string(reply.status), error};
  return Accepted{text_of(answer, "id")};
}

}  // namespace

tl::expected<Inbound, Reject> Webhook::parse(const HttpRequest&) const {
  return reject(RejectReason::unsupported, "this channel only sends");
}

HttpReply Webhook::acknowledge(const Inbound&, const std::optional<OutboundMessage>&, const Envelope&) const {
  return {.status = 404};
}

tl::expected<HttpCall, Rejected> Webhook::compose(const OutboundMessage& message, const Sending&) const {
  JsonWriter body;
  body.key("key").value(message.key);
  body.key("to").value(message.to.address);
  body.key("text").value(message.text);
  body.key("template").value(message.template_name);
  body.key("data").open('{');
  for (const auto& [name, value] : message.data) body.key(name).value(value);
  body.close('}');
  body.key("locale").value(message.locale);
  HttpCall call{.url = config_.url, .body = body.take()};
  call.headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", message.key}};
  if (!config_.token.empty()) call.headers.emplace_back("Authorization", "Bearer " + config_.token.reveal());
  return call;
}

SendResult Webhook::judge(const HttpReply& reply, const OutboundMessage&, const Sending&) const {
  if (reply.failure) {
    if (reply.request_left) return Unknown{*reply.failure};
    return RetryAfter{0ms, *reply.failure};
  }
  const int status = reply.status;
  if (status >= 200 && status < 300) return judge_success(reply);
  if (status == 401 || status == 403 || status == 404 || (status >= 300 && status < 400))
    return RetryAfter{kUntilMended, quoted(reply), true};
  if (status == 410) return PeerGone{quoted(reply)};
  if (status == 408 || status == 425 || status == 429 || status >= 500)
    return RetryAfter{retry_after(reply), quoted(reply)};
  return Rejected{std::to_string(status), quoted(reply)};
}

Factory make_webhook;
std::unique_ptr<Channel> make_webhook(const ChannelConfig& config, const SecretSources& secrets,
                                      std::vector<Error>& errors) {
  const auto before = errors.size();
  StanzaReader read(config, secrets, errors);
  Webhook::Config out{.url = read.url("url"), .token = read.optional_secret("token").value_or(Secret())};
  read.finish();
  if (errors.size() != before) return nullptr;
  return std::make_unique<Webhook>(std::move(out));
}

}  // namespace huiyin::web
