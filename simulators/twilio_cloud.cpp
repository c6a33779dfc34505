#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "simulators/sms_clouds.h"
#include "simulators/sms_signing.h"

namespace huiyin::simulators {
namespace {

using nlohmann::json;

constexpr std::size_t kMostBody = 1600;

HttpReply refused(int code, int status = 400) {
  return {.status = status, .body = json{{"code", code}, {"message", "refused"}, {"status", status}}.dump()};
}

bool is_e164(const std::string& number) {
  return number.size() >= 9 && number.size() <= 16 && number[0] == '+' && number[1] != '0' &&
         number.find_first_not_of("0123456789", 1) == std::string::npos;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace

void TwilioCloud::fail_next(int code, int status) { fail_next(refused(code, status)); }

HttpReply TwilioCloud::handle(const HttpRequest& request) {
  if (!faults_.empty()) {
    auto fault = std::move(faults_.front());
    faults_.pop_front();
    return fault;
  }
  if (request.header("authorization") != "Basic " + base64(account_.sid + ":" + account_.token))
    return refused(20003, 401);
  if (request.method != "POST" || request.path != "/2010-04-01/Accounts/" + account_.sid + "/Messages.json")
    return refused(20404, 404);
  const auto form = form_of(request.body);
  const auto to = one(form, "To"), body = one(form, "Body"), from = one(form, "From");
  if (!is_e164(to)) return refused(21211);
  if (from != account_.from) return refused(21606);
  if (body.empty()) return refused(21602);
  if (characters(body) > kMostBody) return refused(21617);
  if (opted_out_.contains(to)) return refused(21610);
  const auto id = "SM" + hex_sha256(to + body + std::to_string(sent_.size())).substr(0, 32);
  const auto callback = one(form, "StatusCallback");
  if (!callback.starts_with("http")) return refused(21609);
  sent_.push_back({to, body, id, {}, callback});
  return {.status = 201,
          .body = json{{"sid", id}, {"status", "queued"}, {"num_segments", "1"}, {"error_code", nullptr}}.dump()};
}

HttpRequest TwilioCloud::signed_request(const std::string& url, const Fields& form, Time now) const {
  auto request = as_received({.url = url, .form = form}, now);
  auto sorted = form;
  std::sort(sorted.begin(), sorted.end());
  auto data = url;
  for (const auto& [name, value] : sorted) data += name + value;
  request.headers.emplace_back("x-twilio-signature", base64(keyed(Digest::sha1, account_.token, data)));
  return request;
}

HttpRequest TwilioCloud::message(const std::string& from, const std::string& body, Time now,
                                 const std::vector<std::string>& media) {
  const auto id = "SM" + hex_sha256("in" + std::to_string(received_++)).substr(0, 32);
  Fields form = {{"MessageSid", id},           {"SmsSid", id},
                 {"AccountSid", account_.sid}, {"From", from},
                 {"To", account_.from},        {"Body", body},
                 {"NumSegments", "1"},         {"SmsStatus", "received"},
                 {"ApiVersion", "2010-04-01"}, {"NumMedia", std::to_string(media.size())}};
  for (std::size_t i = 0; i < media.size(); ++i) {
    form.emplace_back("MediaUrl" + std::to_string(i), "https://api.twilio.com/2010-04-01/Accounts/" + account_.sid +
                                                          "/Messages/" + id + "/Media/ME" + std::to_string(i));
    form.emplace_back("MediaContentType" + std::to_string(i), media[i]);
  }
  const auto word = upper(body);
  for (const auto* stop : {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
    if (word == stop) opted_out_.insert(from);
  for (const auto* start : {"START", "YES", "UNSTOP"})
    if (word == start) opted_out_.erase(from);
  return signed_request(account_.inbound_url, form, now);
}

HttpRequest TwilioCloud::status(std::size_t number, const std::string& state, Time now, int error) const {
  const auto& sms = sent_.at(number);
  Fields form = {
      {"MessageSid", sms.id}, {"SmsSid", sms.id},      {"MessageStatus", state},     {"SmsStatus", state},
      {"To", sms.to},         {"From", account_.from}, {"AccountSid", account_.sid}, {"ApiVersion", "2010-04-01"}};
  if (error != 0) form.emplace_back("ErrorCode", std::to_string(error));
  return signed_request(sms.callback, form, now);
}

}  // namespace huiyin::simulators
