#pragma once

#include <string>
#include <utility>

#include "adapters/registry.h"
#include "adapters/workchat/group_robot.h"
#include "core/secret.h"

namespace huiyin::workchat {

/// A custom robot in a DingTalk group (钉钉自定义机器人). Its address holds its token; what is posted is signed with
/// its secret (加签), or holds a keyword of it, or comes from an address that it knows: whichever the group's owner
/// chose. A member of a mention is a user id, or a mobile number. The platform takes 20 messages a minute, and is deaf
/// for ten minutes after more. Source: open.dingtalk.com, 自定义机器人接入, 自定义机器人安全设置. Thread-safe: nothing
/// changes after construction.
class DingTalkRobot final : public GroupRobot {
 public:
  struct Config {
    std::string channel{};
    Secret token{};         ///< access_token of the address
    Secret secret{};        ///< `SEC…`; empty: it does not ask for signatures
    std::string keyword{};  ///< what each message must hold; may be empty
    std::string api_url{};
  };
  explicit DingTalkRobot(Config config) : config_(std::move(config)) {}

  [[nodiscard]] Capabilities capabilities() const override;
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                         const Sending& sending) const override;

 private:
  [[nodiscard]] SendResult judge_answer(const HttpReply& reply) const override;

  Config config_;
};

/// Plain base64 of HMAC-SHA256 over `timestamp`, a line feed and `secret`, with `secret` as the key: robots sign so
/// what they are posted, and the platform what it posts to an app.
[[nodiscard]] std::string dingtalk_sign(std::string_view timestamp, const std::string& secret);

Factory make_dingtalk_robot;

}  // namespace huiyin::workchat
