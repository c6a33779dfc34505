#include <date/date.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "simulators/sms_clouds.h"
#include "simulators/sms_signing.h"

namespace huiyin::simulators {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto kTolerance = 15min;
constexpr std::size_t kMostValue = 35, kMostOutId = 255;

HttpReply answer(const std::string& code, const std::string& words, int status = 200) {
  return {.status = status, .body = json{{"Code", code}, {"Message", words}, {"RequestId", "F655A8D5"}}.dump()};
}

/// `name` of `Credential=…,SignedHeaders=…,Signature=…`.
std::string part(const std::string& authorization, const std::string& name) {
  const auto at = authorization.find(name + "=");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 1;
  return authorization.substr(begin, authorization.find(',', begin) - begin);
}

/// `2026-01-02T03:04:05Z`
std::optional<Time> parse_date(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, read = 0;
  const int found = std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &year, &month, &day, &hour, &minute,
                                &second, &read);  // NOLINT(cert-err34-c): what it read is looked at
  const date::year_month_day when(date::year(year), date::month(static_cast<unsigned>(month)),
                                  date::day(static_cast<unsigned>(day)));
  if (found != 6 || static_cast<std::size_t>(read) != text.size() || !when.ok()) return std::nullopt;
  return date::sys_days(when) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

std::string china(Time now) {
  return date::format("%Y-%m-%d %H:%M:%S", std::chrono::floor<std::chrono::seconds>(now + std::chrono::hours(8)));
}

bool is_number(const std::string& text) {
  const bool mainland = text.size() == 11 && text[0] == '1' && text[1] >= '3';
  const bool abroad = text.size() >= 10 && text.size() <= 15 && text[0] != '0' && text[0] != '1';
  return text.find_first_not_of("0123456789") == std::string::npos && (mainland || abroad);
}

/// The variables of `text`, filled from `values`; nothing where one is missing, and the code that says why.
std::optional<std::string> fill(std::string text, const json& values, std::string& code) {
  for (auto at = text.find("${"); at != std::string::npos; at = text.find("${")) {
    const auto end = text.find('}', at);
    const auto name = text.substr(at + 2, end - at - 2);
    code = "isv.TEMPLATE_MISSING_PARAMETERS";
    if (!values.contains(name) || !values[name].is_string()) return std::nullopt;
    const auto value = values[name].get<std::string>();
    code = "isv.PARAM_LENGTH_LIMIT";
    if (value.empty() || characters(value) > kMostValue) return std::nullopt;
    code = value.find("http") != std::string::npos ? "isv.PARAM_NOT_SUPPORT_URL" : "isv.TEMPLATE_PARAMS_ILLEGAL";
    if (is_forbidden_value(value) || value.find('\n') != std::string::npos) return std::nullopt;
    text.replace(at, end - at + 1, value);
  }
  return text;
}

}  // namespace

const FrequencyLimit* FrequencyLimits::met(const std::string& number, Time now) const {
  const auto found = sent_.find(number);
  if (found == sent_.end()) return nullptr;
  for (const auto& limit : limits_) {
    int within = 0;
    for (const auto at : found->second) within += now - at < limit.within ? 1 : 0;
    if (within >= limit.count) return &limit;
  }
  return nullptr;
}

AliyunCloud::AliyunCloud(Account account)
    : account_(std::move(account)),
      code_limits_({{1, 1min, "isv.BUSINESS_LIMIT_CONTROL", "触发分钟级流控Permits:1"},
                    {5, 1h, "isv.BUSINESS_LIMIT_CONTROL", "触发小时级流控Permits:5"},
                    {10, 24h, "isv.BUSINESS_LIMIT_CONTROL", "触发天级流控Permits:10"}}),
      notice_limits_({{50, 24h, "isv.BUSINESS_LIMIT_CONTROL", "触发天级流控Permits:50"}}) {}

void AliyunCloud::fail_next(const std::string& code, const std::string& words, int status) {
  fail_next(answer(code, words, status));
}

