#include "simulators/wecom_calls.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "core/text.h"
#include "simulators/json_rules.h"
#include "simulators/wechat_calls.h"

namespace huiyin::simulators {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

constexpr std::size_t kMaxTextBytes = 2048, kMaxRobotMarkdown = 4096;
constexpr std::size_t kMostReceivers = 1000;
constexpr std::int64_t kMostInterval = 14400;
constexpr std::size_t kMostImage = 10U << 20;

/// What a message says, or why it is refused.
struct Said {
  int code = 0;
  std::string words{};
  WeComShown shown{};
  std::optional<WeComCard> card{};
};
constexpr int kWarned = -1000;  // not an errcode: success, with a warning

Said refused(int code, std::string words) { return {.code = code, .words = std::move(words)}; }

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// The request's JSON; a null where it is none.
Json read(const std::string& body) {
  if (!is_valid_utf8(body) || has_unicode_escape(body)) return {};
  auto json = Json::parse(body, nullptr, false);
  return json.is_object() ? json : Json();
}

Said read_content(const Json& object, const char* kind, std::size_t most, const std::set<std::string>& allowed) {
  if (!has_only(object, allowed)) return refused(40058, "a member that this message does not have");
  const auto content = text_of(object, "content");
  if (trim(content).empty()) return refused(44004, "empty content");
  if (content.size() > most) return refused(45002, fmt::format("exceed max length {}", most));
  return {.shown = {.kind = kind, .shown = content}};
}

Said read_news(const Json& object) {
  const auto articles = object.value("articles", Json());
  if (!articles.is_array() || articles.empty() || articles.size() > 8) return refused(45008, "articles");
  Said out{.shown = {.kind = "news"}};
  for (const auto& article : articles) {
    const auto title = text_of(article, "title");
    if (title.empty()) return refused(41016, "title is empty");
    if (title.size() > 128 || text_of(article, "description").size() > 512) return refused(40058, "exceed max length");
    out.shown.shown += (out.shown.shown.empty() ? "[图文] " : "\n[图文] ") + title;
    out.shown.url = text_of(article, "url");
  }
  return out;
}

Said read_template_card(const Json& object) {
  Said out{.card = read_card(object.dump(), false)};
  if (out.card->code != 0) return refused(out.card->code, out.card->words);
  out.shown = {.kind = out.card->type,
               .shown = out.card->shown,
               .url = out.card->url,
               .task_id = out.card->task_id,
               .buttons = out.card->buttons};
  return out;
}

/// What is wrong with the frame of a message, whatever it says.
Said check_frame(const WeComApi::Config& config, const Json& json) {
  if (json.is_null()) return refused(47001, "data format error");
  if (!has_only(json, {"touser", "msgtype", "agentid", "text", "markdown", "image", "news", "template_card", "safe",
                       "enable_id_trans", "enable_duplicate_check", "duplicate_check_interval"}))
    return refused(40058, "a parameter that this call does not have");
  const auto agent = json.value("agentid", Json());
  if (!agent.is_number_integer()) return refused(kWarned, "ok. Warning: wrong json format. ");
  if (agent != config.agent_id) return refused(40056, "invalid agentid");
  const auto check = json.value("enable_duplicate_check", Json(0));
  const auto interval = json.value("duplicate_check_interval", Json(1800));
  if (!check.is_number_integer() || !interval.is_number_integer() || interval < 1 || interval > kMostInterval)
    return refused(40058, "duplicate check");
  return {};
}

/// `media_type`: of an uploaded one that is still there; empty: it is not.
Said read_message(const WeComApi::Config& config, const Json& json,
                  const std::function<std::string(const std::string&)>& media_type) {
  if (auto wrong = check_frame(config, json); wrong.code != 0) return wrong;
  const auto type = text_of(json, "msgtype");
  const auto object = json.value(type, Json());
  if (!object.is_object()) return refused(40008, "invalid message type");
  if (type == "text" || type == "markdown") return read_content(object, type.c_str(), kMaxTextBytes, {"content"});
  if (type == "news") return read_news(object);
  if (type == "template_card") {
    auto said = read_template_card(object);
    const bool interactive = said.card && said.card->type == "button_interaction";
    return interactive && !config.has_callback ? refused(43004, "the app needs a callback url") : said;
  }
  const auto media = media_type(text_of(object, "media_id"));
  if (media.empty()) return refused(40007, "invalid media_id");
  return {.shown = {.kind = type, .shown = "[" + media + "]"}};
}

/// Is it the same JSON as one that was sent within the interval that this asks for?
bool is_repeat(std::map<std::string, Time>& bodies, const std::string& body, const Json& json, Time now) {
  if (json.value("enable_duplicate_check", 0) != 1) return false;
  auto& until = bodies[body];
  if (until > now) return true;
  until = now + std::chrono::seconds(json.value("duplicate_check_interval", std::int64_t{1800}));
  return false;
}

struct Receivers {
  std::set<std::string> good{};
  std::string bad{};  // joined by |
  std::size_t count = 0;
};

Receivers read_receivers(const std::string& touser, const std::set<std::string>& members) {
  Receivers out;
  for (const auto part : split(touser, '|')) {
    if (part.empty()) continue;
    ++out.count;
    const auto member = lower(std::string(part));
    if (members.contains(member))
      out.good.insert(member);
    else
      out.bad += (out.bad.empty() ? "" : "|") + member;
  }
  return out;
}

}  // namespace

