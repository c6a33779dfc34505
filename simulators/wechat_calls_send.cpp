// Customer-service messages, typing, templates and subscription notices.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/text.h"
#include "simulators/json_rules.h"
#include "simulators/wechat_calls.h"
#include "simulators/wechat_rules.h"

namespace huiyin::simulators {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

constexpr std::size_t kMaxTextBytes = 2048;
constexpr auto kKnownAgain = 10min;  // a client_msg_id
constexpr auto kTypingAfter = 30s;   // of the owner's message
constexpr auto kTypingShown = 15s;

struct Refusal {
  int code = 0;
  std::string words{};
};

/// What a request says, or why it is refused.
struct Request {
  Json json{};
  std::string openid{};
  Refusal refusal{};
};

Request read(const std::string& body, const std::set<std::string>& allowed) {
  Request out;
  if (!is_valid_utf8(body) || has_unicode_escape(body)) {
    out.refusal = {40033, "characters that are not allowed: \\uXXXX"};
    return out;
  }
  out.json = Json::parse(body, nullptr, false);
  if (!out.json.is_object()) {
    out.refusal = {47001, "data format error"};
  } else if (!has_only(out.json, allowed)) {
    out.refusal = {40035, "a parameter that this call does not have"};
  } else {
    out.openid = text_of(out.json, "touser");
    if (out.openid.empty()) out.refusal = {40003, "invalid openid"};
  }
  return out;
}

struct Shown {
  std::string words{};
  Refusal refusal{};
};
using Reader = std::function<Shown(const Json&)>;

/// Links as the client shows them.
std::string without_links(std::string text) {
  for (auto at = text.find("<a "); at != std::string::npos; at = text.find("<a ", at)) {
    const auto end = text.find('>', at);
    const auto close = text.find("</a>", at);
    if (end == std::string::npos || close == std::string::npos || close < end) return {};
    text.erase(close, 4);
    text.erase(at, end + 1 - at);
  }
  return text;
}

Shown read_text(const Json& object) {
  const auto content = text_of(object, "content");
  if (trim(content).empty()) return {{}, {44004, "empty content"}};
  if (content.size() > kMaxTextBytes) return {{}, {45002, "content size out of limit"}};
  auto words = without_links(content);
  if (words.empty()) return {{}, {40035, "a link that is not closed"}};
  return {std::move(words), {}};
}

Shown read_news(const Json& object) {
  const auto articles = object.value("articles", Json());
  if (!articles.is_array() || articles.size() != 1) return {{}, {45008, "article size out of limit"}};
  const auto title = text_of(articles[0], "title");
  if (title.empty()) return {{}, {44003, "empty news"}};
  return {"[图文] " + title, {}};
}

Shown read_menu(const Json& object) {
  const auto list = object.value("list", Json());
  if (!list.is_array() || list.empty()) return {{}, {40035, "invalid list"}};
  auto words = text_of(object, "head_content");
  for (const auto& item : list) {
    const auto id = text_of(item, "id"), content = text_of(item, "content");
    if (id.empty() || id.find_first_not_of("0123456789") != std::string::npos || trim(content).empty())
      return {{}, {40035, "invalid menu item"}};
    words += fmt::format("{}[{}]", words.empty() ? "" : "\n", content);
  }
  if (const auto tail = text_of(object, "tail_content"); !tail.empty()) words += "\n" + tail;
  if (words.size() > kMaxTextBytes) return {{}, {45002, "content size out of limit"}};
  return {std::move(words), {}};
}

const WeChatTemplate* find_template(const WeChatApi::Config& account, const std::string& id, bool subscription) {
  const auto found = std::find_if(account.templates.begin(), account.templates.end(), [&](const WeChatTemplate& one) {
    return one.id == id && one.subscription == subscription;
  });
  return found == account.templates.end() ? nullptr : &*found;
}

Shown read_data(const Json& json, const WeChatTemplate& with) {
  const auto data = json.value("data", Json());
  if (!data.is_object()) return {{}, {47003, "argument invalid! data"}};
  std::string words;
  for (const auto& key : with.keys) {
    const auto value = data.value(key, Json());
    const auto fault = value.is_object() ? fault_of_field(key, text_of(value, "value")) : "is missing";
    if (!fault.empty()) return {{}, {47003, fmt::format("argument invalid! data.{}.value {}", key, fault)}};
    words += fmt::format("{}{}：{}", words.empty() ? "" : "\n", key, text_of(value, "value"));
  }
  if (data.size() != with.keys.size()) return {{}, {47003, "argument invalid! data has a key that the template lacks"}};
  return {std::move(words), {}};
}

bool is_page(const std::string& url) {
  return url.size() <= 1024 && (url.starts_with("http://") || url.starts_with("https://")) &&
         url.find_first_of(" \"<>") == std::string::npos;
}

HttpReply refuse(const Refusal& refusal) { return api_answer(refusal.code, refusal.words); }

}  // namespace

