#include "tests/fuzz/fuzz_chats.h"

#include <cstdlib>
#include <string>

#include "core/text.h"
#include "tests/adapters/workchat/app_requests.h"

namespace huiyin::fuzz {
namespace {

using namespace workchat;

void require(bool holds) {
  if (!holds) std::abort();
}

const Feishu& feishu_app() {
  static const Feishu app(feishu_config());
  return app;
}
const DingTalk& dingtalk_app() {
  static const DingTalk app(dingtalk_config());
  return app;
}

/// What must hold for whatever was accepted; a spooled request is read to the same effect.
void check_request(const Channel& app, const std::string& channel, const HttpRequest& request, bool may_pass) {
  const auto parsed = app.parse(request);
  require(!parsed || may_pass);
  if (!parsed || parsed->answer) return;
  require(!parsed->events.empty());
  for (const auto& event : parsed->events) {
    require(event.key.starts_with(channel + ":") && event.key.size() <= 255);
    require(event.peer.channel == channel && event.peer.address.size() <= 64);
    if (const auto* text = std::get_if<TextMessage>(&event.body)) require(clean_text(text->text) == text->text);
    if (const auto* media = std::get_if<MediaMessage>(&event.body))
      (void)app.compose_fetch({.media_id = media->media_id}, sending_now());
  }
  const auto again = app.parse(decode_http_request(encode(request)));
  require(again.has_value() && again->events.front().key == parsed->events.front().key);
  auto message = ticket_card();
  message.card.title = message.text = request.body;
  require(is_valid_utf8(app.acknowledge(*parsed, message, {}).body));
}

void check_answer(const Channel& app, const HttpReply& reply, OutboundMessage message) {
  for (const auto& previous : {std::string(), std::string("upload\n0\n\n"), std::string("show\n0\nimg\nom_1")}) {
    auto sending = sending_now();
    sending.previous = previous;
    message.media = {{MediaKind::image, "", "/tmp/x.jpg"}};
    const auto result = app.judge(reply, message, sending);
    if (const auto* retry = std::get_if<RetryAfter>(&result)) require(retry->wait.count() > 0);
  }
  if (const auto credential = app.judge_credential(reply, kSent)) require(!credential->value.empty());
  (void)app.judge_fetch(reply, {.media_id = "image/om_1/img_2"}, sending_now());
}

}  // namespace

void chats(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return;
  const std::string input(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0] % 6) {
    case 0:
      return check_request(feishu_app(), "workchat:feishu", feishu_callback(input), true);
    case 1:
      return check_request(feishu_app(), "workchat:feishu", feishu_request(input), false);
    case 2:
      return check_request(feishu_app(), "workchat:feishu", feishu_old_tap(input), true);
    case 3:
      return check_request(dingtalk_app(), "workchat:dingtalk", dingtalk_callback(input), true);
    case 4:
      check_answer(feishu_app(), {.body = input}, to_feishu(ticket_card()));
      return check_answer(feishu_app(), {.status = 400, .body = input}, to_feishu(ticket_card()));
    default:
      check_answer(dingtalk_app(), {.body = input}, to_dingtalk(ticket_card()));
      return check_answer(dingtalk_app(), {.status = 400, .body = input}, to_dingtalk(ticket_card()));
  }
}

}  // namespace huiyin::fuzz
