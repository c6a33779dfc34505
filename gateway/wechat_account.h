#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/wechat/wechat.h"
#include "config/config.h"
#include "gateway/cli.h"
#include "net/http_client.h"

namespace huiyin::gateway {

/// An account's API, as commands at the shell need it: one token, a few calls, words where one is refused. Not
/// thread-safe.
class WeChatAccount {
 public:
  /// The channel called `name`, or the only one of WeChat; nothing, with a complaint, where there is none.
  [[nodiscard]] static std::unique_ptr<WeChatAccount> open(const Config& config, const std::string& name,
                                                           Console console);

  [[nodiscard]] const std::string& menu() const { return wechat_.menu(); }
  /// Gets the access token. Unforced: the platform hands out the one that a running daemon uses.
  [[nodiscard]] bool enter();
  /// The answer; nothing, with a complaint, where the call is refused.
  [[nodiscard]] std::optional<std::string> call(std::string_view path, const std::string& body,
                                                const char* method = "POST");

 private:
  WeChatAccount(std::unique_ptr<Channel> channel, const wechat::WeChat& wechat, Console console)
      : channel_(std::move(channel)), wechat_(wechat), console_(console) {}

  std::unique_ptr<Channel> channel_;
  const wechat::WeChat& wechat_;
  Console console_;
  HttpClient http_;
  std::string token_;
};

}  // namespace huiyin::gateway
