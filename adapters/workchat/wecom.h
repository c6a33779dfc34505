#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/channel.h"
#include "adapters/registry.h"
#include "adapters/wechat/wechat_envelope.h"
#include "core/secret.h"

namespace huiyin::workchat {

constexpr const char* kWeComApiUrl = "https://qyapi.weixin.qq.com";
constexpr const char* kWeComSignInUrl = "https://open.weixin.qq.com";

/// An app of a company's WeCom (企业微信自建应用), by which staff are told and act: its callback's messages, taps and
/// events in, passive replies out; and its API, by which messages are begun, cards changed and media fetched. Without
/// `secret` it only receives and replies. A peer's address is the member's user id, in lower case.
///
/// - A message with a Card and choices is a card with buttons: its id must be letters, digits, `_`, `-`, `@`, and new
///   for each; a tap comes back as CardTap with both. Accepted::provider_id of such a card is what the platform calls
///   response_code: put into Card::replaces of a later message to the same member within 72 h, once, it changes the
///   card there and then. So does CardTap::response. With Card::id (of any value) the whole card is written anew;
///   without it only its buttons go, and Card::title stands in their place. A change that the platform refuses is sent
///   as an ordinary text instead, so that it is not lost: the message's text should say the same.
/// - As the passive reply to a tap, a message with a card changes the tapped card for the one who tapped.
/// - Photos on our disk (MediaReference::file) are uploaded and shown after the rest of the message, three at most;
/// once
///   that rest has arrived, a photo that cannot be shown holds nothing up.
///
/// Source: developer.work.weixin.qq.com, 接收消息与事件, 被动回复消息格式, 发送应用消息, 更新模版卡片消息, 获取
/// access_token, 获取临时素材, 上传临时素材, 构造网页授权链接, 获取访问用户身份, 全局错误码. Thread-safe: nothing
/// changes after construction.
class WeCom final : public Channel {
 public:
  struct Config {
    std::string channel{};      ///< `workchat:wecom`
    std::string corp_id{};      ///< `ww` and 16 hex digits
    std::int64_t agent_id = 0;  ///< the app's AgentId
    RotatedSecret token{};
    std::vector<wechat::AesKey> keys{};  ///< current, previous
    std::chrono::seconds timestamp_tolerance{600};
    Secret secret{};  ///< of the app; empty: this app sends nothing of its own
    std::string api_url{kWeComApiUrl};
    std::string sign_in_url{kWeComSignInUrl};  ///< where its members' browsers are told who they are
    std::vector<std::string> media_hosts{};
    std::string source{};  ///< what stands above each card, 「物业工单」; empty: nothing
  };
  explicit WeCom(Config config) : config_(std::move(config)) {}

  [[nodiscard]] tl::expected<Inbound, Reject> parse(const HttpRequest& request) const override;
  [[nodiscard]] HttpReply acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                                      const Envelope& envelope) const override;
  [[nodiscard]] Capabilities capabilities() const override;
  [[nodiscard]] std::vector<std::string> shortcomings() const override;

  // wecom_judge.cpp
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                         const Sending& sending) const override;
  [[nodiscard]] SendResult judge(const HttpReply& reply, const OutboundMessage& message,
                                 const Sending& sending) const override;
  // wecom_account.cpp
  [[nodiscard]] std::optional<HttpCall> compose_credential(bool force) const override;
  [[nodiscard]] tl::expected<Credential, SendResult> judge_credential(const HttpReply& reply, Time now) const override;
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose_fetch(const MediaJob& job,
                                                               const Sending& sending) const override;
  [[nodiscard]] FetchResult judge_fetch(const HttpReply& reply, const MediaJob& job,
                                        const Sending& sending) const override;
  [[nodiscard]] std::vector<std::string> media_hosts() const override { return config_.media_hosts; }
  // wecom_sign_in.cpp
  [[nodiscard]] std::string sign_in_url(const std::string& back, const std::string& state) const override;
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose_identity(const std::string& code,
                                                                  const Sending& sending) const override;
  [[nodiscard]] tl::expected<std::string, SendResult> judge_identity(const HttpReply& reply) const override;

  [[nodiscard]] bool can_call() const { return !config_.secret.empty(); }

 private:
  [[nodiscard]] wechat::EnvelopeKeys keys() const { return {config_.token, config_.keys, config_.corp_id}; }
  [[nodiscard]] tl::expected<Inbound, Reject> verify_url(const HttpRequest& request) const;
  [[nodiscard]] tl::expected<Inbound, Reject> parse_message(const HttpRequest& request) const;

  Config config_;
};

Factory make_wecom;

}  // namespace huiyin::workchat
