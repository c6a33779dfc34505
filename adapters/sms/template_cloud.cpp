#include "adapters/sms/template_cloud.h"

#include <nlohmann/json.hpp>

#include "adapters/safe_url.h"
#include "adapters/sms/numbers.h"
#include "adapters/sms/segments.h"
#include "core/text.h"

namespace huiyin::sms {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using enum RejectReason;

constexpr auto kAnswerWithin = 4s;
constexpr std::size_t kReplyBytes = 360;  // two parts of Chinese with a signature
constexpr std::size_t kMostItems = 1000;  // of one push

std::string dumped(const json& item) { return item.dump(-1, ' ', false, json::error_handler_t::replace); }

/// Half of a character that was cut, as `\\ud83d`: no JSON, though all around it is.
std::string without_half_characters(std::string text) {
  constexpr std::size_t kEscape = 6;
  const auto surrogate = [&text](std::size_t at, std::string_view third) {
    const bool is_one = at + kEscape <= text.size() && text[at] == '\\' && text[at + 1] == 'u' &&
                        (text[at + 2] == 'd' || text[at + 2] == 'D');
    return is_one && third.find(text[at + 3]) != std::string_view::npos;
  };
  constexpr std::string_view kHigh = "89abAB", kLow = "cdefCDEF";
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      ++at;
    } else if (surrogate(at, kHigh) && surrogate(at + kEscape, kLow)) {
      at += 2 * kEscape;
    } else if (surrogate(at, kHigh) || surrogate(at, kLow)) {
      text.replace(at, kEscape, "\\ufffd");
      at += kEscape;
    } else {
      at += 2;
    }
  }
  return text;
}

/// One broken character must not cost the whole batch.
json parse_body(const std::string& body) {
  auto out = json::parse(body, nullptr, false);
  return out.is_discarded() ? json::parse(without_half_characters(clean_text(body)), nullptr, false) : out;
}

HttpReply json_reply(std::string_view body) {
  return {.status = 200, .body = std::string(body), .headers = {{"Content-Type", "application/json; charset=utf-8"}}};
}

}  // namespace

std::string text_of(const json& item, const char* key) {
  const auto found = item.find(key);
  if (found == item.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  return found->is_number_integer() ? found->dump() : std::string();
}

tl::expected<Inbound, Reject> TemplateCloud::parse(const HttpRequest& request) const {
  const auto what = open_callback(cloud_.guard, request);
  if (!what) return tl::unexpected(what.error());
  const bool messages = *what == callbacks_.messages;
  if (!messages && *what != callbacks_.receipts)
    return reject(unsupported,
                  "neither " + std::string(callbacks_.messages) + " nor " + std::string(callbacks_.receipts));
  if (request.method == "GET") return Inbound{.answer = json_reply(probe_answer())};
  const auto body = parse_body(request.body);
  const bool lone = callbacks_.lone_message && body.is_object();
  if (!lone && !body.is_array())
    return reject(malformed, callbacks_.lone_message ? "the body is neither a JSON array nor an object"
                                                     : "the body is no JSON array");
  if (!lone && body.size() > kMostItems) return reject(too_large, "more than 1000 items");
  Inbound out{.raw = request.body};
  if (lone) {
    out.events = {message_of(body, request.body, request.received_at)};
    return out;
  }
  for (const auto& item : body) {
    const auto& raw = out.raws.emplace_back(dumped(item));
    const bool is_message = messages && !callbacks_.lone_message;
    out.events.push_back(!item.is_object() ? bad(raw, "no object", request.received_at)
                         : is_message      ? message_of(item, raw, request.received_at)
                                           : receipt_of(item, raw, request.received_at));
  }
  if (out.events.empty()) out.answer = json_reply(confirmation());
  return out;
}

/// Messages alone: a receipt is no item of theirs, so it comes back as a bad one, under another key.
tl::expected<Inbound, Reject> TemplateCloud::reread(const std::string& raw, Time received) const {
  const auto item = parse_body(raw);
  if (!item.is_object()) return reject(malformed, "no JSON object");
  return Inbound{.events = {message_of(item, raw, received)}, .raw = raw};
}

HttpReply TemplateCloud::acknowledge(const Inbound&, const std::optional<OutboundMessage>&, const Envelope&) const {
  return json_reply(confirmation());
}

Event TemplateCloud::bad(const std::string& raw, std::string why, Time received) const {
  return bad_item(cloud_.channel, raw, std::move(why), received);
}

Event TemplateCloud::said(std::string key, std::string_view number, std::string_view words, Time sent) const {
  const auto from = answerable(number, "CN");
  if (!from) return unanswerable(cloud_.channel, std::move(key), sent);
  TextMessage message{.text = clean_text(words)};
  if (may_go_on(message.text)) message.part = TextPart{};
  return {.key = std::move(key), .peer = {cloud_.channel, *from}, .sent_at = sent, .body = std::move(message)};
}

std::string TemplateCloud::host() const {
  const auto place = cloud_.api_url.substr(cloud_.api_url.find("://") + 3);
  return place.substr(0, place.find('/'));
}

Capabilities TemplateCloud::capabilities() const {
  return {.reply_deadline = kAnswerWithin,
          .passive_reply = false,
          .max_bytes = kReplyBytes,
          .owner_may_begin = false,
          .sends = true,
          .receipts = true,
          .segment = 70,
          .proves_peer = true};
}

int TemplateCloud::parts_of(const OutboundMessage& message) const {
  const auto* with = find_template(cloud_.templates, message.template_name);
  const auto text = with_signature(cloud_.signature, with == nullptr ? message.text : worded(*with, message));
  return static_cast<int>(is_mainland(message.to.address) ? count_billed(text) : count_segments(text).parts);
}

tl::expected<HttpCall, Rejected> TemplateCloud::compose(const OutboundMessage& message, const Sending& sending) const {
  const auto to = parse_number(message.to.address);
  if (to.kind != NumberKind::mobile) return tl::unexpected(Rejected{"number", "not a number that gets SMS"});
  const auto* with = find_template(cloud_.templates, message.template_name);
  if (with == nullptr)
    return tl::unexpected(Rejected{"template", "no approved template carries \"" + message.template_name + "\""});
  auto values = fill_template(*with, message);
  if (!values) return tl::unexpected(values.error());
  return call_for({.number = to.address, .with = *with, .values = *std::move(values), .key = message.key}, sending);
}

std::vector<std::string> TemplateCloud::shortcomings() const {
  std::vector<std::string> out;
  if (cloud_.guard.allow_from.empty())
    out.emplace_back("allow_from is empty: callbacks are guarded by callback_secret alone");
  for (const auto& one : cloud_.templates)
    if (one.wording.empty()) out.push_back("template " + one.id + " has no wording: its parts are guessed");
  return out;
}

CloudConfig read_cloud(StanzaReader& read, const ChannelConfig& config, const std::string& api_url,
                       std::vector<Error>& errors) {
  CloudConfig out{.channel = config.name, .api_url = read.url("api_url", api_url)};
  out.signature = read.text("signature");
  out.extend_code = read.text("extend_code", "");
  out.templates = read_approved_templates(read, errors);
  out.guard = read_guard(read, config);
  out.opt_out_words = read.texts("opt_out_words");
  if (!out.api_url.empty() && !is_safe_url(out.api_url))
    read.complain("api_url", "plain http would carry numbers in clear", "Write https://, or http:// to this machine");
  if (out.signature.find("【") != std::string::npos)
    read.complain("signature", "the signature has brackets", "Write it without 【】: the platform puts them there");
  return out;
}

}  // namespace huiyin::sms
