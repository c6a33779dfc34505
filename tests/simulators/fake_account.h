#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/random.h"
#include "net/http_server.h"
#include "simulators/wechat_platform.h"

namespace huiyin::simulators {

/// Different bytes each time, the same in every run.
class SequenceRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override {
    const std::scoped_lock lock(mutex_);
    for (auto& byte : out) {
      state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
      byte = static_cast<std::byte>(state_ >> 56U);
    }
  }

 private:
  std::mutex mutex_;
  std::uint64_t state_ = 42;
};

/// An account's hook on loopback that answers as it is told, and a platform that talks to it.
class FakeAccount {
 public:
  using Handler = std::function<HttpReply(const HttpRequest&, int number)>;  ///< number: 1 for the first request

  explicit FakeAccount(Handler handler, WeChatMode mode = WeChatMode::plain,
                       std::chrono::milliseconds patience = std::chrono::seconds(5)) {
    server_.handle([this, handler = std::move(handler)](const HttpRequest& request) {
      int number = 0;
      {
        const std::scoped_lock lock(mutex_);
        requests_.push_back(request);
        number = static_cast<int>(requests_.size());
      }
      return handler(request, number);
    });
    config_.token = "huiyinTestToken";
    config_.encoding_aes_key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
    config_.app_id = "wx0123456789abcdef";
    config_.account_id = "gh_0123456789ab";
    config_.mode = mode;
    config_.patience = patience;
    config_.hook_url = "http://127.0.0.1:" + std::to_string(server_.start().value()) + "/hook/wechat/main";
  }
  /// Stops the hook first: a handler may still be writing here.
  ~FakeAccount() { server_.stop(); }
  FakeAccount(const FakeAccount&) = delete;
  FakeAccount& operator=(const FakeAccount&) = delete;

  [[nodiscard]] const WeChatPlatform::Config& config() const { return config_; }
  WeChatPlatform& platform() {
    if (!platform_) platform_ = std::make_unique<WeChatPlatform>(config_, clock_, random_);
    return *platform_;
  }
  [[nodiscard]] std::vector<HttpRequest> requests() {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }
  void stop() { server_.stop(); }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  [[nodiscard]] Random& random() { return random_; }

 private:
  ManualClock clock_{Time(Millis(1763890000000))};
  SequenceRandom random_;
  std::mutex mutex_;
  std::vector<HttpRequest> requests_;
  HttpServer server_{{}, clock_};
  WeChatPlatform::Config config_;
  std::unique_ptr<WeChatPlatform> platform_;
};

}  // namespace huiyin::simulators
