#pragma once

#include "adapters/channel.h"
#include "config/config.h"

namespace huiyin::web {

/// Messages to a system of the company's own: a pager, an app's push service, an SMS gateway that it runs. Each is one
/// POST of JSON: `{"key","to","text","template","data":{…},"locale"}`, with `Idempotency-Key: <key>` and, where a token
/// is configured, `Authorization: Bearer <token>`. The other side has to know a repeat by the key.
///
/// It answers 2xx with nothing or with a JSON object (`{"id":"…"}` names the message, `{"error":"…"}` refuses it); 429
/// or 503, with Retry-After where it knows; 410 for a destination that is gone; another 4xx for a message that it will
/// never take. Nothing is received: parse() refuses all.
/// Thread-safe: nothing changes after construction.
class Webhook final : public Channel {
 public:
  struct Config {
    std::string url{};
    Secret token{};  ///< empty: none is sent
  };
  explicit Webhook(Config config) : config_(std::move(config)) {}

  [[nodiscard]] tl::expected<Inbound, Reject> parse(const HttpRequest& request) const override;
  [[nodiscard]] HttpReply acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                                      const Envelope& envelope) const override;
  [[nodiscard]] Capabilities capabilities() const override { return {.sends = true, .idempotent = true}; }
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                         const Sending& sending) const override;
  [[nodiscard]] SendResult judge(const HttpReply& reply, const OutboundMessage& message,
                                 const Sending& sending) const override;

 private:
  Config config_;
};

}  // namespace huiyin::web
