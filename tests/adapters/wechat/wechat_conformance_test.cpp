#include "tests/adapters/conformance.h"
#include "tests/adapters/wechat/wechat_requests.h"

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

std::vector<ConformanceCase> cases() {
  const auto sealed = encrypted_request(trimmed_file("text-emoji.xml"));
  const auto message_signature = sealed.query.substr(sealed.query.find("msg_signature=") + 14);
  auto handshake = plain_request("");
  handshake.method = "GET";
  handshake.query += "&echostr=5837397521844721313";
  return {
      {"wechat_safe", channel(Mode::safe), sealed, message_signature, true},
      {"wechat_safe_query", channel(Mode::safe), sealed, test_signature(), true},
      {"wechat_compatible", channel(Mode::compatible), encrypted_request(trimmed_file("event-subscribe-msg-popup.xml")),
       test_signature(), true},
      {"wechat_plain", channel(Mode::plain), plain_request(trimmed_file("text-odd-shape.xml")), test_signature(),
       false},
      {"wechat_handshake", channel(Mode::safe), handshake, test_signature(), true},
  };
}

INSTANTIATE_TEST_SUITE_P(WeChat, ChannelConformance, testing::ValuesIn(cases()), conformance_name);

}  // namespace
}  // namespace huiyin::wechat
