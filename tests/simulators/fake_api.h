#pragma once

#include <string>

#include "net/http_client.h"
#include "simulators/wechat_api_server.h"
#include "tests/simulators/fake_account.h"

namespace huiyin::simulators {

/// The API of an account on loopback, with two templates; and its client.
class FakeApi {
 public:
  explicit FakeApi(std::chrono::milliseconds patience = std::chrono::seconds(5)) : http_({.total_timeout = patience}) {
    url_ = server_.start().value();
  }
  FakeApi(const FakeApi&) = delete;
  FakeApi& operator=(const FakeApi&) = delete;
  ~FakeApi() { server_.stop(); }

  static WeChatApi::Config config() {
    WeChatApi::Config config{.app_id = "wx0123456789abcdef", .app_secret = "app-secret"};
    config.templates = {{"SUB1", true, {"character_string1", "thing2"}}, {"TPL1", false, {"thing1", "phrase2"}}};
    return config;
  }
  [[nodiscard]] HttpReply post(const std::string& path, const std::string& body) {
    return http_.call({.url = url_ + path, .body = body});
  }
  [[nodiscard]] HttpReply get(const std::string& path) { return http_.call({.url = url_ + path, .method = "GET"}); }
  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] HttpClient& http() { return http_; }
  WeChatApi& api() { return api_; }
  ManualClock& clock() { return clock_; }

 private:
  ManualClock clock_{Time(Millis(1763890000000))};
  SequenceRandom random_;
  WeChatApi api_{config(), clock_, random_};
  WeChatApiServer server_{api_, clock_};
  HttpClient http_;
  std::string url_;
};

}  // namespace huiyin::simulators
