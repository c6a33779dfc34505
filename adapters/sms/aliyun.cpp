#include "adapters/sms/aliyun.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
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
constexpr std::size_t kMostItems = 1000;  // of one push
constexpr std::size_t kMostOutId = 255;

/// API 错误码. By Message, isv.BUSINESS_LIMIT_CONTROL says which of its limits was met: see limit_of().
constexpr KnownCode kCodes[] = {
    {"isv.DAY_LIMIT_CONTROL", Remedy::operator_acts},
    {"isv.MONTH_LIMIT_CONTROL", Remedy::operator_acts},
    {"Throttling*", Remedy::slow_down},
    {"isv.MOBILE_NUMBER_ILLEGAL", Remedy::peer_gone},
    {"isv.MOBILE_COUNT_OVER_LIMIT", Remedy::give_up},
    {"isv.AMOUNT_NOT_ENOUGH", Remedy::operator_acts},
    {"isv.OUT_OF_SERVICE", Remedy::operator_acts},
    {"isv.ACCOUNT_NOT_EXISTS", Remedy::operator_acts},
    {"isv.ACCOUNT_ABNORMAL", Remedy::operator_acts},
    {"isv.PRODUCT_UN_SUBSCRIPT", Remedy::operator_acts},
    {"isv.PRODUCT_UNSUBSCRIBE", Remedy::operator_acts},
    {"isp.RAM_PERMISSION_DENY", Remedy::operator_acts},
    {"isv.SMS_TEMPLATE_ILLEGAL", Remedy::operator_acts},
    {"isv.SMS_SIGNATURE_ILLEGAL", Remedy::operator_acts},
    {"isv.SIGN_NAME_ILLEGAL", Remedy::operator_acts},
    {"isv.SMS_SIGN_ILLEGAL", Remedy::operator_acts},
    {"isv.SIGN_STATE_ILLEGAL", Remedy::operator_acts},
    {"isv.SMS_SIGNATURE_SCENE_ILLEGAL", Remedy::operator_acts},
    {"isv.TEMPLATE_MISSING_PARAMETERS", Remedy::give_up},
    {"isv.TEMPLATE_PARAMS_ILLEGAL", Remedy::give_up},
    {"isv.INVALID_JSON_PARAM", Remedy::give_up},
    {"isv.INVALID_PARAMETERS", Remedy::give_up},
    {"isv.PARAM_LENGTH_LIMIT", Remedy::give_up},
    {"isv.BLACK_KEY_CONTROL_LIMIT", Remedy::give_up},
    {"isv.PARAM_NOT_SUPPORT_URL", Remedy::give_up},
    {"isv.SMS_CONTENT_ILLEGAL", Remedy::give_up},
    {"isv.EXTEND_CODE_ERROR", Remedy::operator_acts},
    {"isv.DOMESTIC_NUMBER_NOT_SUPPORTED", Remedy::operator_acts},
    {"isv.DENY_IP_RANGE", Remedy::operator_acts},
    {"isp.SYSTEM_ERROR", Remedy::again},
    {"SignatureNonceUsed", Remedy::again},
    {"SignatureDoesNotMatch", Remedy::operator_acts},
    {"InvalidTimeStamp*", Remedy::operator_acts},
    {"InvalidAccessKeyId*", Remedy::operator_acts},
    {"ServiceUnavailable*", Remedy::again},
    {"InternalError*", Remedy::again},
};

/// 触发分钟级流控Permits:1, 触发小时级流控Permits:5, 触发天级流控Permits:10.
Remedy limit_of(std::string_view words) {
  if (words.find("分钟") != std::string_view::npos) return Remedy::in_a_minute;
  if (words.find("小时") != std::string_view::npos) return Remedy::in_an_hour;
  return Remedy::tomorrow;
}

