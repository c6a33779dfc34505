#pragma once

#include <memory>
#include <string>
#include <utility>

#include "adapters/registry.h"
#include "adapters/workchat/group_robot.h"
#include "core/secret.h"

namespace huiyin::workchat {

/// A robot in a WeCom group (群机器人, now 消息推送). Its address holds its key, which is its only protection, so the
/// key is a secret. The platform takes 20 messages a minute.
/// Source: developer.work.weixin.qq.com, 群机器人配置说明. Thread-safe: nothing changes after construction.
class WeComRobot final : public GroupRobot {
 public:
  struct Config {
    std::string channel{};
    Secret key{};  ///< the UUID of the webhook's address
    std::string api_url{};
    std::string source{};  ///< what stands above each card
  };
  explicit WeComRobot(Config config) : config_(std::move(config)) {}

  [[nodiscard]] Capabilities capabilities() const override;
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                         const Sending& sending) const override;

 private:
  [[nodiscard]] SendResult judge_answer(const HttpReply& reply) const override;

  Config config_;
};

Factory make_wecom_robot;

}  // namespace huiyin::workchat
