#include "simulators/sms_phones.h"

#include <thread>

namespace huiyin::simulators {
namespace {

HttpCall json_call(std::string url, std::string body) {
  return {.url = std::move(url), .body = std::move(body), .headers = {{"Content-Type", "application/json"}}};
}

/// A request as it would arrive, as the call that brings it.
HttpCall call_of(const HttpRequest& request, std::string url) {
  return {.url = std::move(url),
          .body = request.body,
          .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"},
                      {"X-Twilio-Signature", std::string(request.header("x-twilio-signature"))}}};
}

}  // namespace

PhoneProvider phones_of(AliyunCloud& cloud, const std::string& hook_url) {
  return {.handle = [&cloud](const HttpRequest& request) { return cloud.handle(request); },
          .sent = [&cloud]() -> const std::vector<SentSms>& { return cloud.sent(); },
          .reply =
              [&cloud, hook_url](const std::string& number, const std::string& words, Time now) {
                return json_call(hook_url + "/up", cloud.replies({{number, words}}, now));
              },
          .report = [&cloud, hook_url](
                        std::size_t message,
                        Time now) { return json_call(hook_url + "/report", cloud.reports(message, true, now)); }};
}

PhoneProvider phones_of(TencentCloud& cloud, const std::string& hook_url) {
  return {
      .handle = [&cloud](const HttpRequest& request) { return cloud.handle(request); },
      .sent = [&cloud]() -> const std::vector<SentSms>& { return cloud.sent(); },
      .reply = [hook_url](const std::string& number, const std::string& words,
                          Time now) { return json_call(hook_url + "/reply", TencentCloud::reply(number, words, now)); },
      .report = [&cloud, hook_url](
                    std::size_t message,
                    Time now) { return json_call(hook_url + "/status", cloud.statuses(message, true, false, now)); }};
}

PhoneProvider phones_of(TwilioCloud& cloud) {
  return {.handle = [&cloud](const HttpRequest& request) { return cloud.handle(request); },
          .sent = [&cloud]() -> const std::vector<SentSms>& { return cloud.sent(); },
          .reply = [&cloud](const std::string& number, const std::string& words,
                            Time now) { return call_of(cloud.message(number, words, now), cloud.inbound_url()); },
          .report =
              [&cloud](std::size_t message, Time now) {
                return call_of(cloud.status(message, "delivered", now), cloud.sent().at(message).callback);
              }};
}

SmsPhones::SmsPhones(const Clock& clock, int port) : clock_(clock), server_({.port = port}, clock) {
  server_.handle([this](const HttpRequest& request) { return serve(request); });
}

HttpReply SmsPhones::serve(const HttpRequest& request) {
  HttpReply answer{.status = 503};
  std::optional<HttpCall> report;
  {
    const std::lock_guard lock(mutex_);
    if (!provider_.handle) return answer;
    const auto before = provider_.sent().size();
    answer = provider_.handle(request);
    if (reports_first_ && provider_.sent().size() > before) report = provider_.report(before, clock_.now());
  }
  if (report) static_cast<void>(call(*report));
  return answer;
}

void SmsPhones::report_before_answering() {
  const std::lock_guard lock(mutex_);
  reports_first_ = true;
}

Expected<std::string> SmsPhones::start() {
  const auto port = server_.start();
  if (!port) return tl::unexpected(port.error());
  return "http://127.0.0.1:" + std::to_string(*port);
}

void SmsPhones::connect(PhoneProvider provider) {
  const std::lock_guard lock(mutex_);
  provider_ = std::move(provider);
}

std::optional<std::string> SmsPhones::wait_for(const std::string& number, std::size_t seen,
                                               std::chrono::milliseconds within) {
  const auto give_up = std::chrono::steady_clock::now() + within;
  do {
    std::optional<HttpCall> report;
    std::optional<std::string> text;
    {
      const std::lock_guard lock(mutex_);
      const auto& sent = provider_.sent();
      std::size_t before = 0;
      for (std::size_t i = 0; i < sent.size() && !text; ++i)
        if (sent[i].to == number && before++ == seen) {
          text = sent[i].text;
          if (!reports_first_) report = provider_.report(i, clock_.now());
        }
    }
    if (report) static_cast<void>(call(*report));
    if (text) return text;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  } while (std::chrono::steady_clock::now() < give_up);
  return std::nullopt;
}

std::string SmsPhones::says(const std::string& number, const std::string& words) {
  std::optional<HttpCall> reply;
  {
    const std::lock_guard lock(mutex_);
    reply = provider_.reply(number, words, clock_.now());
  }
  return call(*reply);
}

std::vector<std::string> SmsPhones::shown(const std::string& number) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> out;
  for (const auto& one : provider_.sent())
    if (one.to == number) out.push_back(one.text);
  return out;
}

std::string SmsPhones::call(const HttpCall& call) {
  const auto answer = client_.call(call);
  if (answer.failure) return *answer.failure;
  return answer.status == 200 ? std::string() : "the webhook answered " + std::to_string(answer.status);
}

}  // namespace huiyin::simulators
