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

/// Tencent Cloud SMS (2021-01-11): approved templates out, signed by TC3-HMAC-SHA256; status reports and replies in by
/// callbacks, which it does not sign: the path carries a secret, `…/<secret>/status` and `…/<secret>/reply` (one URL
/// for both does as well: an array is a status report, an object a reply). Source: cloud.tencent.com, 短信 API 文档
/// SendSms, 签名方法 v3, 错误码, 短信回调说明. Thread-safe: nothing changes after construction.
class Tencent final : public Channel {
 public:
  struct Config {
    std::string channel{};
    std::string api_url{"https://sms.tencentcloudapi.com"};
    std::string region{"ap-guangzhou"};
    std::string secret_id{};
    Secret secret_key{};
    std::string app_id{};     ///< SmsSdkAppId
    std::string signature{};  ///< approved, without 【】
    std::string extend_code{};
    std::vector<ApprovedTemplate> templates{};
    CallbackGuard guard{};
    std::vector<std::string> opt_out_words{};
  };
  explicit Tencent(Config config) : config_(std::move(config)) {}

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

/// The value of Authorization for a POST of JSON to `/`. `host` is signed as given; the date is the timestamp's in UTC.
struct Tc3Request {
  std::string host{};
  std::string content_type{"application/json"};
  std::string body{};
  Time timestamp{};
};
[[nodiscard]] std::string authorize_tc3(const Tc3Request& request, std::string_view secret_id,
                                        std::string_view secret_key);

Factory make_tencent;

}  // namespace huiyin::sms