// Within its life a token is the same for everybody who asks.
HttpReply WeComCalls::gettoken(WeComApi& api, const HttpRequest& request, Time now) {
  if (request.param("corpid") != api.config_.corp_id) return api_answer(40013, "invalid corpid");
  if (request.param("corpsecret") != api.config_.secret) return api_answer(40001, "invalid credential");
  const bool alive = api.token_ && !api.token_->ended && api.token_->expires > now;
  if (!alive) {
    if (api.token_) api.old_tokens_[api.token_->text] = *api.token_;
    api.token_ = WeComApi::Token{api.random_word(200), now + api.config_.token_life};
  }
  const auto left = std::chrono::floor<std::chrono::seconds>(api.token_->expires - now).count();
  return api_answer(0, "ok", fmt::format(R"(,"access_token":"{}","expires_in":{})", api.token_->text, left));
}

HttpReply WeComCalls::message_send(WeComApi& api, const HttpRequest& request, Time now) {
  const auto json = read(request.body);
  const auto said = read_message(api.config_, json, [&](const std::string& id) {
    const auto media = api.media_.find(id);
    return media == api.media_.end() || media->second.expires <= now ? std::string() : media->second.content_type;
  });
  if (said.code != 0) return api_answer(said.code == kWarned ? 0 : said.code, said.words);
  const auto receivers = read_receivers(text_of(json, "touser"), api.config_.members);
  if (receivers.count == 0 || receivers.count > kMostReceivers) return api_answer(40063, "touser");
  if (receivers.good.empty()) return api_answer(81013, "user & party & tag all invalid");
  if (is_repeat(api.bodies_, request.body, json, now))
    return api_answer(0, "ok", fmt::format(R"(,"invaliduser":"{}","msgid":"")", receivers.bad));
  const bool interactive = said.card && said.card->type == "button_interaction";
  if (interactive) {
    if (api.cards_.contains(said.card->task_id)) return api_answer(42014, "task id has used");
    const auto menu = json.at("template_card").value("action_menu", Json::object()).value("action_list", Json::array());
    api.cards_[said.card->task_id] = {said.card->type, said.card->buttons, said.card->buttons.size() - menu.size()};
  }
  const auto id = fmt::format("wecom-msg-{}", api.next_id_++);
  for (const auto& member : receivers.good) {
    auto shown = said.shown;
    shown.member = member;
    shown.id = id;
    shown.at = now;
    if (api.has_room(member, api.config_.per_minute))
      api.screens_.show(std::move(shown));
    else
      ++api.dropped_;  // the real one says "ok" all the same
  }
  auto more = fmt::format(R"(,"invaliduser":"{}","invalidparty":"","invalidtag":"","msgid":"{}")", receivers.bad, id);
  if (interactive)
    more += fmt::format(R"(,"response_code":"{}")", api.new_response_code(said.card->task_id, receivers.good));
  return api_answer(0, "ok", more);
}

