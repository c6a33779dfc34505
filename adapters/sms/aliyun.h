#pragma once

#include <string>
#include <string_view>

#include "adapters/registry.h"
#include "adapters/sms/template_cloud.h"
#include "core/secret.h"

namespace huiyin::sms {

/// Aliyun's SMS service (dysmsapi 2017-05-25): approved templates out, signed by ACS3-HMAC-SHA256; replies and receipts
/// in by its HTTP pushes SmsUp and SmsReport, which it does not sign: the path carries a secret, `…/<secret>/up` and
/// `…/<secret>/report`. Source: help.aliyun.com, SendSms, V3 版本请求体&签名机制, HTTP 批量推送模式, API 错误码.
/// Thread-safe: nothing changes after construction.
class Aliyun final : public TemplateCloud {
 public:
  struct Config {
    CloudConfig cloud{.api_url = "https://dysmsapi.aliyuncs.com"};
    std::string access_key_id{};
    Secret access_key_secret{};
  };
  explicit Aliyun(Config config);

  [[nodiscard]] SendResult judge(const HttpReply& reply, const OutboundMessage& message,
                                 const Sending& sending) const override;

 private:
  [[nodiscard]] Event message_of(const nlohmann::json& item, const std::string& raw, Time received) const override;
  [[nodiscard]] Event receipt_of(const nlohmann::json& item, const std::string& raw, Time received) const override;
  [[nodiscard]] std::string_view confirmation() const override { return R"({"code":0,"msg":"接收成功"})"; }
  [[nodiscard]] std::string_view probe_answer() const override { return R"({"code":0,"msg":"成功"})"; }
  [[nodiscard]] HttpCall call_for(const Filled& message, const Sending& sending) const override;

  const std::string access_key_id_;
  const Secret access_key_secret_;
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
