#pragma once

#include <string>
#include <utility>
#include <vector>

#include "adapters/channel.h"
#include "adapters/registry.h"
#include "adapters/sms/callback.h"
#include "core/secret.h"

namespace huiyin::sms {

/// SMS through a Kannel gateway (and so by SMPP, CIMD, modems): its `sms-service` calls our webhook, its `sendsms` page
/// takes what we send. Source: Kannel 1.4.5 User's Guide, tables 7-10 (escape codes), 7-16 and 7-17 (sendsms), chapter
/// 10 (delivery reports).
///
/// Kannel signs nothing, so its URLs carry a secret, which parse() compares first: `…/<secret>/mo?id=%I&from=%p&text=%b
/// &charset=%C&udh=%u&ts=%T` and, made by compose(), `…/<secret>/dlr?key=KEY&dlr=%d`.
/// Thread-safe: nothing changes after construction.
class Kannel final : public Channel {
 public:
  struct Config {
    std::string channel{};  ///< `sms:estate`
    std::string send_url{}, username{}, sender{};
    std::string region{"CN"};  ///< whose numbers have no country code
    std::string signature{};   ///< put before each text as 【signature】; may be empty
    std::size_t max_parts = 5;
    Secret password{};
    CallbackGuard guard{};
    std::string hook_url{};  ///< this channel's webhook as Kannel reaches it
    std::vector<std::string> opt_out_words{};
  };
  explicit Kannel(Config config) : config_(std::move(config)) {}

  [[nodiscard]] tl::expected<Inbound, Reject> parse(const HttpRequest& request) const override;
  [[nodiscard]] tl::expected<Inbound, Reject> reread(const std::string& raw, Time received) const override;
  [[nodiscard]] HttpReply acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                                      const Envelope& envelope) const override;
  [[nodiscard]] Capabilities capabilities() const override;
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                         const Sending& sending) const override;
  [[nodiscard]] SendResult judge(const HttpReply& reply, const OutboundMessage& message,
                                 const Sending& sending) const override;
  [[nodiscard]] std::vector<std::string> opt_out_words() const override { return config_.opt_out_words; }
  [[nodiscard]] int parts_of(const OutboundMessage& message) const override;
  [[nodiscard]] std::vector<std::string> shortcomings() const override;

 private:
  [[nodiscard]] tl::expected<Inbound, Reject> parse_message(const HttpRequest& request, const Fields& fields) const;
  [[nodiscard]] tl::expected<Inbound, Reject> parse_report(const HttpRequest& request, const Fields& fields) const;

  Config config_;
};

/// The text in UTF-8; nothing where it is not valid in the charset that it names, or that is not known.
[[nodiscard]] std::optional<std::string> to_utf8(std::string_view bytes, const std::string& charset);

/// Which part of a long message this user data header says it is (3GPP TS 23.040, 9.2.3.24.1 and .8).
[[nodiscard]] std::optional<TextPart> part_of_header(std::string_view header);

Factory make_kannel;

}  // namespace huiyin::sms
