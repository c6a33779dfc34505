#include "adapters/workchat/group_robot.h"

#include <utility>

#include "adapters/safe_url.h"
#include "adapters/workchat/card_words.h"
#include "adapters/workchat/remedy.h"

namespace huiyin::workchat {

tl::expected<Inbound, Reject> GroupRobot::parse(const HttpRequest& /*request*/) const {
  return reject(RejectReason::unsupported, "a group robot hears nothing");
}

HttpReply GroupRobot::acknowledge(const Inbound& /*inbound*/, const std::optional<OutboundMessage>& /*message*/,
                                  const Envelope& /*envelope*/) const {
  return {.status = status_of(RejectReason::unsupported)};
}

Capabilities GroupRobot::speaks(std::size_t max_bytes, int per_minute, int per_second) {
  return {.max_bytes = max_bytes,
          .owner_may_begin = false,
          .sends = true,
          .staff = true,
          .group = true,
          .per_minute = per_minute,
          .per_second = per_second};
}

SendResult GroupRobot::judge(const HttpReply& reply, const OutboundMessage& /*message*/,
                             const Sending& /*sending*/) const {
  return reply.failure ? judge_failure(reply) : judge_answer(reply);
}

tl::expected<std::vector<std::string_view>, Rejected> mentioned(const OutboundMessage& message) {
  auto members = mentions_in(message.to.address);
  if (!members) return tl::unexpected(Rejected{"mention", "the address is not group, @all, or ids joined by |"});
  return *std::move(members);
}

Rejected says_nothing() { return {.code = "empty", .why = "nothing that a group robot can be sent"}; }

HttpCall json_call(std::string url, std::string body, Fields more_headers) {
  HttpCall call{.url = std::move(url), .body = std::move(body), .headers = std::move(more_headers)};
  call.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  return call;
}

std::string read_api_url(StanzaReader& read, const char* fallback, std::string_view key) {
  auto url = read.url(key, fallback);
  if (!url.empty() && !is_safe_url(url))
    read.complain(key, "plain http would carry secrets in clear", "Write https://, or http:// to this machine");
  return url;
}

}  // namespace huiyin::workchat
