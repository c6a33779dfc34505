#include "bench/load_echo.h"

#include <functional>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>

#include "adapters/wechat/wechat.h"

namespace huiyin::bench {
namespace {

class FastRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override {
    thread_local std::mt19937_64 engine{std::hash<std::thread::id>{}(std::this_thread::get_id())};
    for (auto& byte : out) byte = static_cast<std::byte>(engine());
  }
};

wechat::WeChat::Config adapter_config(const HookAccount& account) {
  wechat::WeChat::Config config{.channel = "wechat:main", .app_id = account.app_id, .account_id = account.account_id};
  config.token.current = Secret(account.token);
  config.keys = {account.key};
  return config;
}

}  // namespace

struct EchoHook::Impl {
  Impl(const HookAccount& account, const Clock& clock_given, Keep keep_given)
      : clock(clock_given), keep(std::move(keep_given)), channel(adapter_config(account)), server({}, clock) {
    server.handle([this](const HttpRequest& request) { return answer(request); });
    const auto started = server.start();
    if (!started) throw std::runtime_error(describe(started.error()));
    port = *started;
  }
  HttpReply answer(const HttpRequest& request) {
    const auto inbound = channel.parse(request);
    if (!inbound) return {.status = status_of(inbound.error().reason)};
    if (keep) keep(inbound->events.front());
    // Of the owner, so that a repeat is answered the same.
    const auto number = std::hash<std::string>{}(inbound->events.front().peer.address) % 1'000'000'000 + 1;
    const OutboundMessage message{.text = "已受理，工单号 HY" + std::to_string(number) + "-0"};
    return channel.acknowledge(*inbound, message, {clock.now(), &random});
  }

  const Clock& clock;
  Keep keep;
  wechat::WeChat channel;
  FastRandom random;
  HttpServer server;
  int port = 0;
};

EchoHook::EchoHook(const HookAccount& account, const Clock& clock, Keep keep)
    : impl_(std::make_unique<Impl>(account, clock, std::move(keep))) {}
EchoHook::~EchoHook() = default;
int EchoHook::port() const { return impl_->port; }

}  // namespace huiyin::bench