/// A string, or the number that older documents have; empty for anything else.
std::string text_of(const json& item, const char* key) {
  const auto found = item.find(key);
  if (found == item.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  return found->is_number_integer() ? found->dump() : std::string();
}

Event message_of(const std::string& channel, const json& item, const HttpRequest& request) {
  const auto bad = [&](const char* why) { return bad_item(channel, item.dump(), why, request.received_at); };
  const auto id = text_of(item, "sequence_id"), number = text_of(item, "phone_number");
  if (id.empty() || id.size() > 100) return bad("sequence_id: absent or too long");
  if (!item.contains("content") || !item["content"].is_string()) return bad("content: absent");
  const auto sent = parse_china_time(text_of(item, "send_time")).value_or(request.received_at);
  Event out{.key = channel + ":up:" + id, .peer = {.channel = channel}, .sent_at = sent};
  const auto from = answerable(number, "CN");
  if (!from) return unanswerable(channel, std::move(out.key), sent);
  out.peer.address = *from;
  out.body = TextMessage{.text = clean_text(item["content"].get<std::string>())};
  return out;
}

Event receipt_of(const std::string& channel, const json& item, const HttpRequest& request) {
  const auto bad = [&](const char* why) { return bad_item(channel, item.dump(), why, request.received_at); };
  const auto ours = text_of(item, "out_id"), theirs = text_of(item, "biz_id");
  if (ours.empty() && theirs.empty()) return bad("neither out_id nor biz_id");
  const auto success = item.find("success");
  if (success == item.end() || !success->is_boolean()) return bad("success: neither true nor false");
  const bool delivered = success->get<bool>();
  auto detail = text_of(item, "err_code");
  if (const auto words = text_of(item, "err_msg"); !words.empty()) detail += " " + words;
  const auto& id = ours.empty() ? theirs : ours;
  return {
      .key = fmt::format("{}:report:{}:{}", channel, first_bytes(id, 150), delivered ? "1" : "0"),
      .peer = {.channel = channel},
      .sent_at = parse_china_time(text_of(item, "report_time")).value_or(request.received_at),
      .body = Receipt{
          .id = id, .state = delivered ? ReceiptState::delivered : ReceiptState::failed, .detail = clean_text(detail)}};
}

HttpReply confirmation(const char* words) {
  return {.status = 200,
          .body = std::string(R"({"code":0,"msg":")") + words + "\"}",
          .headers = {{"Content-Type", "application/json; charset=utf-8"}}};
}

std::string canonical_query(const Fields& query) {
  auto sorted = query;
  std::sort(sorted.begin(), sorted.end());
  std::string out;
  for (const auto& [name, value] : sorted)
    out.append(out.empty() ? "" : "&").append(url_encode(name)).append("=").append(url_encode(value));
  return out;
}

}  // namespace

std::string authorize_acs(const AcsRequest& request, std::string_view key_id, std::string_view secret) {
  std::map<std::string, std::string> signed_headers;
  for (const auto& [name, value] : request.headers)
    if (name == "host" || name == "content-type" || name.starts_with("x-acs-"))
      signed_headers[name] = std::string(trim(value));
  std::string lines, names;
  for (const auto& [name, value] : signed_headers) {
    lines.append(name).append(":").append(value).append("\n");
    names.append(names.empty() ? "" : ";").append(name);
  }
  const auto canonical = request.method + "\n/\n" + canonical_query(request.query) + "\n" + lines + "\n" + names +
                         "\n" + to_hex(sha256(request.body));
  const auto to_sign = "ACS3-HMAC-SHA256\n" + to_hex(sha256(canonical));
  return fmt::format("ACS3-HMAC-SHA256 Credential={},SignedHeaders={},Signature={}", key_id, names,
                     to_hex(hmac_sha256(secret, to_sign)));
}

tl::expected<Inbound, Reject> Aliyun::parse(const HttpRequest& request) const {
  const auto what = open_callback(config_.guard, request);
  if (!what) return tl::unexpected(what.error());
  if (*what != "up" && *what != "report") return reject(unsupported, "neither up nor report");
  // The console looks whether the URL is there, and waits 700 ms.
  if (request.method == "GET") return Inbound{.answer = confirmation("成功")};
  const auto body = json::parse(request.body, nullptr, false);
  if (!body.is_array()) return reject(malformed, "the body is no JSON array");
  if (body.size() > kMostItems) return reject(too_large, "more than 1000 items");
  Inbound out{.raw = request.body};
  for (const auto& item : body) {
    out.raws.push_back(item.dump(-1, ' ', false, json::error_handler_t::replace));
    if (!item.is_object())
      out.events.push_back(bad_item(config_.channel, out.raws.back(), "no object", request.received_at));
    else
      out.events.push_back(*what == "up" ? message_of(config_.channel, item, request)
                                         : receipt_of(config_.channel, item, request));
  }
  if (out.events.empty()) out.answer = confirmation("接收成功");
  return out;
}

HttpReply Aliyun::acknowledge(const Inbound&, const std::optional<OutboundMessage>&, const Envelope&) const {
  return confirmation("接收成功");
}

