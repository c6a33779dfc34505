#pragma once

#include <string>
#include <utility>
#include <vector>

#include "adapters/channel.h"
#include "adapters/registry.h"
#include "adapters/sms/callback.h"
#include "adapters/sms/provider_template.h"
#include "core/secret.h"

namespace huiyin::sms {

/// Aliyun's SMS service (dysmsapi 2017-05-25): approved templates out, signed by ACS3-HMAC-SHA256; replies and receipts
/// in by its HTTP pushes SmsUp and SmsReport, which it does not sign: the path carries a secret, `…/<secret>/up` and
/// `…/<secret>/report`. Source: help.aliyun.com, SendSms, V3 版本请求体&签名机制, HTTP 批量推送模式, API 错误码.
/// Thread-safe: nothing changes after construction.
class Aliyun final : public Channel {
 public:
  struct Config {
    std::string channel{};  ///< `sms:estate`
    std::string api_url{"https://dysmsapi.aliyuncs.com"};
    std::string access_key_id{};
    Secret access_key_secret{};
    std::string signature{};  ///< approved, without 【】
    std::string extend_code{};
    std::vector<ApprovedTemplate> templates{};
    CallbackGuard guard{};
    std::vector<std::string> opt_out_words{};
  };
  explicit Aliyun(Config config) : config_(std::move(config)) {}

  [[nodiscard]] tl::expected<Inbound, Reject> parse(const HttpRequest& request) const override;
  [[nodiscard]] HttpReply acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                                      const Envelope& envelope) const override;
  [[nodiscard]] Capabilities capabilities() const override;
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                         const Sending& sending) const override;
  [[nodiscard]] SendResult judge(const HttpReply& reply, const OutboundMessage& message,
                                 const Sending& sending) const override;
  [[nodiscard]] std::vector<std::string> opt_out_words() const override { return config_.opt_out_words; }
  [[nodiscard]] int parts_of(const OutboundMessage& message) const override;
  [[nodiscard]] std::optional<std::vector<std::string>> carried() const override {
    return carried_names(config_.templates);
  }
  [[nodiscard]] std::vector<std::string> shortcomings() const override;

 private:
  Config config_;
};

/// What ACS3-HMAC-SHA256 signs: all that goes into the header Authorization.
struct AcsRequest {
  std::string method{"POST"};
  Fields query{};
  Fields headers{};  ///< names in lower case; host, content-type and x-acs-* are signed, others are not
  std::string body{};
};
/// The value of Authorization, without the key's id read from anywhere else.
[[nodiscard]] std::string authorize_acs(const AcsRequest& request, std::string_view key_id, std::string_view secret);

Factory make_aliyun;

}  // namespace huiyin::sms
