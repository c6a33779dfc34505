#include "simulators/wecom_platform.h"

#include <fmt/format.h>

#include <stdexcept>
#include <thread>

#include "core/text.h"
#include "simulators/sample_media.h"
#include "simulators/strict_xml.h"

namespace huiyin::simulators {
namespace {

using std::chrono::steady_clock;

constexpr std::uint64_t kFirstMessageId = 7350000000000000000;
constexpr std::size_t kMaxTextBytes = 2048;

std::string element(const char* name, std::string text) {
  for (auto at = text.find("]]>"); at != std::string::npos; at = text.find("]]>", at + 15))
    text.replace(at, 3, "]]]]><![CDATA[>");
  return fmt::format("<{0}><![CDATA[{1}]]></{0}>\n", name, text);
}

}  // namespace

WeComPlatform::WeComPlatform(Config config, WeComApi& api, const Clock& clock, Random& random)
    : config_(std::move(config)),
      api_(api),
      clock_(clock),
      random_(random),
      key_(shared_key(config_.encoding_aes_key)),
      http_({.connect_timeout = config_.patience, .total_timeout = config_.patience}),
      next_id_(kFirstMessageId + random.next() % 1'000'000'000) {
  if (!key_) throw std::invalid_argument("WeCom's EncodingAESKey is not 43 characters of base64");
}

std::string WeComPlatform::random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  random_.fill(std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

std::string WeComPlatform::random_digits() { return std::to_string(random_.next() % 10'000'000'000ULL); }

std::string WeComPlatform::seconds() const { return std::to_string(clock_.now().time_since_epoch().count() / 1000); }

std::string WeComPlatform::verify_url() {
  const auto timestamp = seconds(), nonce = random_digits(), echo = random_digits();
  const auto sealed = seal(*key_, config_.corp_id, random_bytes(16), echo);
  const auto reply = http_.call(
      {.url = with_query(config_.hook_url, {{"msg_signature", signature_of(config_.token, timestamp, nonce, sealed)},
                                            {"timestamp", timestamp},
                                            {"nonce", nonce},
                                            {"echostr", sealed}}),
       .method = "GET"});
  if (reply.failure) return "no answer: " + *reply.failure;
  if (reply.status != 200) return "HTTP status " + std::to_string(reply.status);
  return reply.body == echo ? std::string() : "the answer is not the decrypted echostr";
}

WeComMessage WeComPlatform::make(const std::string& member, const std::string& body) {
  return {.member = member,
          .xml = "<xml>" + element("ToUserName", config_.corp_id) + element("FromUserName", member) + "<CreateTime>" +
                 seconds() + "</CreateTime>\n" + body + "<AgentID>" + std::to_string(config_.agent_id) +
                 "</AgentID>\n</xml>"};
}

WeComMessage WeComPlatform::write(const std::string& member, const std::string& text) {
  return make(member, element("MsgType", "text") + element("Content", text) + "<MsgId>" + std::to_string(next_id_++) +
                          "</MsgId>\n");
}

WeComMessage WeComPlatform::send_photo(const std::string& member) {
  auto sample = sample_photo();
  const auto id = api_.keep_media(std::move(sample.bytes), sample.content_type, sample.extension);
  return make(member, element("MsgType", "image") + element("PicUrl", "https://wework.qpic.test/" + id + "/0") +
                          element("MediaId", id) + "<MsgId>" + std::to_string(next_id_++) + "</MsgId>\n");
}

WeComMessage WeComPlatform::cause(const std::string& member, const std::string& event, const std::string& more) {
  return make(member, element("MsgType", "event") + element("Event", event) + more);
}

WeComMessage WeComPlatform::open_app(const std::string& member) {
  return cause(member, "enter_agent", element("EventKey", ""));
}

namespace {

std::string tap_fields(const WeComApi::Tap& tap) {
  return element("EventKey", tap.key) + element("TaskId", tap.task_id) + element("CardType", tap.card_type) +
         element("ResponseCode", tap.response_code);
}

}  // namespace

std::optional<WeComMessage> WeComPlatform::tap(const std::string& member, const std::string& button) {
  const auto tapped = api_.tap(member, button);
  if (!tapped) return std::nullopt;
  auto message = cause(member, tapped->menu ? "template_card_menu_event" : "template_card_event", tap_fields(*tapped));
  message.response_code = tapped->response_code;
  return message;
}

std::optional<WeComMessage> WeComPlatform::tap_old(const std::string& member, const std::string& task_id,
                                                   const std::string& key) {
  const auto tapped = api_.tap_old(member, task_id, key);
  if (!tapped) return std::nullopt;
  auto message = cause(member, "template_card_event", tap_fields(*tapped));
  message.response_code = tapped->response_code;
  return message;
}

HttpCall WeComPlatform::compose(const WeComMessage& message) {
  const auto timestamp = seconds(), nonce = random_digits();
  const auto sealed = seal(*key_, config_.corp_id, random_bytes(16), message.xml);
  return {.url = with_query(config_.hook_url, {{"msg_signature", signature_of(config_.token, timestamp, nonce, sealed)},
                                               {"timestamp", timestamp},
                                               {"nonce", nonce}}),
          .body = "<xml>" + element("ToUserName", config_.corp_id) + "<AgentID>" + std::to_string(config_.agent_id) +
                  "</AgentID>\n" + element("Encrypt", sealed) + "</xml>",
          .headers = {{"Content-Type", "text/xml"}}};
}

WeComDelivery WeComPlatform::deliver(const WeComMessage& message) {
  WeComDelivery last;
  for (int attempt = 1; attempt <= config_.tries; ++attempt) {
    const auto began = steady_clock::now();
    const auto reply = http_.call(compose(message));
    last = judge(reply, message);
    last.tries = attempt;
    last.took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began);
    if (!reply.failure) break;
  }
  return last;
}

std::vector<WeComDelivery> WeComPlatform::deliver_at_once(const WeComMessage& message, int copies) {
  std::vector<WeComDelivery> deliveries(static_cast<std::size_t>(copies));
  std::vector<std::thread> threads;
  for (auto& delivery : deliveries) threads.emplace_back([this, &message, &delivery] { delivery = deliver(message); });
  for (auto& thread : threads) thread.join();
  return deliveries;
}

WeComDelivery WeComPlatform::judge(const HttpReply& reply, const WeComMessage& message) {
  if (reply.failure) return {.violation = "no answer: " + *reply.failure};
  if (reply.status != 200) return {.violation = "HTTP status " + std::to_string(reply.status)};
  if (reply.body.empty()) return {};
  std::string xml;
  if (auto wrong = open_reply(reply.body, xml); !wrong.empty()) return {.violation = std::move(wrong)};
  return read_reply(xml, message);
}

std::string WeComPlatform::open_reply(const std::string& body, std::string& xml) const {
  const auto envelope = read_strictly(body);
  if (!envelope) return "answer: " + envelope.error();
  const auto encrypted = envelope->text("Encrypt"), timestamp = envelope->text("TimeStamp");
  const auto nonce = envelope->text("Nonce");
  if (envelope->fields.size() != 4 || encrypted.empty() || timestamp.empty() || nonce.empty())
    return "answer: not exactly Encrypt, MsgSignature, TimeStamp, Nonce";
  if (timestamp.find_first_not_of("0123456789") != std::string::npos) return "TimeStamp: not a number";
  if (envelope->text("MsgSignature") != signature_of(config_.token, timestamp, nonce, encrypted))
    return "MsgSignature: wrong";
  const auto opened = unseal(*key_, config_.corp_id, encrypted);
  if (!opened) return "Encrypt: cannot be decrypted";
  xml = *opened;
  return {};
}

WeComDelivery WeComPlatform::read_reply(const std::string& xml, const WeComMessage& message) {
  const auto read = read_strictly(xml);
  if (!read) return {.violation = "reply: " + read.error()};
  if (read->text("ToUserName") != message.member) return {.violation = "ToUserName: not who wrote"};
  if (read->text("FromUserName") != config_.corp_id) return {.violation = "FromUserName: not the company"};
  const auto created = read->text("CreateTime");
  if (created.empty() || created.find_first_not_of("0123456789") != std::string::npos)
    return {.violation = "CreateTime: not a number"};
  const auto type = read->text("MsgType");
  if (type == "update_button" || type == "update_template_card") return change_card(type, *read, message);
  if (type == "news" || type == "image") return {.shown = "[" + type + "]"};
  if (type != "text") return {.violation = "MsgType: " + type};
  const auto words = read->text("Content");
  if (words.empty() || words.size() > kMaxTextBytes) return {.violation = "Content: empty, or over 2048 bytes"};
  api_.show_reply(message.member, words);
  return {.shown = words};
}

/// A reply that changes the tapped card, for the one who tapped.
WeComDelivery WeComPlatform::change_card(const std::string& type, const XmlField& reply, const WeComMessage& message) {
  if (message.response_code.empty()) return {.violation = type + ": in answer to no tap"};
  if (type == "update_button") {
    const auto* button = reply.find("Button");
    const auto name = button == nullptr ? std::string() : button->text("ReplaceName");
    if (name.empty()) return {.violation = "Button/ReplaceName: absent"};
    return {.shown = "[" + name + "]", .violation = api_.change_by_reply(message.response_code, name)};
  }
  const auto* field = reply.find("TemplateCard");
  if (field == nullptr) return {.violation = "TemplateCard: absent"};
  const auto card = read_card(card_from_xml(*field), true);
  if (card.code != 0) return {.violation = "TemplateCard: " + card.words};
  return {.shown = card.shown, .violation = api_.change_by_reply(message.response_code, card)};
}

}  // namespace huiyin::simulators
