#include "simulators/feishu_api.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "simulators/json_rules.h"

namespace huiyin::simulators {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

constexpr std::string_view kMessages = "/open-apis/im/v1/messages", kHook = "/open-apis/bot/v2/hook/";
constexpr std::string_view kResources = "/resources/";
constexpr std::size_t kMostBotBody = 20U << 10, kMostUuid = 50, kMostPicture = 10U << 20;
constexpr auto kSameFor = 1h;           // the same uuid is one message
constexpr auto kRenewedBefore = 30min;  // of a token's end: until then it is the same one
constexpr auto kChangeable = 24h * 14;

HttpReply coded(std::int64_t code, const std::string& words, const Json& data = Json::object(), int status = 200) {
  return json_reply(status, {{"code", code}, {"msg", words}, {"data", data}});
}

bool is_seconds_near(const std::string& timestamp, Time now) {
  if (timestamp.empty() || timestamp.size() > 10 || timestamp.find_first_not_of("0123456789") != std::string::npos)
    return false;
  return std::llabs(std::stoll(timestamp) - now.time_since_epoch().count() / 1000) <= 3600;
}

}  // namespace

std::string FeishuApi::random_word(std::size_t length) {
  std::string out;
  while (out.size() < length) out += "0123456789abcdef"[random_.next() % 16];
  return out;
}

HttpReply FeishuApi::answer(const HttpRequest& request) {
  return answer_with(
      faults_.take(request.path),
      [](std::int64_t code) { return coded(code, "as the simulator was told", Json::object(), 400); },
      [&] {
        const std::scoped_lock lock(mutex_);
        ++calls_[request.path];
        return serve(request);
      });
}

int FeishuApi::calls(const std::string& path) const {
  const std::scoped_lock lock(mutex_);
  int sum = 0;
  for (const auto& [called, count] : calls_) sum += called.starts_with(path) ? count : 0;
  return sum;
}

void FeishuApi::expire_tokens() {
  const std::scoped_lock lock(mutex_);
  tokens_.clear();
  newest_token_.clear();
}

HttpReply FeishuApi::serve(const HttpRequest& request) {
  const auto now = clock_.now();
  const auto& path = request.path;
  const bool posts = request.method == "POST";
  if (posts && path.starts_with(kHook)) return bot_send(request, now);
  if (posts && path == "/open-apis/auth/v3/tenant_access_token/internal") return issue_token(request, now);
  if (!is_token_good(request, now)) return coded(99991663, "Invalid access token for authorization", {}, 400);
  if (posts && path == kMessages) return send(request, now);
  if (posts && path == "/open-apis/im/v1/images") return upload(request, now);
  if (request.method == "PATCH" && path.starts_with(kMessages)) return change(request, now);
  if (request.method == "GET" && path.find(kResources) != std::string::npos) return resource(request, now);
  return {.status = 404, .body = "404 page not found"};
}

bool FeishuApi::is_token_good(const HttpRequest& request, Time now) const {
  constexpr std::string_view kBearer = "Bearer ";
  const auto header = request.header("authorization");
  if (!header.starts_with(kBearer)) return false;
  const auto token = tokens_.find(std::string(header.substr(kBearer.size())));
  return token != tokens_.end() && now < token->second;
}

HttpReply FeishuApi::issue_token(const HttpRequest& request, Time now) {
  const auto json = read_json(request.body);
  if (text_of(json, "app_id") != config_.app_id) return coded(10003, "invalid param");
  if (text_of(json, "app_secret") != config_.app_secret) return coded(10014, "app secret invalid");
  if (newest_token_.empty() || tokens_[newest_token_] - now < kRenewedBefore) {
    newest_token_ = "t-" + random_word(40);
    tokens_[newest_token_] = now + config_.token_life;
  }
  const auto left = std::chrono::floor<std::chrono::seconds>(tokens_[newest_token_] - now).count();
  return json_reply(200, {{"code", 0}, {"msg", "ok"}, {"tenant_access_token", newest_token_}, {"expire", left}});
}

