#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "adapters/channel.h"

namespace huiyin::gateway {

/// A protocol whose answers are the results themselves: `accepted`, `accepted as ID`, `again`, `expired`, `closed`,
/// `gone`, `rejected`, `next`; anything else is unknown. The request is `KEY TEXT`.
class PlainChannel final : public Channel {
 public:
  PlainChannel(std::string url, Capabilities capabilities) : url_(std::move(url)), capabilities_(capabilities) {}

  [[nodiscard]] tl::expected<Inbound, Reject> parse(const HttpRequest&) const override {
    return reject(RejectReason::unsupported, "a test");
  }
  [[nodiscard]] HttpReply acknowledge(const Inbound&, const std::optional<OutboundMessage>&,
                                      const Envelope&) const override {
    return {};
  }
  [[nodiscard]] Capabilities capabilities() const override { return capabilities_; }
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                         const Sending& sending) const override {
    if (message.text == "impossible") return tl::unexpected(Rejected{"rule", "it breaks one"});
    return HttpCall{.url = url_ + "/" + std::to_string(sending.step) + sending.credential,
                    .body = message.key + " " + message.to.address + " " + message.text};
  }
  [[nodiscard]] SendResult judge(const HttpReply& reply, const OutboundMessage&, const Sending&) const override {
    if (reply.failure && !reply.request_left) return RetryAfter{{}, *reply.failure};
    if (reply.failure) return Unknown{*reply.failure};
    if (reply.body == "accepted") return Accepted{"p"};
    if (reply.body.starts_with("accepted as ")) return Accepted{reply.body.substr(12)};
    if (reply.body == "again") return RetryAfter{{}, "not now"};
    if (reply.body == "expired") return CredentialExpired{};
    if (reply.body == "closed") return WindowClosed{"45015"};
    if (reply.body == "gone") return PeerGone{"43004"};
    if (reply.body == "rejected") return Rejected{"40008", "never"};
    if (reply.body == "next") return NextStep{"media"};
    if (reply.body == "throws") throw std::runtime_error("a defect");
    return Unknown{reply.body};
  }

 private:
  std::string url_;
  Capabilities capabilities_;
};

}  // namespace huiyin::gateway
