#include "tests/fuzz/fuzz_wechat.h"

#include <cstdlib>
#include <string>

#include "adapters/wechat/wechat_xml.h"
#include "core/text.h"
#include "tests/adapters/wechat/wechat_sending.h"

namespace huiyin::fuzz {
namespace {

using namespace huiyin::wechat;

void require(bool holds) {
  if (!holds) std::abort();
}

class ZeroRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override { std::fill(out.begin(), out.end(), std::byte{0}); }
};

std::string text_of(const std::uint8_t* data, std::size_t size) { return {reinterpret_cast<const char*>(data), size}; }

/// What must hold for whatever was accepted.
void check_accepted(const WeChat& channel, const Inbound& inbound) {
  require(!inbound.events.empty());
  for (const auto& event : inbound.events) {
    require(event.key.starts_with("wechat:main:") && event.key.size() <= 255);
    require(event.peer.channel == "wechat:main" && event.peer.address.size() <= 255);
    if (const auto* text = std::get_if<TextMessage>(&event.body)) require(clean_text(text->text) == text->text);
  }
  ZeroRandom random;
  const OutboundMessage message{.text = inbound.raw + "]]>"};
  const auto reply = channel.acknowledge(inbound, message, {kSent, &random});
  require(reply.body == "success" || parse_xml(reply.body).has_value());
}

}  // namespace

void webhook(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  static const WeChat plain(test_config(Mode::plain)), compatible(test_config(Mode::compatible));
  const auto body = text_of(data + 1, size - 1);
  const auto& channel = (data[0] & 1U) != 0 ? plain : compatible;
  auto request = (data[0] & 2U) != 0 ? encrypted_request(body) : plain_request(body);
  const auto parsed = channel.parse(request);
  if (parsed) check_accepted(channel, *parsed);
  const auto again = channel.parse(decode_http_request(encode(request)));
  require(parsed.has_value() == again.has_value());
  if (parsed) require(parsed->events.front().key == again->events.front().key);
}

void decryption(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  static const auto key = parse_encoding_aes_key(kEncodingAesKey).value();
  const auto input = text_of(data + 1, size - 1);
  if ((data[0] & 1U) == 0) {
    const auto back = decrypt(key, encrypt(key, input, kAppId, Random16{}), kAppId);
    require(back.has_value() == is_valid_utf8(input));
    if (back) require(*back == input);
  } else if (const auto message = decrypt(key, input, kAppId)) {
    require(is_valid_utf8(*message));
  }
}

void judge(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  static const WeChat account(sending_config());
  static const auto message = message_to_owner("好");
  constexpr int kStatuses[] = {200, 204, 302, 400, 404, 429, 500, 502};
  HttpReply reply{.status = kStatuses[data[0] >> 5U], .body = text_of(data + 1, size - 1)};
  if ((data[0] & 16U) != 0) reply.headers = {{"content-type", "text/plain"}, {"retry-after", reply.body}};
  for (const auto way : {Way::push, Way::subscription, Way::template_notice}) {
    const auto result = account.judge(reply, message, sending_by(way));
    if (std::holds_alternative<Accepted>(result)) require(reply.body.find('{') != std::string::npos);
    if (const auto* retry = std::get_if<RetryAfter>(&result))
      require(retry->wait.count() > 0 && retry->wait <= std::chrono::hours(1));
  }
  if (const auto credential = account.judge_credential(reply, kSent))
    require(!credential->value.empty() && credential->expires > kSent);
  const MediaJob job{.media_id = "M"};
  const auto fetched = account.judge_fetch(reply, job, {});
  if (const auto* media = std::get_if<Fetched>(&fetched)) require(media->file_name.empty());
}

}  // namespace huiyin::fuzz