HttpReply WeComCalls::update_template_card(WeComApi& api, const HttpRequest& request, Time /*now*/) {
  const auto json = read(request.body);
  if (json.is_null()) return api_answer(47001, "data format error");
  if (!has_only(json, {"userids", "agentid", "response_code", "button", "template_card"}))
    return api_answer(40058, "a parameter that this call does not have");
  if (json.value("agentid", Json()) != Json(api.config_.agent_id)) return api_answer(40056, "invalid agentid");
  const auto users = json.value("userids", Json());
  if (!users.is_array() || users.empty() || users.size() > kMostReceivers) return api_answer(40063, "userids");
  std::set<std::string> members;
  for (const auto& user : users)
    if (user.is_string()) members.insert(lower(user.get<std::string>()));
  if (json.contains("button") == json.contains("template_card")) return api_answer(40058, "button or template_card");
  int code = 0;
  if (json.contains("button")) {
    const auto name = text_of(json.at("button"), "replace_name");
    if (name.empty()) return api_answer(40063, "replace_name is empty");
    code = api.change(text_of(json, "response_code"), members, name, nullptr);
  } else {
    const auto card = read_card(json.at("template_card").dump(), true);
    if (card.code != 0) return api_answer(card.code, card.words);
    code = api.change(text_of(json, "response_code"), members, {}, &card);
  }
  return api_answer(code, code == 0 ? "ok" : "invalid response_code", code == 0 ? R"(,"invaliduser":"")" : "");
}

HttpReply WeComCalls::media_upload(WeComApi& api, const HttpRequest& request, Time now) {
  if (request.param("type") != "image") return api_answer(40004, "invalid media type");
  const auto bytes = upload_part(request, "media");
  if (!bytes) return api_answer(41005, "media data missing");
  const auto type = image_type(*bytes);
  if (type.empty()) return api_answer(40005, "invalid file type");
  if (bytes->size() <= 5 || bytes->size() > kMostImage) return api_answer(40006, "invalid media size");
  const auto id = api.random_word(64);
  api.media_[id] = {*bytes, type, type == "image/png" ? "png" : "jpg", now + 72h};
  return api_answer(
      0, "ok",
      fmt::format(R"(,"type":"image","media_id":"{}","created_at":"{}")", id, now.time_since_epoch().count() / 1000));
}

HttpReply WeComCalls::media_get(WeComApi& api, const HttpRequest& request, Time now) {
  const auto id = request.param("media_id");
  const auto media = api.media_.find(id);
  if (media == api.media_.end() || media->second.expires <= now) return api_answer(40007, "invalid media_id");
  ++api.media_fetched_;
  return {
      .body = media->second.bytes,
      .headers = {{"Content-Type", media->second.content_type},
                  {"Content-disposition", fmt::format("attachment; filename=\"{}.{}\"", id, media->second.extension)}}};
}

HttpReply WeComCalls::webhook_send(WeComApi& api, const HttpRequest& request, Time now) {
  const auto key = request.param("key");
  if (!api.config_.robots.contains(key)) return api_answer(93000, "invalid webhook url");
  const auto json = read(request.body);
  if (json.is_null()) return api_answer(47001, "data format error");
  const auto type = text_of(json, "msgtype");
  const auto object = json.value(type, Json());
  if (!object.is_object() || !has_only(json, {"msgtype", type})) return api_answer(40008, "invalid message type");
  Said said = refused(40008, "invalid message type");
  if (type == "text")
    said = read_content(object, "text", kMaxTextBytes, {"content", "mentioned_list", "mentioned_mobile_list"});
  if (type == "markdown") said = read_content(object, "markdown", kMaxRobotMarkdown, {"content"});
  if (type == "news") said = read_news(object);
  if (type == "template_card") said = read_template_card(object);
  if (said.code != 0) return api_answer(said.code, said.words);
  if (said.card && said.card->type != "text_notice") return api_answer(40058, "a robot's card has no buttons");
  const auto group = "group:" + key;
  if (!api.has_room(group, api.config_.robot_per_minute)) return api_answer(45009, "api freq out of limit");
  for (const auto& member : object.value("mentioned_list", Json::array()))
    if (member.is_string()) said.shown.shown += " @" + member.get<std::string>();
  said.shown.member = group;
  said.shown.at = now;
  api.screens_.show(std::move(said.shown));
  return api_answer(0, "ok");
}

const std::map<std::string, WeComCalls::Entry, std::less<>>& WeComCalls::table() {
  static const std::map<std::string, Entry, std::less<>> kTable{
      {"/cgi-bin/gettoken", {"GET", false, gettoken}},
      {"/cgi-bin/message/send", {"POST", true, message_send}},
      {"/cgi-bin/message/update_template_card", {"POST", true, update_template_card}},
      {"/cgi-bin/media/upload", {"POST", true, media_upload}},
      {"/cgi-bin/media/get", {"GET", true, media_get}},
      {"/cgi-bin/auth/getuserinfo", {"GET", true, getuserinfo}},
      {"/cgi-bin/webhook/send", {"POST", false, webhook_send}},
  };
  return kTable;
}

}  // namespace huiyin::simulators
