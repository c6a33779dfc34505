#include "adapters/sms/tencent.h"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/crypto.h"
#include "adapters/sms/remedy.h"
#include "core/json_writer.h"
#include "core/text.h"

namespace huiyin::sms {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr std::size_t kMostContext = 511;
constexpr std::size_t kKeyDigits = 32;  // of a reply, which has no id of its own
constexpr std::size_t kMostId = 150;    // of a delivery key

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

std::string number_of(const json& item) {
  const auto nation = text_of(item, "nationcode"), mobile = text_of(item, "mobile");
  return nation.empty() ? mobile : "+" + nation + mobile;
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

Tencent::Tencent(Config config)
    : TemplateCloud(std::move(config.cloud), {.messages = "reply", .receipts = "status", .lone_message = true}),
      region_(std::move(config.region)),
      secret_id_(std::move(config.secret_id)),
      secret_key_(std::move(config.secret_key)),
      app_id_(std::move(config.app_id)) {}

Event Tencent::message_of(const json& item, const std::string& raw, Time received) const {
  const auto text = item.find("text");
  if (text == item.end() || !text->is_string()) return bad(raw, "text: absent", received);
  if (text_of(item, "mobile").empty()) return bad(raw, "mobile: absent", received);
  const auto words = text->get<std::string>(), seconds = text_of(item, "time");
  // A reply has no id: the same words from the same number in the same second are the same reply.
  const auto identity = number_of(item) + "\n" + seconds + "\n" + words + "\n" + text_of(item, "extend");
  return said(cloud_.channel + ":reply:" + to_hex(sha256(identity)).substr(0, kKeyDigits), number_of(item), words,
              parse_unix_time(seconds).value_or(received));
}

Event Tencent::receipt_of(const json& item, const std::string& raw, Time received) const {
  const auto ours = text_of(item, "ext"), theirs = text_of(item, "sid"), status = text_of(item, "report_status");
  if (ours.empty() && theirs.empty()) return bad(raw, "neither ext nor sid", received);
  if (status != "SUCCESS" && status != "FAIL") return bad(raw, "report_status: unknown", received);
  auto detail = text_of(item, "errmsg");
  if (const auto words = text_of(item, "description"); !words.empty()) detail += " " + words;
  const auto& id = ours.empty() ? theirs : ours;
  return {.key = fmt::format("{}:status:{}:{}", cloud_.channel, first_bytes(id, kMostId), status),
          .peer = {.channel = cloud_.channel},
          .sent_at = parse_china_time(text_of(item, "user_receive_time")).value_or(received),
          .body = Receipt{.id = id,
                          .state = status == "SUCCESS" ? ReceiptState::delivered : ReceiptState::failed,
                          .detail = clean_text(detail)}};
}

HttpCall Tencent::call_for(const Filled& message, const Sending& sending) const {
  JsonWriter body;
  body.key("PhoneNumberSet").open('[');
  body.value(message.number);
  body.close(']');
  body.key("SmsSdkAppId").value(app_id_);
  body.key("TemplateId").value(message.with.id);
  body.key("SignName").value(cloud_.signature);
  body.key("TemplateParamSet").open('[');
  for (const auto& [name, value] : message.values) body.value(value);
  body.close(']');
  body.key("SessionContext").value(first_bytes(message.key, kMostContext));
  if (!cloud_.extend_code.empty()) body.key("ExtendCode").value(cloud_.extend_code);
  HttpCall call{.url = cloud_.api_url + "/", .body = body.take()};
  const Tc3Request request{.host = host(), .body = call.body, .timestamp = sending.now};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(sending.now).time_since_epoch().count();
  call.headers = {{"Content-Type", request.content_type},
                  {"Host", request.host},
                  {"X-TC-Action", "SendSms"},
                  {"X-TC-Version", "2021-01-11"},
                  {"X-TC-Region", region_},
                  {"X-TC-Timestamp", std::to_string(seconds)},
                  {"Authorization", authorize_tc3(request, secret_id_, secret_key_.reveal())}};
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

/// Tencent counts its variables: {1} {2} …, in whatever order they are configured.
static void count_parameters(std::vector<ApprovedTemplate>& templates, StanzaReader& read) {
  for (auto& one : templates) {
    std::sort(one.parameters.begin(), one.parameters.end(), [](const auto& a, const auto& b) {
      return a.name.size() == b.name.size() ? a.name < b.name : a.name.size() < b.name.size();
    });
    for (std::size_t i = 0; i < one.parameters.size(); ++i)
      if (one.parameters[i].name != std::to_string(i + 1)) {
        read.complain("templates", "template " + one.id + ": its variables are not \"1\", \"2\" …",
                      "Tencent counts them: name them as the approved text does");
        break;
      }
  }
}

std::unique_ptr<Channel> make_tencent(const ChannelConfig& config, const SecretSources& secrets,
                                      std::vector<Error>& errors) {
  const auto before = errors.size();
  StanzaReader read(config, secrets, errors);
  Tencent::Config out;
  out.cloud = read_cloud(read, config, out.cloud.api_url, errors);
  out.region = read.text("region", out.region);
  out.secret_id = read.text("secret_id");
  out.secret_key = read.secret("secret_key");
  out.app_id = read.text("app_id");
  count_parameters(out.cloud.templates, read);
  read.finish();
  if (errors.size() != before) return nullptr;
  return std::make_unique<Tencent>(std::move(out));
}

}  // namespace huiyin::sms
