#include "adapters/sms/twilio.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "adapters/crypto.h"
#include "adapters/safe_url.h"
#include "adapters/sms/callback.h"
#include "adapters/sms/numbers.h"
#include "adapters/sms/remedy.h"
#include "adapters/sms/segments.h"
#include "core/text.h"

namespace huiyin::sms {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using enum RejectReason;

constexpr auto kAnswerWithin = 10s;       // Twilio waits 15
constexpr std::size_t kReplyBytes = 400;  // two parts of Chinese
constexpr int kMostMedia = 10;
constexpr std::size_t kMostCharacters = 1600;  // of a Body: 21617
constexpr auto kMediaWait = 10s;

/// Errors and warnings. A code that is not here is the operator's.
constexpr KnownCode kCodes[] = {
    {"20003", Remedy::operator_acts}, {"20404", Remedy::operator_acts}, {"20429", Remedy::slow_down},
    {"21211", Remedy::peer_gone},     {"21614", Remedy::peer_gone},     {"21612", Remedy::peer_gone},
    {"21408", Remedy::operator_acts}, {"21606", Remedy::operator_acts}, {"21603", Remedy::operator_acts},
    {"21212", Remedy::operator_acts}, {"21608", Remedy::operator_acts}, {"21610", Remedy::peer_gone},
    {"21611", Remedy::in_a_minute},   {"21617", Remedy::give_up},       {"30001", Remedy::in_a_minute},
    {"30002", Remedy::operator_acts}, {"30003", Remedy::in_an_hour},    {"30008", Remedy::in_an_hour},
    {"30004", Remedy::peer_gone},     {"30005", Remedy::peer_gone},     {"30006", Remedy::peer_gone},
    {"30007", Remedy::give_up},       {"30009", Remedy::give_up},       {"30010", Remedy::operator_acts},
    {"63001", Remedy::operator_acts}, {"63003", Remedy::peer_gone},     {"63007", Remedy::operator_acts},
    {"63013", Remedy::give_up},       {"63016", Remedy::peer_gone},     {"63018", Remedy::slow_down},
    {"63024", Remedy::peer_gone},
};

std::string query_field(std::string_view query, std::string_view name) {
  return std::string(field(parse_form(query), name));
}

/// `https://host:443/x` and `https://host/x` are one URL to whoever signs it.
std::vector<std::string> with_and_without_port(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return {url};
  const std::string port = url.starts_with("https") ? ":443" : ":80";
  const auto host = scheme + 3;
  const auto end = std::min(url.find_first_of("/?", host), url.size());
  const auto place = url.substr(host, end - host);
  const auto at = place.rfind('@');
  const auto name = at == std::string::npos ? place : place.substr(at + 1);
  if (name.ends_with(port)) return {url, url.substr(0, end - port.size()) + url.substr(end)};
  if (name.find(':') != std::string::npos) return {url};
  return {url, url.substr(0, end) + port + url.substr(end)};
}

HttpReply nothing_to_say() {
  return {.status = 200,
          .body = R"(<?xml version="1.0" encoding="UTF-8"?><Response/>)",
          .headers = {{"Content-Type", "text/xml; charset=utf-8"}}};
}

MediaKind kind_of(std::string_view type) {
  if (type.starts_with("image/")) return MediaKind::image;
  if (type.starts_with("video/")) return MediaKind::video;
  return type.starts_with("audio/") ? MediaKind::voice : MediaKind::file;
}

int number_in(std::string_view text) {
  int out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return std::clamp(out, 0, kMostMedia);
}

std::string code_of(const json& answer) {
  const auto code = answer.find("code");
  return code != answer.end() && code->is_number_integer() ? code->dump() : std::string();
}

}  // namespace

std::string sign_twilio(std::string_view token, std::string_view url, const Fields& form) {
  std::map<std::string, std::set<std::string>> sorted;
  for (const auto& [name, value] : form) sorted[name].insert(value);
  std::string data(url);
  for (const auto& [name, values] : sorted)
    for (const auto& value : values) data.append(name).append(value);
  return to_base64(hmac_sha1(token, data));
}