bool FeishuApi::has_room(const std::string& whom, int most, std::chrono::seconds span, Time now) {
  auto& times = sent_[whom];
  std::erase_if(times, [&](Time at) { return at + span <= now; });
  if (times.size() >= static_cast<std::size_t>(most)) return false;
  times.push_back(now);
  return true;
}

FeishuSaid FeishuApi::read_message(const std::string& type, const std::string& content) const {
  const auto json = read_json(content);
  if (json.is_null()) return {.code = 230001, .words = "content is no JSON string", .shown = {}};
  if (type == "text" && has_only(json, {"text"})) return read_feishu_text(text_of(json, "text"));
  if (type == "interactive") return read_feishu_card(json);
  if (type == "image" && pictures_.contains(text_of(json, "image_key")))
    return {.shown = {.kind = "image", .shown = "[image]"}};
  return {.code = 230001, .words = "msg_type or content", .shown = {}};
}

HttpReply FeishuApi::send(const HttpRequest& request, Time now) {
  const auto json = read_json(request.body);
  if (json.is_null() || !has_only(json, {"receive_id", "msg_type", "content", "uuid"}))
    return coded(230001, "a parameter that this call does not have", {}, 400);
  const auto uuid = text_of(json, "uuid"), member = text_of(json, "receive_id");
  if (uuid.size() > kMostUuid) return coded(230001, "uuid", {}, 400);
  if (request.param("receive_id_type") != "open_id") return coded(230001, "receive_id_type", {}, 400);
  if (const auto known = by_uuid_.find(uuid); !uuid.empty() && known != by_uuid_.end() && now < known->second.until)
    return coded(0, "success", {{"message_id", known->second.message_id}});
  auto said = read_message(text_of(json, "msg_type"), text_of(json, "content"));
  if (said.code != 0) return coded(said.code, said.words, {}, 400);
  if (!config_.members.contains(member)) return coded(230013, "Bot has NO availability to this user.", {}, 400);
  if (!has_room(member, config_.per_second, 1s, now)) return coded(230020, "frequency limited", {}, 400);
  const auto id = "om_" + random_word(32);
  messages_[id] = {member, said.update_multi, now};
  by_uuid_[uuid] = {id, now + kSameFor};
  said.shown.member = member;
  said.shown.id = id;
  said.shown.at = now;
  screens_.show(std::move(said.shown));
  return coded(0, "success", {{"message_id", id}, {"msg_type", text_of(json, "msg_type")}});
}

std::string FeishuApi::replace(const std::string& message_id, const std::string& card) {
  const auto message = messages_.find(message_id);
  if (message == messages_.end() || !message->second.changes) return "no card that can be changed";
  auto said = read_feishu_card(read_json(card));
  if (said.code != 0) return said.words;
  if (!said.update_multi) return "update_multi";
  screens_.change([&](StaffShown& one) {
    if (one.id != message_id) return;
    one.shown = said.shown.shown;
    one.url = said.shown.url;
    one.buttons = said.shown.buttons;
  });
  return {};
}

HttpReply FeishuApi::change(const HttpRequest& request, Time now) {
  const auto id = request.path.substr(std::min(kMessages.size() + 1, request.path.size()));
  const auto json = read_json(request.body);
  if (json.is_null() || !has_only(json, {"content"})) return coded(230001, "content", {}, 400);
  const auto known = messages_.find(id);
  if (known != messages_.end() && known->second.sent + kChangeable <= now)
    return coded(230031, "the message is over 14 days old", {}, 400);
  const auto wrong = replace(id, text_of(json, "content"));
  return wrong.empty() ? coded(0, "success") : coded(230001, wrong, {}, 400);
}

std::string FeishuApi::change_card(const std::string& message_id, const std::string& card) {
  const std::scoped_lock lock(mutex_);
  return replace(message_id, card);
}

HttpReply FeishuApi::upload(const HttpRequest& request, Time /*now*/) {
  const auto bytes = upload_part(request, "image");
  const bool typed = request.body.find("name=\"image_type\"") != std::string::npos &&
                     request.body.find("\r\n\r\nmessage\r\n") != std::string::npos;
  if (!bytes || !typed || image_type(*bytes).empty() || bytes->size() > kMostPicture)
    return coded(234001, "Invalid request param.", {}, 400);
  const auto key = "img_v2_" + random_word(32);
  pictures_[key] = *bytes;
  return coded(0, "success", {{"image_key", key}});
}

