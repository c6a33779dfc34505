#include "simulators/feishu_platform.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "simulators/json_rules.h"
#include "simulators/sample_media.h"
#include "simulators/sms_signing.h"

namespace huiyin::simulators {
namespace {

using Json = nlohmann::json;
using std::chrono::steady_clock;

constexpr std::size_t kMostToast = 200;

/// AES-256-CBC as OpenSSL pads it, keyed with the SHA-256 of `key`; the initialisation vector in front.
std::string encrypt(const std::string& key, const std::string& iv, const std::string& text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), hash.data());
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                EVP_CIPHER_CTX_free);
  std::string out(text.size() + 16, '\0');
  int size = 0, rest = 0;
  auto* const bytes = reinterpret_cast<unsigned char*>(out.data());
  if (EVP_EncryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, hash.data(),
                         reinterpret_cast<const unsigned char*>(iv.data())) != 1 ||
      EVP_EncryptUpdate(context.get(), bytes, &size, reinterpret_cast<const unsigned char*>(text.data()),
                        static_cast<int>(text.size())) != 1 ||
      EVP_EncryptFinal_ex(context.get(), bytes + size, &rest) != 1)
    throw std::runtime_error("AES failed");
  out.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(rest));
  return iv + out;
}

}  // namespace

FeishuPlatform::FeishuPlatform(Config config, FeishuApi& api, const Clock& clock, Random& random)
    : config_(std::move(config)),
      api_(api),
      clock_(clock),
      random_(random),
      http_({.connect_timeout = config_.patience, .total_timeout = config_.patience}) {}

std::string FeishuPlatform::seal(const std::string& json) {
  std::string iv(16, '\0');
  random_.fill(std::as_writable_bytes(std::span(iv)));
  return Json({{"encrypt", base64(encrypt(config_.encrypt_key, iv, json))}}).dump();
}

std::string FeishuPlatform::verify_url() {
  const auto challenge = api_.random_word(16);
  const Json asked = {{"challenge", challenge}, {"token", config_.token}, {"type", "url_verification"}};
  const auto reply = http_.call(
      {.url = config_.hook_url, .body = seal(asked.dump()), .headers = {{"Content-Type", "application/json"}}});
  if (reply.failure) return "no answer: " + *reply.failure;
  if (reply.status != 200) return "HTTP status " + std::to_string(reply.status);
  return read_json(reply.body) == Json({{"challenge", challenge}}) ? "" : "the answer is not the challenge";
}

std::string FeishuPlatform::header(const std::string& type) {
  return Json({{"event_id", api_.random_word(32)},
               {"event_type", type},
               {"create_time", std::to_string(clock_.now().time_since_epoch().count())},
               {"token", config_.token},
               {"app_id", config_.app_id},
               {"tenant_key", config_.tenant_key}})
      .dump();
}

FeishuEvent FeishuPlatform::message(const std::string& member, const std::string& type, const std::string& content,
                                    bool group, const std::string& id) {
  Json message = {{"message_id", id},
                  {"create_time", std::to_string(clock_.now().time_since_epoch().count())},
                  {"chat_id", "oc_" + api_.random_word(16)},
                  {"chat_type", group ? "group" : "p2p"},
                  {"message_type", type},
                  {"content", content}};
  if (group) message["mentions"] = {{{"key", "@_user_1"}, {"id", {{"open_id", "ou_bot"}}}, {"name", "回音"}}};
  const Json event = {
      {"schema", "2.0"},
      {"header", Json::parse(header("im.message.receive_v1"))},
      {"event",
       {{"sender", {{"sender_id", {{"open_id", member}}}, {"sender_type", "user"}, {"tenant_key", config_.tenant_key}}},
        {"message", message}}}};
  return {.member = member, .json = event.dump()};
}

FeishuEvent FeishuPlatform::write(const std::string& member, const std::string& text) {
  return message(member, "text", Json({{"text", text}}).dump(), false, "om_" + api_.random_word(32));
}

