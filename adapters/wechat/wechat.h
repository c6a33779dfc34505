#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "adapters/channel.h"
#include "adapters/registry.h"
#include "adapters/wechat/wechat_crypto.h"
#include "core/secret.h"

namespace huiyin::wechat {

/// How the console has it: 明文, 兼容, 安全.
enum class Mode { plain, compatible, safe };

/// A WeChat official account: its webhook's messages and events in, passive replies out.
/// Source: developers.weixin.qq.com, 接收普通消息, 接收事件推送, 被动回复用户消息, 消息加解密说明.
/// Thread-safe: nothing changes after construction.
class WeChat final : public Channel {
 public:
  struct Config {
    std::string channel{};     ///< `wechat:main`
    std::string app_id{};      ///< `wx` and 16 hex digits
    std::string account_id{};  ///< `gh_…`; empty: any is taken
    Mode mode = Mode::safe;
    RotatedSecret token{};
    std::vector<AesKey> keys{};  ///< current, previous; empty in plain mode
    std::chrono::seconds timestamp_tolerance{600};
  };
  explicit WeChat(Config config) : config_(std::move(config)) {}

  [[nodiscard]] tl::expected<Inbound, Reject> parse(const HttpRequest& request) const override;
  [[nodiscard]] HttpReply acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                                      const Envelope& envelope) const override;
  [[nodiscard]] Capabilities capabilities() const override;

 private:
  struct Opened {
    std::string xml{};
    int key = -1;
  };
  [[nodiscard]] tl::expected<int, Reject> verify(const HttpRequest& request) const;
  [[nodiscard]] tl::expected<Inbound, Reject> parse_message(const HttpRequest& request, int token) const;
  [[nodiscard]] tl::expected<Opened, Reject> open(const HttpRequest& request, const std::string& encrypted) const;
  [[nodiscard]] std::string seal(const std::string& xml, const ReplyContext& context, const Envelope& envelope) const;
  [[nodiscard]] const Secret& token(int index) const {
    return index == 0 ? config_.token.current : config_.token.previous;
  }

  Config config_;
};

Factory make_wechat;

}  // namespace huiyin::wechat
