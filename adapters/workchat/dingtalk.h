#pragma once

#include <string>
#include <utility>
#include <vector>

#include "adapters/registry.h"
#include "core/secret.h"

namespace huiyin::workchat {

constexpr const char* kDingTalkApiUrl = "https://api.dingtalk.com";

/// The robot of an app of a company's DingTalk (钉钉企业内部应用机器人), by which staff are told and act: what they
/// write to it comes by its HTTP callback, and it writes to each of them by the API. A peer's address is the member's
/// user id.
///
/// Nothing on its cards can be tapped but links: each is the ticket's page, and what can be answered stands below. A
/// card that was sent is not changed; the news goes as words.
///
/// The platform's signature covers neither the body nor a nonce: within an hour whoever saw one request's headers can
/// sign any body. So the company, the app's robot and the sender's own company are checked, and an answer goes to the
/// member by the API, never to the `sessionWebhook` that the body names: that could be anybody's.
///
/// Source: open.dingtalk.com, 机器人接收消息, 机器人批量发送单聊消息, 下载机器人接收消息的文件内容,
/// 获取企业内部应用的 accessToken. Thread-safe: nothing changes after construction.
class DingTalk final : public Channel {
 public:
  struct Config {
    std::string channel{};     ///< `workchat:dingtalk`
    std::string corp_id{};     ///< `ding…`
    std::string app_key{};     ///< AppKey, now Client ID
    std::string robot_code{};  ///< mostly the same
    RotatedSecret secret{};    ///< AppSecret: what callbacks are signed with, and tokens asked for
    std::string api_url{};
    std::vector<std::string> media_hosts{};
  };
  explicit DingTalk(Config config) : config_(std::move(config)) {}

  [[nodiscard]] tl::expected<Inbound, Reject> parse(const HttpRequest& request) const override;
  [[nodiscard]] HttpReply acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                                      const Envelope& envelope) const override;
  [[nodiscard]] Capabilities capabilities() const override;

  // dingtalk_send.cpp
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                         const Sending& sending) const override;
  [[nodiscard]] SendResult judge(const HttpReply& reply, const OutboundMessage& message,
                                 const Sending& sending) const override;
  [[nodiscard]] std::optional<HttpCall> compose_credential(bool force) const override;
  [[nodiscard]] tl::expected<Credential, SendResult> judge_credential(const HttpReply& reply, Time now) const override;
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose_fetch(const MediaJob& job,
                                                               const Sending& sending) const override;
  [[nodiscard]] FetchResult judge_fetch(const HttpReply& reply, const MediaJob& job,
                                        const Sending& sending) const override;
  [[nodiscard]] std::vector<std::string> media_hosts() const override { return config_.media_hosts; }

 private:
  Config config_;
};

Factory make_dingtalk;

}  // namespace huiyin::workchat