FeishuEvent FeishuPlatform::write_in_group(const std::string& member, const std::string& text) {
  return message(member, "text", Json({{"text", "@_user_1 " + text}}).dump(), true, "om_" + api_.random_word(32));
}

FeishuEvent FeishuPlatform::send_photo(const std::string& member) {
  const auto id = "om_" + api_.random_word(32);
  const auto key = api_.keep_picture(id, sample_photo().bytes);
  return message(member, "image", Json({{"image_key", key}}).dump(), false, id);
}

std::optional<FeishuEvent> FeishuPlatform::tap(const std::string& member, const std::string& button) {
  const auto tapped = api_.tap(member, button);
  if (!tapped) return std::nullopt;
  const Json event = {
      {"schema", "2.0"},
      {"header", Json::parse(header("card.action.trigger"))},
      {"event",
       {{"operator", {{"tenant_key", config_.tenant_key}, {"open_id", member}}},
        {"token", "c-" + api_.random_word(40)},
        {"action", {{"value", Json::parse(tapped->value)}, {"tag", "button"}, {"timezone", "Asia/Shanghai"}}},
        {"host", "im_message"},
        {"context", {{"open_message_id", tapped->message_id}, {"open_chat_id", "oc_" + api_.random_word(16)}}}}}};
  return FeishuEvent{.member = member, .json = event.dump(), .message_id = tapped->message_id};
}

FeishuEvent FeishuPlatform::again_as_another_event(const FeishuEvent& event) {
  auto json = Json::parse(event.json);
  json["header"]["event_id"] = api_.random_word(32);
  auto out = event;
  out.json = json.dump();
  return out;
}

FeishuDelivery FeishuPlatform::deliver(const FeishuEvent& event) {
  const auto timestamp = std::to_string(clock_.now().time_since_epoch().count() / 1000);
  const auto nonce = api_.random_word(8), body = seal(event.json);
  const auto began = steady_clock::now();
  const auto reply =
      http_.call({.url = config_.hook_url,
                  .body = body,
                  .headers = {{"Content-Type", "application/json; charset=utf-8"},
                              {"X-Lark-Request-Timestamp", timestamp},
                              {"X-Lark-Request-Nonce", nonce},
                              {"X-Lark-Signature", hex_sha256(timestamp + nonce + config_.encrypt_key + body)}}});
  auto out = judge(reply, event);
  out.took = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began);
  return out;
}

std::vector<FeishuDelivery> FeishuPlatform::deliver_at_once(const FeishuEvent& event, int copies) {
  std::vector<FeishuDelivery> deliveries(static_cast<std::size_t>(copies));
  std::vector<std::thread> threads;
  for (auto& delivery : deliveries) threads.emplace_back([this, &event, &delivery] { delivery = deliver(event); });
  for (auto& thread : threads) thread.join();
  return deliveries;
}

/// The answer to a message may be anything; that to a tap a toast and a card.
FeishuDelivery FeishuPlatform::judge(const HttpReply& reply, const FeishuEvent& event) {
  if (reply.failure) return {.violation = "no answer: " + *reply.failure};
  if (reply.status != 200) return {.violation = "HTTP status " + std::to_string(reply.status)};
  const auto json = read_json(reply.body);
  if (json.is_null()) return {.violation = "no JSON"};
  if (event.message_id.empty() || json.empty()) return {};
  if (!has_only(json, {"toast", "card"})) return {.violation = "not only toast and card"};
  FeishuDelivery out;
  if (json.contains("toast")) {
    const auto& toast = json.at("toast");
    const auto words = text_of(toast, "content"), type = text_of(toast, "type");
    if (words.empty() || characters(words) > kMostToast ||
        (type != "info" && type != "success" && type != "warning" && type != "error"))
      return {.violation = "toast"};
    out.shown = words;
  }
  if (!json.contains("card")) return out;
  if (text_of(json.at("card"), "type") != "raw") return {.violation = "card.type"};
  const auto card = json.at("card").value("data", Json());
  out.violation = api_.change_card(event.message_id, card.dump());
  out.shown += "\n" + read_feishu_card(card).shown.shown;
  return out;
}

}  // namespace huiyin::simulators