bool is_signed_by(std::string_view token, const std::string& url, const Fields& form, std::string_view body,
                  std::string_view signature) {
  if (token.empty() || signature.empty()) return false;
  const auto question = url.find('?');
  const auto hash = question == std::string::npos ? "" : query_field(url.substr(question + 1), "bodySHA256");
  if (!hash.empty() && !equal_constant_time(hash, to_hex(sha256(body)))) return false;
  bool fits = false;
  for (const auto& candidate : with_and_without_port(url))
    fits |= equal_constant_time(sign_twilio(token, candidate, hash.empty() ? form : Fields{}), signature);
  return fits;
}

bool Twilio::is_signed(const HttpRequest& request, const Fields& form) const {
  const auto signature = request.header("x-twilio-signature");
  auto url = config_.hook_url + request.path.substr(config_.hook_path.size());
  if (!request.query.empty()) url += "?" + request.query;
  const bool current = is_signed_by(config_.auth_token.current.reveal(), url, form, request.body, signature);
  const bool previous = is_signed_by(config_.auth_token.previous.reveal(), url, form, request.body, signature);
  return current || previous;
}

tl::expected<Inbound, Reject> Twilio::parse(const HttpRequest& request) const {
  if (!request.path.starts_with(config_.hook_path)) return reject(unsupported, "another path");
  const bool posted = request.method != "GET";
  const auto form = posted ? parse_form(request.body) : Fields{};
  if (!is_signed(request, form)) return reject(bad_signature, "X-Twilio-Signature");
  const auto& fields = posted ? form : parse_form(request.query);
  if (field(fields, "AccountSid") != config_.account_sid) return reject(bad_signature, "AccountSid: another account");
  const auto behind = request.path.substr(config_.hook_path.size());
  if (behind == "/status") return parse_status(request, fields);
  if (behind.empty()) return parse_message(request, fields);
  return reject(unsupported, "neither the hook nor its status");
}

tl::expected<Inbound, Reject> Twilio::reread(const std::string& raw, Time received) const {
  HttpRequest request{.method = "GET", .query = raw};
  request.received_at = received;
  const auto line = raw.find('\n');  // a status: what stood in the URL, then the body
  if (line == std::string::npos) return parse_message(request, parse_form(raw));
  request.query.resize(line);
  return parse_status(request, parse_form(std::string_view(raw).substr(line + 1)));
}

tl::expected<Inbound, Reject> Twilio::parse_message(const HttpRequest& request, const Fields& form) const {
  const auto id = std::string(field(form, "MessageSid"));
  if (id.empty() || id.size() > 64) return reject(malformed, "MessageSid: absent or too long");
  Inbound out{.raw = request.method == "GET" ? request.query : request.body};
  const auto number = field(form, "From");
  const auto key = config_.channel + ":in:" + id;
  const auto from = number.starts_with("whatsapp:") ? std::nullopt : answerable(number, config_.region);
  if (!from) {
    out.events = {unanswerable(config_.channel, key, request.received_at)};
    return out;
  }
  const Event base{.key = key, .peer = {config_.channel, *from}, .sent_at = request.received_at};
  const auto add = [&](const std::string& suffix, EventBody body) {
    auto event = base;
    event.key += suffix;
    event.body = std::move(body);
    out.events.push_back(std::move(event));
  };
  const auto opted = field(form, "OptOutType");
  const auto media = number_in(field(form, "NumMedia"));
  auto text = clean_text(field(form, "Body"));
  if (opted == "STOP" || opted == "START") text = std::string(opted);  // said in a word of the account's own
  // The words before the photos: these then go to the report that the words begin.
  if (opted == "HELP")
    add("", Notice{.kind = "sms_help"});  // Twilio has answered
  else if (!trim(text).empty() || media == 0)
    add("", TextMessage{.text = std::move(text)});
  for (int i = 0; i < media; ++i) {
    const auto at = std::to_string(i);
    const auto url = std::string(field(form, "MediaUrl" + at));
    const auto type = std::string(field(form, "MediaContentType" + at));
    if (is_safe_url(url))
      add(":m" + at, MediaMessage{.kind = kind_of(type), .url = url, .format = type});
    else  // the words beside it are not to be lost
      add(":m" + at, Notice{.kind = "sms_bad_item", .detail = "MediaUrl" + at + ": no https"});
  }
  return out;
}

