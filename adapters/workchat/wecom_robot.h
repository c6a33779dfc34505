#pragma once

#include <memory>
#include <string>
#include <utility>

#include "adapters/channel.h"
#include "adapters/registry.h"
#include "core/secret.h"

namespace huiyin::workchat {

/// A robot in a WeCom group (群机器人, now 消息推送): it speaks and does not hear. Its address holds its key, which is
/// its only protection, so the key is a secret. A peer's address says whom to mention: `group` nobody, `@all`
/// everybody, else user ids joined by `|`. The platform takes 20 messages a minute; a repeat is shown twice, so
/// nothing is sent again blindly.
/// Source: developer.work.weixin.qq.com, 群机器人配置说明. Thread-safe: nothing changes after construction.
class WeComRobot final : public Channel {
 public:
  struct Config {
    std::string channel{};
    Secret key{};  ///< the UUID of the webhook's address
    std::string api_url{};
    std::string source{};  ///< what stands above each card
  };
  explicit WeComRobot(Config config) : config_(std::move(config)) {}

  [[nodiscard]] tl::expected<Inbound, Reject> parse(const HttpRequest& request) const override;
  [[nodiscard]] HttpReply acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                                      const Envelope& envelope) const override;
  [[nodiscard]] Capabilities capabilities() const override;
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                         const Sending& sending) const override;
  [[nodiscard]] SendResult judge(const HttpReply& reply, const OutboundMessage& message,
                                 const Sending& sending) const override;

 private:
  Config config_;
};

Factory make_wecom_robot;

}  // namespace huiyin::workchat
