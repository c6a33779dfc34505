#pragma once

#include <functional>
#include <set>
#include <string>

#include "net/http_client.h"
#include "net/http_server.h"
#include "simulators/wecom_server.h"
#include "tests/simulators/fake_account.h"

namespace huiyin::simulators {

/// WeCom on loopback: its API with a few members, and the callback of an app that answers as it is told.
class FakeWeCom {
 public:
  using Serve = std::function<HttpReply(const HttpRequest&)>;
  explicit FakeWeCom(Serve serve = [](const HttpRequest&) { return HttpReply{}; }) : serve_(std::move(serve)) {
    hook_.handle([this](const HttpRequest& request) { return serve_(request); });
    hook_port_ = hook_.start().value();
    platform_.emplace(platform_config(hook_port_), api_, clock_, random_);
    server_.emplace(api_, &*platform_, clock_);
    url_ = server_->start().value();
  }
  FakeWeCom(const FakeWeCom&) = delete;
  FakeWeCom& operator=(const FakeWeCom&) = delete;
  ~FakeWeCom() {
    server_->stop();
    hook_.stop();
  }

  static WeComApi::Config config() {
    WeComApi::Config config{.corp_id = "ww0123456789abcdef", .secret = "app-secret"};
    config.members = {"zhangsan", "lisi"};
    config.robots = {"0b1c2d3e"};
    return config;
  }
  static WeComPlatform::Config platform_config(int port) {
    return {.token = "huiyinCorpToken",
            .encoding_aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
            .corp_id = "ww0123456789abcdef",
            .hook_url = "http://127.0.0.1:" + std::to_string(port) + "/hook/workchat/wecom",
            .patience = std::chrono::milliseconds(500)};
  }
  [[nodiscard]] HttpReply post(const std::string& path, const std::string& body) {
    return http_.call({.url = url_ + path, .body = body});
  }
  [[nodiscard]] HttpReply get(const std::string& path) { return http_.call({.url = url_ + path, .method = "GET"}); }
  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] HttpClient& http() { return http_; }
  WeComApi& api() { return api_; }
  WeComPlatform& platform() { return *platform_; }
  ManualClock& clock() { return clock_; }

 private:
  Serve serve_;
  ManualClock clock_{Time(Millis(1763890000000))};
  SequenceRandom random_;
  WeComApi api_{config(), clock_, random_};
  HttpServer hook_{{}, clock_};
  int hook_port_ = 0;
  std::optional<WeComPlatform> platform_;
  std::optional<WeComServer> server_;
  HttpClient http_;
  std::string url_;
};

}  // namespace huiyin::simulators
