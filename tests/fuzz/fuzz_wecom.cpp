#include "tests/fuzz/fuzz_wecom.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "adapters/wechat/wechat_xml.h"
#include "core/text.h"
#include "tests/adapters/workchat/wecom_requests.h"

namespace huiyin::fuzz {
namespace {

using workchat::callback;
using workchat::kSent;
using workchat::message_to_staff;
using workchat::sealed_request;
using workchat::sending_now;
using workchat::test_config;
using workchat::ticket_card;
using workchat::WeCom;

void require(bool holds) {
  if (!holds) std::abort();
}

class ZeroRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override { std::fill(out.begin(), out.end(), std::byte{0}); }
};

/// What must hold for whatever was accepted.
void check_accepted(const WeCom& app, const Inbound& inbound) {
  require(inbound.events.size() == 1);
  const auto& event = inbound.events.front();
  require(event.key.starts_with("workchat:wecom:") && event.key.size() <= 255);
  require(event.peer.channel == "workchat:wecom" && event.peer.address.size() <= 64);
  if (const auto* text = std::get_if<TextMessage>(&event.body)) require(clean_text(text->text) == text->text);
  ZeroRandom random;
  auto message = ticket_card();
  message.card.title = message.text = inbound.raw + "]]>";
  message.choices.front().label = inbound.raw;
  const auto reply = app.acknowledge(inbound, message, {kSent, &random});
  require(reply.body.empty() || wechat::parse_xml(reply.body).has_value());
}

void check_answer(const WeCom& app, const std::string& body) {
  const HttpReply reply{.body = body};
  for (const auto& message : {ticket_card(), message_to_staff("x")}) {
    const auto result = app.judge(reply, message, sending_now());
    if (std::holds_alternative<Accepted>(result)) require(body.find('{') != std::string::npos);
    if (const auto* retry = std::get_if<RetryAfter>(&result)) require(retry->wait.count() > 0);
  }
  if (const auto credential = app.judge_credential(reply, kSent)) require(!credential->value.empty());
}

}  // namespace

void wecom(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  static const WeCom app(test_config());
  const std::string input(reinterpret_cast<const char*>(data + 1), size - 1);
  if (data[0] % 4 == 3) return check_answer(app, input);
  auto request = data[0] % 4 == 0 ? callback(input) : sealed_request(input);
  if (data[0] % 4 == 2) {
    request.method = "GET";
    request.query += "&echostr=" + url_encode(input);
  }
  const auto parsed = app.parse(request);
  require(!parsed || data[0] % 4 == 0);  // nobody but the platform has the key
  if (!parsed) return;
  check_accepted(app, *parsed);
  const auto again = app.parse(decode_http_request(encode(request)));
  require(again.has_value() && again->events.front().key == parsed->events.front().key);
}

}  // namespace huiyin::fuzz
