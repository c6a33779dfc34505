#include <date/date.h>

#include <nlohmann/json.hpp>

#include "simulators/sms_clouds.h"
#include "simulators/sms_signing.h"

namespace huiyin::simulators {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto kTolerance = 5min;
constexpr std::size_t kMostContext = 511;

HttpReply refused(const std::string& code) {
  return {.body =
              json{{"Response", {{"Error", {{"Code", code}, {"Message", "refused"}}}, {"RequestId", "a0"}}}}.dump()};
}

HttpReply status_of(const json& status) {
  return {.body = json{{"Response", {{"SendStatusSet", json::array({status})}, {"RequestId", "a0"}}}}.dump()};
}

json status(const std::string& number, const std::string& code, const std::string& serial, const std::string& context) {
  return {{"SerialNo", serial},
          {"PhoneNumber", number},
          {"Fee", code == "Ok" ? 1 : 0},
          {"SessionContext", context},
          {"Code", code},
          {"Message", code == "Ok" ? "send success" : "refused"},
          {"IsoCode", "CN"}};
}

}  // namespace

TencentCloud::TencentCloud(Account account)
    : account_(std::move(account)), limits_({{10, 24h, "LimitExceeded.PhoneNumberDailyLimit", ""}}) {}

void TencentCloud::fail_next(const std::string& code) { fail_next(status_of(status("+8613800138000", code, "", ""))); }

/// Empty where it is good; else the code.
std::string TencentCloud::check_signature(const HttpRequest& request) const {
  const std::string authorization(request.header("authorization")), stamp(request.header("x-tc-timestamp"));
  if (stamp.empty() || stamp.find_first_not_of("0123456789") != std::string::npos) return "AuthFailure.SignatureExpire";
  const Time when{std::chrono::seconds(std::stoll(stamp))};
  if (when > request.received_at + kTolerance || when < request.received_at - kTolerance)
    return "AuthFailure.SignatureExpire";
  const auto day = date::format("%Y-%m-%d", std::chrono::floor<std::chrono::days>(when));
  const auto scope = day + "/sms/tc3_request";
  const std::string type(request.header("content-type")), host(request.header("host"));
  const auto canonical = "POST\n/\n" + request.query + "\ncontent-type:" + type + "\nhost:" + host +
                         "\n\ncontent-type;host\n" + hex_sha256(request.body);
  const auto to_sign = "TC3-HMAC-SHA256\n" + stamp + "\n" + scope + "\n" + hex_sha256(canonical);
  auto key = keyed(Digest::sha256, "TC3" + account_.secret_key, day);
  for (const auto* step : {"sms", "tc3_request"}) key = keyed(Digest::sha256, key, step);
  const auto expected = "TC3-HMAC-SHA256 Credential=" + account_.secret_id + "/" + scope +
                        ", SignedHeaders=content-type;host, Signature=" + hex(keyed(Digest::sha256, key, to_sign));
  if (authorization.find("Credential=" + account_.secret_id + "/") == std::string::npos)
    return "AuthFailure.SecretIdNotFound";
  return authorization == expected ? "" : "AuthFailure.SignatureFailure";
}

