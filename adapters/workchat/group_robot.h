#pragma once

#include <string>
#include <vector>

#include "adapters/channel.h"
#include "config/config.h"

namespace huiyin::workchat {

/// A robot in a group of a work chat: an address that is posted to. It speaks and does not hear; what it takes is shown
/// at once, and a repeat is shown twice, so nothing is sent again blindly. A peer's address says whom to mention
/// (mentions_in). Its card leads to the ticket's page, as nothing comes back from it.
class GroupRobot : public Channel {
 public:
  [[nodiscard]] tl::expected<Inbound, Reject> parse(const HttpRequest& request) const final;
  [[nodiscard]] HttpReply acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                                      const Envelope& envelope) const final;
  [[nodiscard]] SendResult judge(const HttpReply& reply, const OutboundMessage& message,
                                 const Sending& sending) const final;

 protected:
  /// `max_bytes` of a text, and how many messages the platform takes a minute, with room for what other programs say.
  [[nodiscard]] static Capabilities speaks(std::size_t max_bytes, int per_minute, int per_second = 0);
  /// The platform's own answer: reply.failure is not set.
  [[nodiscard]] virtual SendResult judge_answer(const HttpReply& reply) const = 0;
};

/// Whom the message mentions, or why it cannot be sent so.
[[nodiscard]] tl::expected<std::vector<std::string_view>, Rejected> mentioned(const OutboundMessage& message);
/// What robots refuse alike: a message that says nothing.
[[nodiscard]] Rejected says_nothing();
/// A POST of JSON.
[[nodiscard]] HttpCall json_call(std::string url, std::string body, Fields more_headers = {});

/// `api_url` of a stanza: https, or http to this machine.
[[nodiscard]] std::string read_api_url(StanzaReader& read, const char* fallback, std::string_view key = "api_url");

}  // namespace huiyin::workchat