Capabilities Aliyun::capabilities() const {
  return {.reply_deadline = kAnswerWithin,
          .passive_reply = false,
          .max_bytes = kReplyBytes,
          .owner_may_begin = false,
          .sends = true,
          .receipts = true,
          .segment = 70,
          .proves_peer = true};
}

int Aliyun::parts_of(const OutboundMessage& message) const {
  const auto* with = find_template(config_.templates, message.template_name);
  const auto text = with_signature(config_.signature, with == nullptr ? message.text : worded(*with, message));
  return static_cast<int>(is_mainland(message.to.address) ? count_billed(text) : count_segments(text).parts);
}

tl::expected<HttpCall, Rejected> Aliyun::compose(const OutboundMessage& message, const Sending& sending) const {
  const auto to = parse_number(message.to.address);
  if (to.kind != NumberKind::mobile) return tl::unexpected(Rejected{"number", "not a number that gets SMS"});
  const auto* with = find_template(config_.templates, message.template_name);
  if (with == nullptr)
    return tl::unexpected(Rejected{"template", "no approved template carries \"" + message.template_name + "\""});
  const auto values = fill_template(*with, message);
  if (!values) return tl::unexpected(values.error());
  JsonWriter parameters;
  for (const auto& [name, value] : *values) parameters.key(name).value(value);
  AcsRequest request;
  request.query = {{"PhoneNumbers", without_plus(to.address)},
                   {"SignName", config_.signature},
                   {"TemplateCode", with->id},
                   {"OutId", std::string(first_bytes(message.key, kMostOutId))}};
  if (!values->empty()) request.query.emplace_back("TemplateParam", parameters.take());
  if (!config_.extend_code.empty()) request.query.emplace_back("SmsUpExtendCode", config_.extend_code);
  const auto host = config_.api_url.substr(config_.api_url.find("://") + 3);
  request.headers = {{"host", host.substr(0, host.find('/'))},
                     {"x-acs-action", "SendSms"},
                     {"x-acs-version", "2017-05-25"},
                     {"x-acs-date", format_iso(sending.now)},
                     {"x-acs-signature-nonce", fmt::format("{:016x}", sending.nonce)},
                     {"x-acs-content-sha256", to_hex(sha256(""))}};
  HttpCall call{.url = config_.api_url + "/?" + canonical_query(request.query)};
  call.headers = request.headers;
  call.headers.emplace_back("authorization",
                            authorize_acs(request, config_.access_key_id, config_.access_key_secret.reveal()));
  return call;
}

SendResult Aliyun::judge(const HttpReply& reply, const OutboundMessage&, const Sending&) const {
  if (auto none = judge_transport(reply)) return *std::move(none);
  const auto answer = json::parse(reply.body, nullptr, false);
  const auto code = answer.is_object() ? text_of(answer, "Code") : std::string();
  if (code.empty()) {
    if (reply.status >= 500) return RetryAfter{10s, "HTTP " + std::to_string(reply.status)};
    return Unknown{"HTTP " + std::to_string(reply.status) + " without a Code"};
  }
  // 200 with another Code is a failure; OK without a BizId is no answer of SendSms.
  if (code == "OK" && reply.status == 200) {
    auto id = text_of(answer, "BizId");
    if (id.empty()) return Unknown{"OK without a BizId"};
    return Accepted{std::move(id)};
  }
  const auto words = text_of(answer, "Message");
  if (code == "isv.BUSINESS_LIMIT_CONTROL") return result_of(limit_of(words), code, words);
  // The Message of a wrong signature quotes the whole request: numbers and codes are not for the log.
  return result_of(find_remedy(kCodes, code), code, code == "SignatureDoesNotMatch" ? "" : words);
}

std::vector<std::string> Aliyun::shortcomings() const {
  std::vector<std::string> out;
  if (config_.guard.allow_from.empty())
    out.emplace_back("allow_from is empty: callbacks are guarded by callback_secret alone");
  for (const auto& one : config_.templates)
    if (one.wording.empty()) out.push_back("template " + one.id + " has no wording: its parts are guessed");
  return out;
}

std::unique_ptr<Channel> make_aliyun(const ChannelConfig& config, const SecretSources& secrets,
                                     std::vector<Error>& errors) {
  const auto before = errors.size();
  StanzaReader read(config, secrets, errors);
  Aliyun::Config out{.channel = config.name};
  out.api_url = read.url("api_url", out.api_url);
  out.access_key_id = read.text("access_key_id");
  out.access_key_secret = read.secret("access_key_secret");
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
  return std::make_unique<Aliyun>(std::move(out));
}

}  // namespace huiyin::sms
