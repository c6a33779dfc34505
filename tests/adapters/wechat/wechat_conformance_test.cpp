#include "tests/adapters/conformance.h"
#include "tests/adapters/wechat/wechat_sending.h"

namespace huiyin::wechat {
namespace {

std::string trimmed_file(const char* name) {
  auto text = read_file(std::string("tests/data/wechat/") + name);
  text.erase(text.find_last_not_of(" \r\n\t") + 1);
  return text;
}

std::function<std::unique_ptr<Channel>()> channel(Mode mode) {
  return [mode] { return std::make_unique<WeChat>(test_config(mode)); };
}

std::vector<ConformanceCase> bound_cases() {
  const auto sealed = encrypted_request(trimmed_file("text-emoji.xml"));
  const auto message_signature = sealed.query.substr(sealed.query.find("msg_signature=") + 14);
  auto handshake = plain_request("");
  handshake.method = "GET";
  handshake.query += "&echostr=5837397521844721313";
  return {
      {"wechat_safe", channel(Mode::safe), sealed, message_signature},
      {"wechat_safe_query", channel(Mode::safe), sealed, test_signature()},
      {"wechat_compatible", channel(Mode::compatible), encrypted_request(trimmed_file("event-subscribe-msg-popup.xml")),
       test_signature()},
      {"wechat_handshake", channel(Mode::safe), handshake, test_signature()},
  };
}

std::vector<ConformanceCase> cases() {
  auto out = bound_cases();
  out.push_back(
      {"wechat_plain", channel(Mode::plain), plain_request(trimmed_file("text-odd-shape.xml")), test_signature()});
  return out;
}

std::vector<SendingCase> sending_cases() {
  const auto make = [] { return std::make_unique<WeChat>(sending_config()); };
  auto message = message_to_owner("电梯修好了");
  message.data = {{"number", "HY1024-4"}, {"status", "已完成"}, {"description", "电梯"}};
  auto menu = message_to_owner("请打分：\n1. 满意\n2. 不满意");
  menu.choices = {{"1", "满意"}, {"2", "不满意"}};
  const std::vector<HttpReply> answers = {{.body = R"({"errcode":0,"errmsg":"ok"})"},
                                          {.body = R"({"errcode":0,"errmsg":"ok","msgid":3487542469355618313})"},
                                          {.body = R"({"errcode":45015,"errmsg":"response out of time limit rid: 6"})"},
                                          {.status = 502, .body = "<html></html>"}};
  return {{"wechat_push", make, message, sending_by(Way::push), answers},
          {"wechat_menu", make, menu, sending_by(Way::push), answers},
          {"wechat_subscription", make, message, sending_by(Way::subscription, "SUB1"), answers},
          {"wechat_template", make, message, sending_by(Way::template_notice, "TPL1"), answers}};
}

INSTANTIATE_TEST_SUITE_P(WeChat, SendingConformance, testing::ValuesIn(sending_cases()), sending_conformance_name);
INSTANTIATE_TEST_SUITE_P(WeChat, ChannelConformance, testing::ValuesIn(cases()), conformance_name);
INSTANTIATE_TEST_SUITE_P(WeChat, BoundBodyConformance, testing::ValuesIn(bound_cases()), conformance_name);

}  // namespace
}  // namespace huiyin::wechat