HttpReply FeishuApi::resource(const HttpRequest& request, Time /*now*/) {
  const auto at = request.path.find(kResources);
  const auto id = request.path.substr(kMessages.size() + 1, at - kMessages.size() - 1);
  const auto found = pictures_.find(id + "/" + request.path.substr(at + kResources.size()));
  if (found == pictures_.end() || request.param("type") != "image") return coded(234003, "File not in msg.", {}, 400);
  return {.body = found->second, .headers = {{"Content-Type", image_type(found->second)}}};
}

std::string FeishuApi::keep_picture(const std::string& message_id, std::string bytes) {
  const std::scoped_lock lock(mutex_);
  auto key = "img_v2_" + random_word(32);
  pictures_[message_id + "/" + key] = std::move(bytes);
  return key;
}

std::optional<FeishuApi::Tap> FeishuApi::tap(const std::string& member, const std::string& button) const {
  std::string value;
  const auto card = screens_.newest([&](const StaffShown& one) {
    const auto found = std::find_if(one.buttons.begin(), one.buttons.end(),
                                    [&](const StaffButton& each) { return each.text == button; });
    if (one.member != member || found == one.buttons.end()) return false;
    value = found->key;
    return true;
  });
  return card ? std::optional(Tap{card->id, value}) : std::nullopt;
}

namespace {

/// What a bot is asked to say.
FeishuSaid read_bot_message(const Json& json) {
  if (json.is_null() || !has_only(json, {"timestamp", "sign", "msg_type", "content", "card"}))
    return {.code = 9499, .words = "Bad Request", .shown = {}};
  const auto type = text_of(json, "msg_type");
  const auto body = json.value(type == "interactive" ? "card" : "content", Json());
  if (!body.is_object()) return {.code = 9499, .words = "Bad Request", .shown = {}};
  if (type == "text") return read_feishu_text(text_of(body, "text"));
  if (type == "post") return read_feishu_post(body);
  if (type != "interactive") return {.code = 19002, .words = "params error, msg_type need", .shown = {}};
  auto said = read_feishu_card(body);
  if (said.code == 0 && !said.shown.buttons.empty()) return {.code = 19002, .words = "a callback", .shown = {}};
  return said;
}

bool is_bots(const Json& json, const std::string& secret, Time now) {
  const auto timestamp = text_of(json, "timestamp");
  return secret.empty() ||
         (is_seconds_near(timestamp, now) && text_of(json, "sign") == feishu_bot_signature(timestamp, secret));
}

}  // namespace

HttpReply FeishuApi::bot_send(const HttpRequest& request, Time now) {
  const auto key = request.path.substr(kHook.size());
  const auto bot = config_.bots.find(key);
  if (bot == config_.bots.end()) return coded(19001, "param invalid: incoming webhook access token invalid");
  if (request.body.size() > kMostBotBody) return coded(9499, "Bad Request: over 20 KB");
  const auto json = read_json(request.body);
  if (!is_bots(json, bot->second.secret, now))
    return coded(19021, "sign match fail or timestamp is not within one hour from current time");
  auto said = read_bot_message(json);
  if (said.code != 0) return coded(said.code == 19002 ? 19002 : 9499, "Bad Request: " + said.words);
  if (said.shown.shown.find(bot->second.keyword) == std::string::npos) return coded(19024, "Key Words Not Found");
  const auto group = "group:" + key;
  if (!has_room(group, config_.bot_per_minute, 1min, now) ||
      !has_room(group + " second", config_.bot_per_second, 1s, now))
    return coded(11232, "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]", {}, 429);
  said.shown.member = group;
  said.shown.at = now;
  screens_.show(std::move(said.shown));
  return json_reply(
      200,
      {{"code", 0}, {"msg", "success"}, {"data", Json::object()}, {"StatusCode", 0}, {"StatusMessage", "success"}});
}

}  // namespace huiyin::simulators
