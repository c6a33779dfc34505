#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/channel.h"
#include "adapters/registry.h"
#include "adapters/wechat/wechat_crypto.h"
#include "adapters/wechat/wechat_envelope.h"
#include "adapters/wechat/wechat_errors.h"
#include "adapters/wechat/wechat_send.h"
#include "adapters/wechat/wechat_template.h"
#include "core/secret.h"

namespace huiyin::wechat {

/// How the console has it: 明文, 兼容, 安全.
enum class Mode { plain, compatible, safe };

/// A WeChat official account: its webhook's messages and events in, passive replies out; and its API, by which messages
/// are begun and media fetched. Without an app_secret it only receives and replies.
/// Source: developers.weixin.qq.com, 接收普通消息, 接收事件推送, 被动回复用户消息, 消息加解密说明;
/// 获取稳定版接口调用凭据, 客服消息, 模板消息, 订阅通知, 获取临时素材. Thread-safe: nothing changes after construction.
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
    Secret app_secret{};  ///< empty: this account sends nothing of its own
    std::string api_url{kApiUrl};
    std::vector<Template> templates{};
    std::string consent_url{};  ///< the account's page with the pop-up of its subscription notices; may be empty
    std::vector<std::string> media_hosts{};  ///< where photos and videos lie; see default_media_hosts()
    std::string menu{};                      ///< the console's menu as JSON for menu/create; empty: none configured
  };
  explicit WeChat(Config config) : config_(std::move(config)) {}

  [[nodiscard]] tl::expected<Inbound, Reject> parse(const HttpRequest& request) const override;
  [[nodiscard]] tl::expected<Inbound, Reject> reread(const std::string& raw, Time received) const override;
  [[nodiscard]] HttpReply acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                                      const Envelope& envelope) const override;
  [[nodiscard]] Capabilities capabilities() const override;
  [[nodiscard]] std::vector<ProviderTemplate> provider_templates() const override;
  [[nodiscard]] std::string consent_url() const override { return config_.consent_url; }
  [[nodiscard]] std::vector<std::string> shortcomings() const override;

  // wechat_judge.cpp
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                         const Sending& sending) const override;
  [[nodiscard]] SendResult judge(const HttpReply& reply, const OutboundMessage& message,
                                 const Sending& sending) const override;
  // wechat_credentials.cpp
  [[nodiscard]] std::optional<HttpCall> compose_credential(bool force) const override;
  [[nodiscard]] tl::expected<Credential, SendResult> judge_credential(const HttpReply& reply, Time now) const override;
  // wechat_media.cpp
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose_fetch(const MediaJob& job,
                                                               const Sending& sending) const override;
  [[nodiscard]] FetchResult judge_fetch(const HttpReply& reply, const MediaJob& job,
                                        const Sending& sending) const override;
  [[nodiscard]] std::vector<std::string> media_hosts() const override { return config_.media_hosts; }

  /// A call of the account's own, for the commands that set the account up.
  [[nodiscard]] HttpCall account_call(std::string_view path, const std::string& credential, std::string body) const {
    return api_call(config_.api_url, path, credential, std::move(body));
  }
  [[nodiscard]] const std::string& menu() const { return config_.menu; }
  [[nodiscard]] bool can_call() const { return !config_.app_secret.empty(); }

 private:
  [[nodiscard]] tl::expected<int, Reject> verify(const HttpRequest& request) const;
  [[nodiscard]] tl::expected<Inbound, Reject> parse_message(const HttpRequest& request, int token) const;
  [[nodiscard]] EnvelopeKeys keys() const { return {config_.token, config_.keys, config_.app_id}; }
  [[nodiscard]] const Template* find_template(const Sending& sending) const;
  [[nodiscard]] SendResult judge_silence(const OutboundMessage& message, const Sending& sending, std::string why) const;
  [[nodiscard]] const Secret& token(int index) const {
    return index == 0 ? config_.token.current : config_.token.previous;
  }

  Config config_;
};

/// The platform's own hosts for photos and videos, plain http among them.
[[nodiscard]] std::vector<std::string> default_media_hosts();

Factory make_wechat;

}  // namespace huiyin::wechat
