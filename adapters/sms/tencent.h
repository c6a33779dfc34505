#pragma once

#include <string>
#include <string_view>

#include "adapters/registry.h"
#include "adapters/sms/template_cloud.h"
#include "core/secret.h"

namespace huiyin::sms {

/// Tencent Cloud SMS (2021-01-11): approved templates out, signed by TC3-HMAC-SHA256; status reports and replies in by
/// callbacks, which it does not sign: the path carries a secret, `…/<secret>/status` and `…/<secret>/reply` (one URL
/// for both does as well: an array is a status report, an object a reply). Source: cloud.tencent.com, 短信 API 文档
/// SendSms, 签名方法 v3, 错误码, 短信回调说明. Thread-safe: nothing changes after construction.
class Tencent final : public TemplateCloud {
 public:
  struct Config {
    CloudConfig cloud{.api_url = "https://sms.tencentcloudapi.com"};
    std::string region{"ap-guangzhou"};
    std::string secret_id{};
    Secret secret_key{};
    std::string app_id{};  ///< SmsSdkAppId
  };
  explicit Tencent(Config config);

  [[nodiscard]] SendResult judge(const HttpReply& reply, const OutboundMessage& message,
                                 const Sending& sending) const override;

 private:
  [[nodiscard]] Event message_of(const nlohmann::json& item, const std::string& raw, Time received) const override;
  [[nodiscard]] Event receipt_of(const nlohmann::json& item, const std::string& raw, Time received) const override;
  [[nodiscard]] std::string_view confirmation() const override { return R"({"result":0,"errmsg":"OK"})"; }
  [[nodiscard]] HttpCall call_for(const Filled& message, const Sending& sending) const override;

  const std::string region_, secret_id_;
  const Secret secret_key_;
  const std::string app_id_;
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