HttpReply WeChatCalls::custom_send(WeChatApi& api, const HttpRequest& request, Time now) {
  auto read_request =
      read(request.body, {"touser", "msgtype", "text", "image", "voice", "video", "news", "msgmenu", "customservice"});
  auto& [json, openid, refusal] = read_request;
  if (refusal.code != 0) return refuse(refusal);
  const auto read_media = [&](const Json& object) -> Shown {
    const auto media = api.media_.find(text_of(object, "media_id"));
    if (media == api.media_.end() || media->second.expires <= now) return {{}, {40007, "invalid media_id"}};
    return {"[" + media->second.content_type + "]", {}};
  };
  const std::map<std::string, Reader> kinds{{"text", read_text},   {"news", read_news},   {"msgmenu", read_menu},
                                            {"image", read_media}, {"voice", read_media}, {"video", read_media}};
  const auto type = text_of(json, "msgtype");
  const auto kind = kinds.find(type);
  if (kind == kinds.end() || !json.contains(type) || !json.at(type).is_object())
    return api_answer(40008, "invalid message type");
  auto shown = kind->second(json.at(type));
  if (shown.refusal.code != 0) return refuse(shown.refusal);
  if (!api.ledger_.knows(openid)) return api_answer(40003, "invalid openid");
  if (const auto refused = api.ledger_.spend(openid, now); refused != 0)
    return api_answer(refused, refused == 45047 ? "out of response count limit" : "response out of time limit");
  api.show({openid, "custom/send", type, std::move(shown.words), {}, now});
  return api_answer(0, "ok");
}

HttpReply WeChatCalls::custom_typing(WeChatApi& api, const HttpRequest& request, Time now) {
  const auto [json, openid, refusal] = read(request.body, {"touser", "command"});
  if (refusal.code != 0) return refuse(refusal);
  const auto command = text_of(json, "command");
  if (command != "Typing" && command != "CancelTyping") return api_answer(45072, "invalid command");
  auto& until = api.typing_until_[openid];
  if (command == "CancelTyping") {
    until = now;
    return api_answer(0, "ok");
  }
  if (now - api.ledger_.last_message(openid) > kTypingAfter) return api_answer(45080, "no message of the user");
  if (until > now) return api_answer(45081, "already typing");
  until = now + kTypingShown;
  return api_answer(0, "ok");
}

HttpReply WeChatCalls::template_send(WeChatApi& api, const HttpRequest& request, Time now) {
  const auto [json, openid, refusal] =
      read(request.body, {"touser", "template_id", "url", "miniprogram", "client_msg_id", "data"});
  if (refusal.code != 0) return refuse(refusal);
  const auto* with = find_template(api.config_, text_of(json, "template_id"), false);
  if (with == nullptr) return api_answer(40037, "invalid template_id");
  if (json.contains("url") && !is_page(text_of(json, "url"))) return api_answer(41030, "invalid url");
  auto shown = read_data(json, *with);
  if (shown.refusal.code != 0) return refuse(shown.refusal);
  if (!api.ledger_.knows(openid)) return api_answer(40003, "invalid openid");
  if (!api.ledger_.follows(openid)) return api_answer(43004, "require subscribe");
  const auto client = text_of(json, "client_msg_id");
  const auto answer = [](const std::string& id) { return api_answer(0, "ok", ",\"msgid\":" + id); };
  for (const auto& before : api.notices_)
    if (!client.empty() && before.client_id == client && before.openid == openid && now - before.at < kKnownAgain)
      return answer(before.id);
  const auto id = api.next_message_id();
  api.notices_.push_back({openid, client, id, now});
  api.job_events_.push_back(
      {openid, "TEMPLATESENDJOBFINISH", fmt::format("<MsgID>{}</MsgID><Status><![CDATA[success]]></Status>", id)});
  api.show({openid, "template/send", "template", std::move(shown.words), id, now});
  return answer(id);
}