/// The code of the one number, and its text.
std::pair<std::string, std::string> TencentCloud::check_message(const std::string& body, Time now) {
  const auto given = json::parse(body, nullptr, false);
  if (!given.is_object()) return {"InvalidParameter", ""};
  for (const auto& [name, value] : given.items())
    if (name != "PhoneNumberSet" && name != "SmsSdkAppId" && name != "TemplateId" && name != "SignName" &&
        name != "TemplateParamSet" && name != "SessionContext" && name != "ExtendCode")
      return {"UnknownParameter", ""};
  const auto numbers = given.value("PhoneNumberSet", json());
  if (!numbers.is_array() || numbers.size() != 1) return {"InvalidParameterValue.IncorrectPhoneNumber", ""};
  const auto number = numbers[0].get<std::string>();
  if (!number.starts_with("+") || number.size() < 9) return {"InvalidParameterValue.IncorrectPhoneNumber", ""};
  if (given.value("SmsSdkAppId", "") != account_.app_id) return {"UnauthorizedOperation.SmsSdkAppIdVerifyFail", ""};
  if (!account_.signatures.contains(given.value("SignName", "")))
    return {"FailedOperation.SignatureIncorrectOrUnapproved", ""};
  const auto known = account_.templates.find(given.value("TemplateId", ""));
  if (known == account_.templates.end()) return {"FailedOperation.TemplateUnapprovedOrNotExist", ""};
  if (given.value("SessionContext", "").size() > kMostContext) return {"InvalidParameterValue.ContentLengthLimit", ""};
  auto text = known->second;
  const auto values = given.value("TemplateParamSet", json::array());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto place = "{" + std::to_string(i + 1) + "}";
    const auto at = text.find(place);
    if (at == std::string::npos) return {"FailedOperation.TemplateParamSetNotMatchApprovedTemplate", ""};
    const auto value = values[i].get<std::string>();
    if (value.find("http") != std::string::npos)
      return {"InvalidParameterValue.ProhibitedUseUrlInTemplateParameter", ""};
    if (is_forbidden_value(value)) return {"FailedOperation.ContainSensitiveWord", ""};
    text.replace(at, place.size(), value);
  }
  if (text.find('{') != std::string::npos) return {"FailedOperation.TemplateParamSetNotMatchApprovedTemplate", ""};
  if (blocked_.contains(number)) return {"FailedOperation.PhoneNumberInBlacklist", ""};
  const auto last = last_.find(number);
  if (last != last_.end() && last->second.first == text && now - last->second.second < 30s)
    return {"LimitExceeded.PhoneNumberThirtySecondLimit", ""};
  if (const auto* limit = limits_.met(number, now)) return {limit->code, ""};
  return {"Ok", "【" + given.value("SignName", "") + "】" + text};
}

HttpReply TencentCloud::handle(const HttpRequest& request) {
  if (!faults_.empty()) {
    auto fault = std::move(faults_.front());
    faults_.pop_front();
    return fault;
  }
  if (auto code = check_signature(request); !code.empty()) return refused(code);
  if (request.header("x-tc-action") != "SendSms" || request.header("x-tc-version") != "2021-01-11" ||
      request.header("x-tc-region").empty() || request.method != "POST")
    return refused("InvalidAction");
  const auto [code, text] = check_message(request.body, request.received_at);
  const auto given = json::parse(request.body, nullptr, false);
  if (code.starts_with("InvalidParameter") && !given.is_object()) return refused(code);
  const auto number = given["PhoneNumberSet"].empty() ? "" : given["PhoneNumberSet"][0].get<std::string>();
  const auto context = given.value("SessionContext", "");
  if (code != "Ok") return status_of(status(number, code, "", context));
  limits_.count(number, request.received_at);
  last_[number] = {text.substr(text.find("】") + 3), request.received_at};
  const auto serial = "5000:" + std::to_string(1045710669157053657 + static_cast<long long>(sent_.size()));
  sent_.push_back({number, text, serial, context, {}});
  return status_of(status(number, "Ok", serial, context));
}

std::string TencentCloud::statuses(std::size_t first, bool delivered, bool with_context, Time now) const {
  auto out = json::array();
  const auto when = date::format("%Y-%m-%d %H:%M:%S", std::chrono::floor<std::chrono::seconds>(now + 8h));
  for (auto at = first; at < sent_.size(); ++at) {
    json item = {{"user_receive_time", when},
                 {"nationcode", sent_[at].to.substr(1, 2)},
                 {"mobile", sent_[at].to.substr(3)},
                 {"report_status", delivered ? "SUCCESS" : "FAIL"},
                 {"errmsg", delivered ? "DELIVRD" : "002"},
                 {"description", delivered ? "用户短信送达成功" : "关机"},
                 {"sid", sent_[at].id}};
    if (with_context) item["ext"] = sent_[at].key;
    out.push_back(std::move(item));
  }
  return out.dump();
}

std::string TencentCloud::reply(const std::string& number, const std::string& words, Time now) {
  return json{{"extend", ""},
              {"mobile", number.substr(3)},
              {"nationcode", number.substr(1, 2)},
              {"sign", "滨江物业"},
              {"text", words},
              {"time", std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count()}}
      .dump();
}

}  // namespace huiyin::simulators
