#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/channel.h"
#include "adapters/email/mail_parser.h"
#include "adapters/email/mail_tokens.h"

namespace huiyin::email {

/// Mail, in and out. What comes in is handed to parse_raw(): from a mail server's pipe (`huiyin deliver`) or from a
/// mailbox by IMAP. What goes out goes by SMTP. Robots are recognised (RFC 3834) and never answered; DKIM is the mail
/// server's work. Source: sms-and-email.md part E. Thread-safe.
class Email final : public Channel {
 public:
  struct Config {
    std::string channel{};
    std::string address{};    ///< feedback@example.cn
    std::string from_name{};  ///< 「滨江物业」
    RotatedSecret key{};      ///< signs reply addresses and Message-IDs
    bool plus = true;         ///< feedback+anything@ reaches the mailbox
    std::string bounces{};    ///< address for bounces, with plus addressing; empty: the null return path
    std::vector<std::string> trusted_servers{};
    std::string smtp_url{};  ///< empty: the channel only receives
    SmtpEnvelope smtp{};     ///< login and TLS; the addresses are each mail's own
    std::optional<Mailbox> mailbox{};
    std::size_t most_bytes = 50U << 20U;
  };
  explicit Email(Config config);

  [[nodiscard]] tl::expected<Inbound, Reject> parse(const HttpRequest& request) const override;
  [[nodiscard]] tl::expected<Inbound, Reject> parse_raw(const RawMessage& message) const override;
  [[nodiscard]] tl::expected<Inbound, Reject> reread(const std::string& raw, Time received) const override;
  [[nodiscard]] std::optional<Mailbox> mailbox() const override { return config_.mailbox; }
  [[nodiscard]] HttpReply acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                                      const Envelope& envelope) const override;
  [[nodiscard]] Capabilities capabilities() const override;
  [[nodiscard]] std::vector<std::string> shortcomings() const override;
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                         const Sending& sending) const override;
  [[nodiscard]] SendResult judge(const HttpReply& reply, const OutboundMessage& message,
                                 const Sending& sending) const override;

 private:
  [[nodiscard]] Event event_of(Mail& mail, const RawMessage& message, std::vector<std::string>& files) const;
  [[nodiscard]] EventBody report_body(const Mail& mail, const std::vector<std::string>& addresses, Peer& peer) const;
  [[nodiscard]] MailMessage message_of(Mail& mail, const std::vector<std::string>& addresses,
                                       std::vector<std::string>& files) const;
  [[nodiscard]] std::string reply_to(std::int64_t ticket) const;

  Config config_;
  MailTokens tokens_;
  MailOptions options_;
};

}  // namespace huiyin::email
