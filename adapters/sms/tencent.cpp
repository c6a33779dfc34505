#include "adapters/sms/tencent.h"

#include <date/date.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "adapters/safe_url.h"
#include "adapters/sms/hashes.h"
#include "adapters/sms/numbers.h"
#include "adapters/sms/remedy.h"
#include "adapters/sms/segments.h"
#include "core/json_writer.h"
#include "core/text.h"

namespace huiyin::sms {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using enum RejectReason;

constexpr auto kAnswerWithin = 4s;
constexpr std::size_t kReplyBytes = 360;  // two parts of Chinese with a signature
constexpr std::size_t kMostItems = 1000;
constexpr std::size_t kMostContext = 511;
constexpr std::size_t kKeyDigits = 32;  // of a reply, which has no id of its own

/// 错误码.
constexpr KnownCode kCodes[] = {
    {"LimitExceeded.PhoneNumberThirtySecondLimit", Remedy::in_30_seconds},
    {"LimitExceeded.PhoneNumberOneHourLimit", Remedy::in_an_hour},
    {"LimitExceeded.PhoneNumberDailyLimit", Remedy::tomorrow},
    {"LimitExceeded.PhoneNumberSameContentDailyLimit", Remedy::give_up},
    {"LimitExceeded.DeliveryFrequencyLimit", Remedy::in_an_hour},
    {"LimitExceeded.AppDailyLimit", Remedy::operator_acts},
    {"LimitExceeded.AppMainlandChinaDailyLimit", Remedy::operator_acts},
    {"RequestLimitExceeded*", Remedy::slow_down},
    {"FailedOperation.PhoneNumberInBlacklist", Remedy::peer_gone},
    {"InvalidParameterValue.IncorrectPhoneNumber", Remedy::peer_gone},
    {"FailedOperation.InsufficientBalanceInSmsPackage", Remedy::operator_acts},
    {"UnauthorizedOperation.SerivceSuspendDueToArrears", Remedy::operator_acts},  // sic
    {"FailedOperation.SignatureIncorrectOrUnapproved", Remedy::operator_acts},
    {"FailedOperation.TemplateIncorrectOrUnapproved", Remedy::operator_acts},
    {"FailedOperation.MissingSignature", Remedy::operator_acts},
    {"FailedOperation.TemplateParamSetNotMatchApprovedTemplate", Remedy::operator_acts},
    {"FailedOperation.TemplateUnapprovedOrNotExist", Remedy::operator_acts},
    {"FailedOperation.ContainSensitiveWord", Remedy::give_up},
    {"InvalidParameterValue.ProhibitedUseUrlInTemplateParameter", Remedy::give_up},
    {"InvalidParameterValue.TemplateParameterLengthLimit", Remedy::give_up},
    {"InvalidParameterValue.TemplateParameterFormatError", Remedy::give_up},
    {"InvalidParameterValue.ContentLengthLimit", Remedy::give_up},
    {"FailedOperation.MarketingSendTimeConstraint", Remedy::in_an_hour},
    {"UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber", Remedy::give_up},
    {"InternalError*", Remedy::unknown},  // a timeout behind the gateway: it may have gone
    {"AuthFailure.SignatureExpire", Remedy::operator_acts},
    {"AuthFailure*", Remedy::operator_acts},
};

std::string text_of(const json& item, const char* key) {
  const auto found = item.find(key);
  if (found == item.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  return found->is_number_integer() ? found->dump() : std::string();
}

std::string number_of(const json& item) {
  const auto nation = text_of(item, "nationcode"), mobile = text_of(item, "mobile");
  return nation.empty() ? mobile : "+" + nation + mobile;
}

Event message_of(const std::string& channel, const json& item, const std::string& raw, Time received) {
  const auto text = item.find("text");
  if (text == item.end() || !text->is_string()) return bad_item(channel, raw, "text: absent", received);
  if (text_of(item, "mobile").empty()) return bad_item(channel, raw, "mobile: absent", received);
  const auto seconds = text_of(item, "time");
  const auto sent = parse_unix_time(seconds).value_or(received);
  // A reply has no id: the same words from the same number in the same second are the same reply.
  const auto said = text->get<std::string>();
  const auto identity = number_of(item) + "\n" + seconds + "\n" + said + "\n" + text_of(item, "extend");
  Event out{.key = channel + ":reply:" + to_hex(sha256(identity)).substr(0, kKeyDigits),
            .peer = {.channel = channel},
            .sent_at = sent};
  const auto from = answerable(number_of(item), "CN");
  if (!from) return unanswerable(channel, std::move(out.key), sent);
  out.peer.address = *from;
  out.body = TextMessage{.text = clean_text(said)};
  return out;
}

Event receipt_of(const std::string& channel, const json& item, const std::string& raw, Time received) {
  if (!item.is_object()) return bad_item(channel, raw, "no object", received);
  const auto ours = text_of(item, "ext"), theirs = text_of(item, "sid"), status = text_of(item, "report_status");
  if (ours.empty() && theirs.empty()) return bad_item(channel, raw, "neither ext nor sid", received);
  if (status != "SUCCESS" && status != "FAIL") return bad_item(channel, raw, "report_status: unknown", received);
  auto detail = text_of(item, "errmsg");
  if (const auto words = text_of(item, "description"); !words.empty()) detail += " " + words;
  const auto& id = ours.empty() ? theirs : ours;
  return {.key = fmt::format("{}:status:{}:{}", channel, first_bytes(id, 150), status),
          .peer = {.channel = channel},
          .sent_at = parse_china_time(text_of(item, "user_receive_time")).value_or(received),
          .body = Receipt{.id = id,
                          .state = status == "SUCCESS" ? ReceiptState::delivered : ReceiptState::failed,
                          .detail = clean_text(detail)}};
}

HttpReply confirmation() {
  return {.status = 200,
          .body = R"({"result":0,"errmsg":"OK"})",
          .headers = {{"Content-Type", "application/json; charset=utf-8"}}};
}

}  // namespace

std::string authorize_tc3(const Tc3Request& request, std::string_view secret_id, std::string_view secret_key) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(request.timestamp);
  const auto day = date::format("%Y-%m-%d", seconds);
  const auto canonical = fmt::format("POST\n/\n\ncontent-type:{}\nhost:{}\n\ncontent-type;host\n{}",
                                     request.content_type, request.host, to_hex(sha256(request.body)));
  const auto scope = day + "/sms/tc3_request";
  const auto to_sign =
      fmt::format("TC3-HMAC-SHA256\n{}\n{}\n{}", seconds.time_since_epoch().count(), scope, to_hex(sha256(canonical)));
  const auto key = hmac_sha256(hmac_sha256(hmac_sha256("TC3" + std::string(secret_key), day), "sms"), "tc3_request");
  return fmt::format("TC3-HMAC-SHA256 Credential={}/{}, SignedHeaders=content-type;host, Signature={}", secret_id,
                     scope, to_hex(hmac_sha256(key, to_sign)));
}

