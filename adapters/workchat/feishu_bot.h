#pragma once

#include <string>
#include <utility>

#include "adapters/registry.h"
#include "adapters/workchat/group_robot.h"
#include "core/secret.h"

namespace huiyin::workchat {

/// A custom bot in a Feishu group (飞书自定义机器人). Its address ends with its key; what is posted is signed with its
/// secret (签名校验), or holds a keyword of it, or comes from an address that it knows. A member of a mention is an
/// open_id. The platform takes 100 messages a minute and 5 a second.
/// Source: open.feishu.cn, 自定义机器人使用指南. Thread-safe: nothing changes after construction.
class FeishuBot final : public GroupRobot {
 public:
  struct Config {
    std::string channel{};
    Secret key{};           ///< what stands after /hook/ in the address
    Secret secret{};        ///< empty: it does not ask for signatures
    std::string keyword{};  ///< what each message must hold; may be empty
    std::string api_url{};
    std::string source{};  ///< stands below each card
  };
  explicit FeishuBot(Config config) : config_(std::move(config)) {}

  [[nodiscard]] Capabilities capabilities() const override;
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                         const Sending& sending) const override;

 private:
  [[nodiscard]] SendResult judge_answer(const HttpReply& reply) const override;

  Config config_;
};

/// Plain base64 of HMAC-SHA256 over nothing, with `timestamp` (seconds), a line feed and `secret` as the key: unlike
/// DingTalk, where the secret is the key.
[[nodiscard]] std::string feishu_sign(std::string_view timestamp, const std::string& secret);

Factory make_feishu_bot;

}  // namespace huiyin::workchat
