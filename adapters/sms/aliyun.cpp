#include "adapters/sms/aliyun.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "adapters/crypto.h"
#include "adapters/sms/numbers.h"
#include "adapters/sms/remedy.h"
#include "core/json_writer.h"
#include "core/text.h"

namespace huiyin::sms {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr std::size_t kMostOutId = 255;
constexpr std::size_t kMostId = 150;  // of a delivery key

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

Aliyun::Aliyun(Config config)
    : TemplateCloud(std::move(config.cloud), {.messages = "up", .receipts = "report"}),
      access_key_id_(std::move(config.access_key_id)),
      access_key_secret_(std::move(config.access_key_secret)) {}

Event Aliyun::message_of(const json& item, const std::string& raw, Time received) const {
  const auto id = text_of(item, "sequence_id");
  if (id.empty() || id.size() > kMostId) return bad(raw, "sequence_id: absent or too long", received);
  const auto content = item.find("content");
  if (content == item.end() || !content->is_string()) return bad(raw, "content: absent", received);
  return said(cloud_.channel + ":up:" + id, text_of(item, "phone_number"), content->get<std::string>(),
              parse_china_time(text_of(item, "send_time")).value_or(received));
}

Event Aliyun::receipt_of(const json& item, const std::string& raw, Time received) const {
  const auto ours = text_of(item, "out_id"), theirs = text_of(item, "biz_id");
  if (ours.empty() && theirs.empty()) return bad(raw, "neither out_id nor biz_id", received);
  const auto success = item.find("success");
  if (success == item.end()) return bad(raw, "success: absent", received);
  const auto word = success->is_string() ? success->get<std::string>() : success->dump();
  if (word != "true" && word != "false") return bad(raw, "success: neither true nor false", received);
  const bool delivered = word == "true";
  auto detail = text_of(item, "err_code");
  if (const auto words = text_of(item, "err_msg"); !words.empty()) detail += " " + words;
  const auto& id = ours.empty() ? theirs : ours;
  return {
      .key = fmt::format("{}:report:{}:{}", cloud_.channel, first_bytes(id, kMostId), delivered ? "1" : "0"),
      .peer = {.channel = cloud_.channel},
      .sent_at = parse_china_time(text_of(item, "report_time")).value_or(received),
      .body = Receipt{
          .id = id, .state = delivered ? ReceiptState::delivered : ReceiptState::failed, .detail = clean_text(detail)}};
}

HttpCall Aliyun::call_for(const Filled& message, const Sending& sending) const {
  AcsRequest request;
  request.query = {{"PhoneNumbers", without_plus(message.number)},
                   {"SignName", cloud_.signature},
                   {"TemplateCode", message.with.id},
                   {"OutId", std::string(first_bytes(message.key, kMostOutId))}};
  if (!message.values.empty()) {
    JsonWriter parameters;
    for (const auto& [name, value] : message.values) parameters.key(name).value(value);
    request.query.emplace_back("TemplateParam", parameters.take());
  }
  if (!cloud_.extend_code.empty()) request.query.emplace_back("SmsUpExtendCode", cloud_.extend_code);
  request.headers = {{"host", host()},
                     {"x-acs-action", "SendSms"},
                     {"x-acs-version", "2017-05-25"},
                     {"x-acs-date", format_iso(sending.now)},
                     {"x-acs-signature-nonce", fmt::format("{:016x}", sending.nonce)},
                     {"x-acs-content-sha256", to_hex(sha256(""))}};
  HttpCall call{.url = cloud_.api_url + "/?" + canonical_query(request.query)};
  call.headers = request.headers;
  call.headers.emplace_back("authorization", authorize_acs(request, access_key_id_, access_key_secret_.reveal()));
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

std::unique_ptr<Channel> make_aliyun(const ChannelConfig& config, const SecretSources& secrets,
                                     std::vector<Error>& errors) {
  const auto before = errors.size();
  StanzaReader read(config, secrets, errors);
  Aliyun::Config out;
  out.cloud = read_cloud(read, config, out.cloud.api_url, errors);
  out.access_key_id = read.text("access_key_id");
  out.access_key_secret = read.secret("access_key_secret");
  read.finish();
  if (errors.size() != before) return nullptr;
  return std::make_unique<Aliyun>(std::move(out));
}

}  // namespace huiyin::sms