tl::expected<Inbound, Reject> Twilio::parse_status(const HttpRequest& request, const Fields& form) const {
  const auto either = [&](std::string_view name, std::string_view old_name) {
    const auto value = field(form, name);
    return std::string(value.empty() ? field(form, old_name) : value);
  };
  const auto id = either("MessageSid", "SmsSid"), status = either("MessageStatus", "SmsStatus");
  if (id.empty() || id.size() > 64) return reject(malformed, "MessageSid: absent or too long");
  const bool delivered = status == "delivered" || status == "read";
  if (!delivered && status != "undelivered" && status != "failed") return Inbound{.answer = HttpReply{.status = 204}};
  // The key that we put into the URL is ours even where the answer to our call was lost.
  const auto key = query_field(request.query, "key");
  const auto code = std::string(field(form, "ErrorCode"));
  // The number does not exist, is a landline, or is blocked: nothing more reaches it, whatever is sent.
  const auto to = parse_number(field(form, "To"), config_.region);
  const bool gone = !delivered && find_remedy(kCodes, code) == Remedy::peer_gone && !to.address.empty();
  Inbound out{.raw = request.query + "\n" + request.body};
  out.events = {{.key = config_.channel + ":status:" + id + ":" + status,
                 .peer = {.channel = config_.channel, .address = gone ? to.address : std::string()},
                 .sent_at = request.received_at,
                 .body = Receipt{.id = key.empty() ? id : key,
                                 .state = delivered ? ReceiptState::delivered : ReceiptState::failed,
                                 .detail = code.empty() ? status : status + " " + code,
                                 .peer_gone = gone}}};
  return out;
}

HttpReply Twilio::acknowledge(const Inbound&, const std::optional<OutboundMessage>&, const Envelope&) const {
  return nothing_to_say();
}

Capabilities Twilio::capabilities() const {
  return {.reply_deadline = kAnswerWithin,
          .passive_reply = false,
          .max_bytes = kReplyBytes,
          .photos_in = true,
          .sends = true,
          .receipts = true,
          .segment = 70,
          .proves_peer = true};
}