tl::expected<Inbound, Reject> Tencent::parse(const HttpRequest& request) const {
  const auto what = open_callback(config_.guard, request);
  if (!what) return tl::unexpected(what.error());
  if (*what != "status" && *what != "reply") return reject(unsupported, "neither status nor reply");
  const auto body = json::parse(request.body, nullptr, false);
  if (!body.is_array() && !body.is_object()) return reject(malformed, "the body is neither a JSON array nor an object");
  if (body.size() > kMostItems) return reject(too_large, "more than 1000 items");
  Inbound out{.raw = request.body};
  if (body.is_object()) {
    out.events = {message_of(config_.channel, body, request.body, request.received_at)};
    return out;
  }
  for (const auto& item : body) {
    out.raws.push_back(item.dump(-1, ' ', false, json::error_handler_t::replace));
    out.events.push_back(receipt_of(config_.channel, item, out.raws.back(), request.received_at));
  }
  if (out.events.empty()) out.answer = confirmation();
  return out;
}

HttpReply Tencent::acknowledge(const Inbound&, const std::optional<OutboundMessage>&, const Envelope&) const {
  return confirmation();
}

Capabilities Tencent::capabilities() const {
  return {.reply_deadline = kAnswerWithin,
          .passive_reply = false,
          .max_bytes = kReplyBytes,
          .owner_may_begin = false,
          .sends = true,
          .receipts = true,
          .segment = 70,
          .proves_peer = true};
}

int Tencent::parts_of(const OutboundMessage& message) const {
  const auto* with = find_template(config_.templates, message.template_name);
  const auto text = with_signature(config_.signature, with == nullptr ? message.text : worded(*with, message));
  return static_cast<int>(is_mainland(message.to.address) ? count_billed(text) : count_segments(text).parts);
}

