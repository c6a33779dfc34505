#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "adapters/registry.h"
#include "adapters/workchat/feishu_keys.h"
#include "core/secret.h"

namespace huiyin::workchat {

/// An app of a company's Feishu (飞书企业自建应用), by which staff are told and act: events and taps on cards in, by
/// its callback; messages, cards and their changes out, by its API. Without `secret` it only hears. A peer's address is
/// the member's open_id (or the id that `id_type` names).
///
/// - Its callbacks are answered with nothing: what is said goes as a message, and a tapped card is changed, by the API.
/// - Accepted::provider_id is the message's id (`om_…`): put into Card::replaces of a later message to the same member
///   within 14 days, as often as one likes, it changes the card there and then. So does CardTap::response. A change
///   that the platform refuses is sent as words instead.
/// - The platform repeats what was not answered for up to seven hours, and sometimes what was: a message is known by
/// its
///   own id, as one may come as two events.
///
/// Source: open.feishu.cn, 事件订阅, 接收消息, 卡片回传交互, 发送消息, 更新应用发送的消息卡片, 上传图片,
/// 获取消息中的资源文件, 自建应用获取 tenant_access_token. Thread-safe: nothing changes after construction.
class Feishu final : public Channel {
 public:
  struct Config {
    std::string channel{};  ///< `workchat:feishu`
    std::string app_id{};   ///< `cli_…`
    Secret secret{};        ///< App Secret; empty: this app sends nothing
    FeishuKeys keys{};
    std::string tenant_key{};  ///< the company's; empty: whichever the app is of
    std::string id_type{"open_id"};
    std::chrono::seconds timestamp_tolerance{};
    std::string api_url{};
    std::string source{};  ///< stands below each card
  };
  explicit Feishu(Config config) : config_(std::move(config)) {}

  [[nodiscard]] tl::expected<Inbound, Reject> parse(const HttpRequest& request) const override;
  [[nodiscard]] HttpReply acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                                      const Envelope& envelope) const override;
  [[nodiscard]] Capabilities capabilities() const override;
  [[nodiscard]] std::vector<std::string> shortcomings() const override;

  // feishu_send.cpp
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                         const Sending& sending) const override;
  [[nodiscard]] SendResult judge(const HttpReply& reply, const OutboundMessage& message,
                                 const Sending& sending) const override;
  // feishu_account.cpp
  [[nodiscard]] std::optional<HttpCall> compose_credential(bool force) const override;
  [[nodiscard]] tl::expected<Credential, SendResult> judge_credential(const HttpReply& reply, Time now) const override;
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose_fetch(const MediaJob& job,
                                                               const Sending& sending) const override;
  [[nodiscard]] FetchResult judge_fetch(const HttpReply& reply, const MediaJob& job,
                                        const Sending& sending) const override;

  [[nodiscard]] bool can_call() const { return !config_.secret.empty(); }

 private:
  [[nodiscard]] tl::expected<Inbound, Reject> verify_url(const HttpRequest& request) const;
  [[nodiscard]] HttpCall api_call(const std::string& path, const Sending& sending) const;

  Config config_;
};

Factory make_feishu;

}  // namespace huiyin::workchat