/// Those that Twilio itself takes for an opt-out count here too: it sends nothing more to that number.
std::vector<std::string> Twilio::opt_out_words() const {
  auto out = config_.opt_out_words;
  if (config_.answers_opt_out)
    for (const char* word : {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
      out.emplace_back(word);
  return out;
}

int Twilio::parts_of(const OutboundMessage& message) const {
  return static_cast<int>(
      count_segments(fit_into_parts(with_signature(config_.signature, message.text), config_.max_parts)).parts);
}

std::string Twilio::authorization() const {
  const bool with_key = !config_.key_sid.empty();
  const auto pair = with_key ? config_.key_sid + ":" + config_.key_secret.reveal()
                             : config_.account_sid + ":" + config_.auth_token.current.reveal();
  return "Basic " + to_base64(pair);
}

tl::expected<HttpCall, Rejected> Twilio::compose(const OutboundMessage& message, const Sending&) const {
  const auto to = parse_number(message.to.address, config_.region);
  if (to.kind != NumberKind::mobile) return tl::unexpected(Rejected{"number", "not a number that gets SMS"});
  auto text = clean_text(message.text);
  if (trim(text).empty()) return tl::unexpected(Rejected{"text", "there is none"});
  text = fit_into_parts(with_signature(config_.signature, text), config_.max_parts);
  HttpCall call{.url = config_.api_url + "/2010-04-01/Accounts/" + config_.account_sid + "/Messages.json"};
  call.form = {{"To", to.address}, {"Body", std::string(first_characters(text, kMostCharacters))}};
  if (config_.messaging_service.empty())
    call.form.emplace_back("From", config_.from);
  else
    call.form.emplace_back("MessagingServiceSid", config_.messaging_service);
  call.form.emplace_back("StatusCallback", with_query(config_.hook_url + "/status", {{"key", message.key}}));
  call.headers = {{"Authorization", authorization()}};
  return call;
}

SendResult Twilio::judge(const HttpReply& reply, const OutboundMessage&, const Sending&) const {
  if (auto none = judge_transport(reply)) return *std::move(none);
  const auto answer = json::parse(reply.body, nullptr, false);
  if (!answer.is_object()) {
    if (reply.status == 429 || reply.status == 503) return RetryAfter{2s, "HTTP " + std::to_string(reply.status)};
    return Unknown{"HTTP " + std::to_string(reply.status) + " without a JSON object"};
  }
  if (reply.status == 201 || reply.status == 200) {
    const auto sid = answer.find("sid");
    if (sid == answer.end() || !sid->is_string()) return Unknown{"an answer without a sid"};
    return Accepted{sid->get<std::string>()};
  }
  const auto code = code_of(answer);
  if (code.empty()) {
    if (reply.status == 429 || reply.status == 503) return RetryAfter{2s, "HTTP " + std::to_string(reply.status)};
    return Unknown{"HTTP " + std::to_string(reply.status) + " without a code"};
  }
  const auto words = answer.find("message");
  // The words of an error about a number quote it.
  const bool quotes = code.starts_with("21");
  return result_of(find_remedy(kCodes, code), code,
                   quotes || words == answer.end() || !words->is_string() ? "" : words->get<std::string>());
}

tl::expected<HttpCall, Rejected> Twilio::compose_fetch(const MediaJob& job, const Sending& sending) const {
  if (job.url.empty()) return tl::unexpected(Rejected{"media", "no address"});
  HttpCall call{.url = job.url, .method = "GET"};
  // The password is for Twilio's API alone; it sends us on to a store that wants none.
  if (job.url.starts_with(config_.api_url + "/") && sending.step == 0)
    call.headers = {{"Authorization", authorization()}};
  return call;
}

FetchResult Twilio::judge_fetch(const HttpReply& reply, const MediaJob&, const Sending&) const {
  if (reply.failure) return RetryAfter{kMediaWait, *reply.failure};
  const auto status = "HTTP " + std::to_string(reply.status);
  if (reply.status >= 300 && reply.status < 400) {
    for (const auto& [name, value] : reply.headers)
      if (name == "location" && is_safe_url(value)) return FetchElsewhere{value};
    return RetryAfter{kMediaWait, status + " without a place to go"};
  }
  if (reply.status == 401 || reply.status == 403) return RetryAfter{10min, status, true};
  if (reply.status == 404 || reply.status == 410) return Rejected{std::to_string(reply.status), "no longer there"};
  if (reply.status != 200) return RetryAfter{kMediaWait, status};
  return Fetched{};
}

namespace {

void check_sender(StanzaReader& read, const Twilio::Config& config) {
  if (config.from.empty() == config.messaging_service.empty())
    read.complain("from", "one of from and messaging_service is needed",
                  "Set from to a number of the account's, or messaging_service to its MG…");
  if (!config.account_sid.empty() && !config.account_sid.starts_with("AC"))
    read.complain("account_sid", "\"" + config.account_sid + "\" is no account's id", "It begins with AC");
  if (!config.hook_url.starts_with("https://") && !is_safe_url(config.hook_url))
    read.complain("account_sid", "public_url is missing: Twilio signs the public address",
                  "Set public_url to the https address that Twilio calls");
}

}  // namespace

std::unique_ptr<Channel> make_twilio(const ChannelConfig& config, const SecretSources& secrets,
                                     std::vector<Error>& errors) {
  const auto before = errors.size();
  StanzaReader read(config, secrets, errors);
  Twilio::Config out{.channel = config.name};
  out.api_url = read.url("api_url", out.api_url);
  out.account_sid = read.text("account_sid");
  out.auth_token = read.rotated_secret("auth_token");
  out.key_sid = read.text("key_sid", "");
  if (!out.key_sid.empty()) out.key_secret = read.secret("key_secret");
  out.from = read.text("from", "");
  out.messaging_service = read.text("messaging_service", "");
  out.region = read.text("region", out.region);
  out.signature = read.text("signature", "");
  out.max_parts = static_cast<std::size_t>(read.number("max_parts", 1, 10, 5));
  out.hook_path = config.hook_path();
  out.hook_url = config.hook_url();
  out.opt_out_words = read.texts("opt_out_words");
  out.answers_opt_out = read.flag("answers_opt_out", true);
  out.media_hosts = read.texts("media_hosts");
  if (out.media_hosts.empty()) out.media_hosts = {"*.twilio.com", "*.twiliocdn.com", "s3-external-1.amazonaws.com"};
  if (!out.api_url.empty() && !is_safe_url(out.api_url))
    read.complain("api_url", "plain http would carry the token in clear", "Write https://, or http:// to this machine");
  check_sender(read, out);
  read.finish();
  if (errors.size() != before) return nullptr;
  return std::make_unique<Twilio>(std::move(out));
}

}  // namespace huiyin::sms