std::optional<HttpReply> AliyunCloud::check_signature(const HttpRequest& request) {
  const std::string authorization(request.header("authorization"));
  if (!authorization.starts_with("ACS3-HMAC-SHA256 ")) return answer("MissingAuthorization", "no ACS3", 400);
  if (part(authorization, "ACS3-HMAC-SHA256 Credential") != account_.key_id)
    return answer("InvalidAccessKeyId.NotFound", "no such key", 404);
  const auto when = parse_date(std::string(request.header("x-acs-date")));
  if (!when || *when > request.received_at + kTolerance || *when < request.received_at - kTolerance)
    return answer("InvalidTimeStamp.Expired", "the date is off", 400);
  if (request.header("x-acs-content-sha256") != hex_sha256(request.body))
    return answer("SignatureDoesNotMatch", "the body's hash", 400);
  const auto names = part(authorization, "SignedHeaders");
  for (const auto* must :
       {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"})
    if ((";" + names + ";").find(std::string(";") + must + ";") == std::string::npos)
      return answer("SignatureDoesNotMatch", std::string(must) + " is not signed", 400);
  std::map<std::string, std::string> query;
  for (const auto& [name, value] : form_of(request.query)) query[url_encode(name)] = url_encode(value);
  std::string canonical = request.method + "\n" + request.path + "\n";
  for (const auto& [name, value] : query) canonical.append(name).append("=").append(value).append("&");
  if (!query.empty()) canonical.pop_back();
  canonical += "\n";
  std::istringstream each(names);
  for (std::string name; std::getline(each, name, ';');)
    canonical.append(name).append(":").append(request.header(name)).append("\n");
  canonical += "\n" + names + "\n" + std::string(request.header("x-acs-content-sha256"));
  const auto signature = hex(keyed(Digest::sha256, account_.key_secret, "ACS3-HMAC-SHA256\n" + hex_sha256(canonical)));
  if (part(authorization, "Signature") != signature)
    return answer("SignatureDoesNotMatch", "server string to sign is:" + canonical, 400);
  if (!nonces_.insert(std::string(request.header("x-acs-signature-nonce"))).second)
    return answer("SignatureNonceUsed", "the nonce was used", 400);
  return std::nullopt;
}

HttpReply AliyunCloud::handle(const HttpRequest& request) {
  if (!faults_.empty()) {
    auto fault = std::move(faults_.front());
    faults_.pop_front();
    return fault;
  }
  if (auto refused = check_signature(request)) return *std::move(refused);
  if (request.method != "POST" || request.path != "/" || !request.body.empty())
    return answer("InvalidAction", "POST / with an empty body", 400);
  if (request.header("x-acs-action") != "SendSms" || request.header("x-acs-version") != "2017-05-25")
    return answer("InvalidAction.NotFound", "only SendSms of 2017-05-25", 404);
  return send(request);
}

HttpReply AliyunCloud::send(const HttpRequest& request) {
  const auto form = form_of(request.query);
  const auto number = one(form, "PhoneNumbers"), out_id = one(form, "OutId");
  if (!is_number(number)) return answer("isv.MOBILE_NUMBER_ILLEGAL", number + "invalid mobile number");
  const auto signature = one(form, "SignName");
  if (!account_.signatures.contains(signature)) return answer("isv.SMS_SIGNATURE_ILLEGAL", "该账号下找不到对应签名");
  const auto known = account_.templates.find(one(form, "TemplateCode"));
  if (known == account_.templates.end()) return answer("isv.SMS_TEMPLATE_ILLEGAL", "该账号下找不到对应模板");
  if (out_id.size() > kMostOutId) return answer("isv.INVALID_PARAMETERS", "OutId");
  const auto parameters = one(form, "TemplateParam");
  const auto values = parameters.empty() ? json::object() : json::parse(parameters, nullptr, false);
  if (!values.is_object()) return answer("isv.INVALID_JSON_PARAM", "TemplateParam");
  std::string code;
  const auto text = fill(known->second, values, code);
  if (!text) return answer(code, "模板变量");
  // A template with a code in it is one of verification, and limited by the number alone; notices by their template.
  const bool is_code = known->second.find("验证码") != std::string::npos;
  auto& limits = is_code ? code_limits_ : notice_limits_;
  const auto counted = is_code ? number : number + "/" + known->first;
  if (const auto* limit = limits.met(counted, request.received_at)) return answer(limit->code, limit->words);
  limits.count(counted, request.received_at);
  const auto id = std::to_string(900619746936498440 + static_cast<long long>(sent_.size())) + "^0";
  const bool mainland = number.size() == 11 && number[0] == '1';
  sent_.push_back({(mainland ? "+86" : "+") + number, "【" + signature + "】" + *text, id, out_id, {}});
  return {.status = 200, .body = json{{"Code", "OK"}, {"Message", "OK"}, {"RequestId", "F655"}, {"BizId", id}}.dump()};
}

std::string AliyunCloud::reports(std::size_t first, bool delivered, Time now) const {
  auto out = json::array();
  for (auto at = first; at < sent_.size(); ++at)
    out.push_back({{"phone_number", sent_[at].to.starts_with("+86") ? sent_[at].to.substr(3) : sent_[at].to.substr(1)},
                   {"send_time", china(now)},
                   {"report_time", china(now)},
                   {"success", delivered},
                   {"err_code", delivered ? "DELIVERED" : "MK:0001"},
                   {"err_msg", delivered ? "用户接收成功" : "空号"},
                   {"sms_size", std::to_string((characters(sent_[at].text) + 66) / 67)},
                   {"biz_id", sent_[at].id},
                   {"out_id", sent_[at].key}});
  return out.dump();
}

std::string AliyunCloud::replies(const std::vector<std::pair<std::string, std::string>>& said, Time now) {
  auto out = json::array();
  for (const auto& [number, words] : said)
    out.push_back({{"phone_number", number.starts_with("+86") ? number.substr(3) : number},
                   {"content", words},
                   {"send_time", china(now)},
                   {"dest_code", "0042"},
                   {"sequence_id", std::to_string(1234567890 + replies_++)}});
  return out.dump();
}

}  // namespace huiyin::simulators
