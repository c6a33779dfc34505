#include "adapters/workchat/wecom_robot.h"
#include "tests/adapters/conformance.h"
#include "tests/adapters/workchat/wecom_requests.h"

namespace huiyin::workchat {
namespace {

std::unique_ptr<Channel> channel() { return std::make_unique<WeCom>(test_config()); }

std::string signature_in(const HttpRequest& request) { return request.param("msg_signature"); }

std::vector<ConformanceCase> cases() {
  const auto text = callback(payload("text-command.xml")), tap = callback(payload("event-template-card-button.xml"));
  const auto echo = wechat::encrypt(wechat::parse_encoding_aes_key(kEncodingAesKey).value(), "1616140317555161061",
                                    kCorpId, wechat::Random16{});
  HttpRequest handshake{.method = "GET", .path = "/hook/workchat/wecom", .received_at = kSent};
  handshake.query = signed_query(echo) + "&echostr=" + url_encode(echo);
  return {{"wecom_text", channel, text, signature_in(text)},
          {"wecom_tap", channel, tap, signature_in(tap)},
          {"wecom_handshake", channel, handshake, signature_in(handshake)}};
}

std::vector<SendingCase> sending_cases() {
  auto change = ticket_card();
  change.card.replaces = "RESPONSE-1";
  auto photo = message_to_staff("");
  photo.media = {{MediaKind::image, "M1", ""}};
  const std::vector<HttpReply> answers = {{.body = R"({"errcode":0,"errmsg":"ok","msgid":"M1","response_code":"R1"})"},
                                          {.body = R"({"errcode":0,"errmsg":"ok","invaliduser":"zhangsan"})"},
                                          {.body = R"({"errcode":40058,"errmsg":"exceed max length 4096"})"},
                                          {.status = 502, .body = "<html></html>"}};
  const auto robot = []() -> std::unique_ptr<Channel> {
    return std::make_unique<WeComRobot>(
        WeComRobot::Config{.channel = "workchat:group", .key = Secret("0b1c"), .api_url = "http://api.test"});
  };
  auto to_group = message_to_staff("新工单 HY1024-4");
  to_group.to = {"workchat:group", "group"};
  auto group_card = ticket_card();
  group_card.to = to_group.to;
  const std::vector<HttpReply> robot_answers = {{.body = R"({"errcode":0,"errmsg":"ok"})"},
                                                {.body = R"({"errcode":45009,"errmsg":"api freq out of limit"})"}};
  return {{"wecom_text", channel, message_to_staff("新工单"), sending_now(), answers},
          {"wecom_card", channel, ticket_card(), sending_now(), answers},
          {"wecom_card_change", channel, change, sending_now(), answers},
          {"wecom_photo", channel, photo, sending_now(), answers},
          {"wecom_robot_text", robot, to_group, sending_now(), robot_answers},
          {"wecom_robot_card", robot, group_card, sending_now(), robot_answers}};
}

INSTANTIATE_TEST_SUITE_P(WeCom, SendingConformance, testing::ValuesIn(sending_cases()), sending_conformance_name);
INSTANTIATE_TEST_SUITE_P(WeCom, ChannelConformance, testing::ValuesIn(cases()), conformance_name);
INSTANTIATE_TEST_SUITE_P(WeCom, BoundBodyConformance, testing::ValuesIn(cases()), conformance_name);

}  // namespace
}  // namespace huiyin::workchat