tl::expected<HttpCall, Rejected> Tencent::compose(const OutboundMessage& message, const Sending& sending) const {
  const auto to = parse_number(message.to.address);
  if (to.kind != NumberKind::mobile) return tl::unexpected(Rejected{"number", "not a number that gets SMS"});
  const auto* with = find_template(config_.templates, message.template_name);
  if (with == nullptr)
    return tl::unexpected(Rejected{"template", "no approved template carries \"" + message.template_name + "\""});
  const auto values = fill_template(*with, message);
  if (!values) return tl::unexpected(values.error());
  JsonWriter body;
  body.key("PhoneNumberSet").open('[');
  body.value(to.address);
  body.close(']');
  body.key("SmsSdkAppId").value(config_.app_id);
  body.key("TemplateId").value(with->id);
  body.key("SignName").value(config_.signature);
  body.key("TemplateParamSet").open('[');
  for (const auto& [name, value] : *values) body.value(value);
  body.close(']');
  body.key("SessionContext").value(first_bytes(message.key, kMostContext));
  if (!config_.extend_code.empty()) body.key("ExtendCode").value(config_.extend_code);
  HttpCall call{.url = config_.api_url + "/", .body = body.take()};
  const auto place = config_.api_url.substr(config_.api_url.find("://") + 3);
  const Tc3Request request{.host = place.substr(0, place.find('/')), .body = call.body, .timestamp = sending.now};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(sending.now).time_since_epoch().count();
  call.headers = {{"Content-Type", request.content_type},
                  {"Host", request.host},
                  {"X-TC-Action", "SendSms"},
                  {"X-TC-Version", "2021-01-11"},
                  {"X-TC-Region", config_.region},
                  {"X-TC-Timestamp", std::to_string(seconds)},
                  {"Authorization", authorize_tc3(request, config_.secret_id, config_.secret_key.reveal())}};
  return call;
}

SendResult Tencent::judge(const HttpReply& reply, const OutboundMessage&, const Sending&) const {
  if (auto none = judge_transport(reply)) return *std::move(none);
  const auto answer = json::parse(reply.body, nullptr, false);
  const auto response = answer.is_object() ? answer.value("Response", json()) : json();
  if (!response.is_object()) {
    if (reply.status >= 500) return RetryAfter{10s, "HTTP " + std::to_string(reply.status)};
    return Unknown{"HTTP " + std::to_string(reply.status) + " without a Response"};
  }
  const auto judge_code = [](const json& from) {
    const auto code = text_of(from, "Code");
    return code.empty() ? SendResult(Unknown{"an answer without a Code"})
                        : result_of(find_remedy(kCodes, code), code, text_of(from, "Message"));
  };
  if (const auto error = response.find("Error"); error != response.end() && error->is_object())
    return judge_code(*error);
  const auto statuses = response.find("SendStatusSet");
  if (statuses == response.end() || !statuses->is_array() || statuses->empty() || !statuses->front().is_object())
    return Unknown{"an answer without a SendStatusSet"};
  const auto& status = statuses->front();  // we send to one number at a time
  if (text_of(status, "Code") != "Ok") return judge_code(status);
  auto id = text_of(status, "SerialNo");
  if (id.empty()) return Unknown{"Ok without a SerialNo"};
  return Accepted{std::move(id)};
}

std::vector<std::string> Tencent::shortcomings() const {
  std::vector<std::string> out;
  if (config_.guard.allow_from.empty())
    out.emplace_back("allow_from is empty: callbacks are guarded by callback_secret alone");
  for (const auto& one : config_.templates)
    if (one.wording.empty()) out.push_back("template " + one.id + " has no wording: its parts are guessed");
  return out;
}

std::unique_ptr<Channel> make_tencent(const ChannelConfig& config, const SecretSources& secrets,
                                      std::vector<Error>& errors) {
  const auto before = errors.size();
  StanzaReader read(config, secrets, errors);
  Tencent::Config out{.channel = config.name};
  out.api_url = read.url("api_url", out.api_url);
  out.region = read.text("region", out.region);
  out.secret_id = read.text("secret_id");
  out.secret_key = read.secret("secret_key");
  out.app_id = read.text("app_id");
  out.signature = read.text("signature");
  out.extend_code = read.text("extend_code", "");
  out.templates = read_approved_templates(read, errors);
  out.guard = read_guard(read, config);
  out.opt_out_words = read.texts("opt_out_words");
  if (!out.api_url.empty() && !is_safe_url(out.api_url))
    read.complain("api_url", "plain http would carry numbers in clear", "Write https://, or http:// to this machine");
  if (out.signature.find("【") != std::string::npos)
    read.complain("signature", "the signature has brackets", "Write it without 【】: the platform puts them there");
  read.finish();
  if (errors.size() != before) return nullptr;
  return std::make_unique<Tencent>(std::move(out));
}

}  // namespace huiyin::sms
