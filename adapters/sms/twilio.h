#pragma once

#include <string>
#include <utility>
#include <vector>

#include "adapters/channel.h"
#include "adapters/registry.h"
#include "core/secret.h"

namespace huiyin::sms {

/// Twilio's programmable messaging (2010-04-01): SMS and MMS. Its webhooks are signed by X-Twilio-Signature over the
/// public URL: `/hook/sms/<name>` for messages, `/hook/sms/<name>/status` for what became of ours.
/// Source: twilio.com/docs, Messages resource, TwiML for messaging, Webhooks security, Errors and warnings.
/// Thread-safe: nothing changes after construction.
class Twilio final : public Channel {
 public:
  struct Config {
    std::string channel{};
    std::string api_url{"https://api.twilio.com"};
    std::string account_sid{};
    RotatedSecret auth_token{};  ///< webhooks are signed with the account's primary one
    std::string key_sid{};       ///< an API key for sending; empty: account_sid and auth_token
    Secret key_secret{};
    std::string from{};               ///< E.164 or a sender's name; or
    std::string messaging_service{};  ///< MG…
    std::string region{"US"};
    std::string signature{};  ///< put before each text; may be empty
    std::size_t max_parts = 5;
    std::string hook_path{};  ///< `/hook/sms/estate`
    std::string hook_url{};   ///< the same as Twilio calls it, public
    std::vector<std::string> opt_out_words{};
    bool answers_opt_out = true;  ///< Twilio's own handling of STOP is on, as it is by default
    std::vector<std::string> media_hosts{};
  };
  explicit Twilio(Config config) : config_(std::move(config)) {}

  [[nodiscard]] tl::expected<Inbound, Reject> parse(const HttpRequest& request) const override;
  [[nodiscard]] tl::expected<Inbound, Reject> reread(const std::string& raw, Time received) const override;
  [[nodiscard]] HttpReply acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                                      const Envelope& envelope) const override;
  [[nodiscard]] Capabilities capabilities() const override;
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                         const Sending& sending) const override;
  [[nodiscard]] SendResult judge(const HttpReply& reply, const OutboundMessage& message,
                                 const Sending& sending) const override;
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose_fetch(const MediaJob& job,
                                                               const Sending& sending) const override;
  [[nodiscard]] FetchResult judge_fetch(const HttpReply& reply, const MediaJob& job,
                                        const Sending& sending) const override;
  [[nodiscard]] std::vector<std::string> media_hosts() const override { return config_.media_hosts; }
  [[nodiscard]] std::vector<std::string> opt_out_words() const override;
  [[nodiscard]] bool answers_opt_out() const override { return config_.answers_opt_out; }
  [[nodiscard]] int parts_of(const OutboundMessage& message) const override;

 private:
  [[nodiscard]] bool is_signed(const HttpRequest& request, const Fields& form) const;
  [[nodiscard]] tl::expected<Inbound, Reject> parse_message(const HttpRequest& request, const Fields& form) const;
  [[nodiscard]] tl::expected<Inbound, Reject> parse_status(const HttpRequest& request, const Fields& form) const;
  [[nodiscard]] std::string authorization() const;

  Config config_;
};

/// X-Twilio-Signature of a request to `url` with these form fields (none for a GET or a JSON body).
[[nodiscard]] std::string sign_twilio(std::string_view token, std::string_view url, const Fields& form);

/// Does `signature` fit? The URL is tried with and without its default port, as Twilio's own libraries do; where the
/// query has bodySHA256, `body` must have that hash, and the form is not signed.
[[nodiscard]] bool is_signed_by(std::string_view token, const std::string& url, const Fields& form,
                                std::string_view body, std::string_view signature);

Factory make_twilio;

}  // namespace huiyin::sms