HttpReply WeChatCalls::subscribe_bizsend(WeChatApi& api, const HttpRequest& request, Time now) {
  const auto [json, openid, refusal] = read(request.body, {"touser", "template_id", "page", "miniprogram", "data"});
  if (refusal.code != 0) return refuse(refusal);
  const auto template_id = text_of(json, "template_id");
  const auto* with = find_template(api.config_, template_id, true);
  if (with == nullptr) return api_answer(40037, "invalid template_id");
  if (json.contains("page") && !is_page(text_of(json, "page"))) return api_answer(41030, "invalid page");
  auto shown = read_data(json, *with);
  if (shown.refusal.code != 0) return refuse(shown.refusal);
  if (!api.ledger_.knows(openid)) return api_answer(40003, "invalid openid");
  auto& credits = api.credits_[openid + " " + template_id];
  if (credits <= 0) return api_answer(43101, "user refuse to accept the msg");
  --credits;
  const auto id = api.next_message_id();
  api.job_events_.push_back(
      {openid, "subscribe_msg_sent_event",
       fmt::format("<SubscribeMsgSentEvent><List><TemplateId><![CDATA[{}]]></TemplateId><MsgID>{}</MsgID>"
                   "<ErrorCode>0</ErrorCode><ErrorStatus><![CDATA[success]]></ErrorStatus></List>"
                   "</SubscribeMsgSentEvent>",
                   template_id, id)});
  api.show({openid, "subscribe/bizsend", "subscription", std::move(shown.words), id, now});
  return api_answer(0, "ok", ",\"msgid\":" + id);
}

bool has_unicode_escape(std::string_view json) {
  for (std::size_t at = 0; at + 1 < json.size(); ++at) {
    if (json[at] != '\\') continue;
    if (json[++at] == 'u') return true;  // what follows a backslash is taken with it: a backslash may be escaped itself
  }
  return false;
}

HttpReply api_answer(std::int64_t code, std::string_view words, const std::string& more) {
  // Every refusal of the platform's ends in the id by which its support finds the request.
  const auto rid =
      code == 0 ? std::string() : fmt::format(" rid: 692400{0:02x}-5a5a{0:04x}-1b1b{0:04x}", code & 0xFFFF);
  return {.body = fmt::format(R"({{"errcode":{},"errmsg":{}{}}})", code, Json(std::string(words) + rid).dump(), more),
          .headers = {{"Content-Type", "application/json; encoding=utf-8"}}};
}

const std::map<std::string, WeChatCalls::Entry, std::less<>>& WeChatCalls::table() {
  static const std::map<std::string, Entry, std::less<>> kTable{
      {"/cgi-bin/token", {"GET", false, token}},
      {"/cgi-bin/stable_token", {"POST", false, stable_token}},
      {"/cgi-bin/message/custom/send", {"POST", true, custom_send}},
      {"/cgi-bin/message/custom/typing", {"POST", true, custom_typing}},
      {"/cgi-bin/message/template/send", {"POST", true, template_send}},
      {"/cgi-bin/message/subscribe/bizsend", {"POST", true, subscribe_bizsend}},
      {"/cgi-bin/media/get", {"GET", true, media_get}},
      {"/video", {"GET", false, media_get}},
      {"/cgi-bin/menu/create", {"POST", true, menu_create}},
      {"/cgi-bin/menu/delete", {"GET", true, menu_delete}},
      {"/cgi-bin/get_current_selfmenu_info", {"GET", true, menu_show}},
      {"/cgi-bin/qrcode/create", {"POST", true, qrcode_create}},
      {"/datacube/getinterfacesummary", {"POST", true, interface_summary}},
  };
  return kTable;
}

}  // namespace huiyin::simulators
