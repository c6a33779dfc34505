#include "simulators/dingtalk_rules.h"

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "simulators/json_rules.h"
#include "simulators/sms_signing.h"

namespace huiyin::simulators {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kHourMs = 3'600'000;
constexpr int kParameter = 40035, kType = 400105, kEmpty = 400106;

DingTalkSaid refused(int code, std::string words) { return {.code = code, .words = std::move(words), .shown = {}}; }

bool is_link(std::string_view url) { return url.starts_with("https://") || url.starts_with("http://"); }

DingTalkSaid read_action_card(const Json& card) {
  if (!has_only(card, {"title", "text", "singleTitle", "singleURL"})) return refused(kParameter, "actionCard");
  const auto title = text_of(card, "title"), text = text_of(card, "text"), url = text_of(card, "singleURL");
  if (title.empty() || text.empty() || text_of(card, "singleTitle").empty()) return refused(kEmpty, "actionCard");
  if (!is_link(url)) return refused(kParameter, "singleURL");
  return {.shown = {.kind = "actionCard", .shown = title + "\n" + text, .url = url}};
}

DingTalkSaid read_feed(const Json& feed) {
  const auto links = feed.value("links", Json());
  if (!has_only(feed, {"links"}) || !links.is_array() || links.empty()) return refused(kParameter, "feedCard");
  DingTalkSaid out{.shown = {.kind = "feedCard"}};
  for (const auto& link : links) {
    if (!has_only(link, {"title", "messageURL", "picURL"}) || text_of(link, "title").empty())
      return refused(kParameter, "links");
    out.shown.shown += text_of(link, "title") + "\n";
    out.shown.url = text_of(link, "messageURL");
  }
  return out;
}

/// Whom it mentions must stand in its words as well, or nobody sees it.
DingTalkSaid check_at(DingTalkSaid said, const Json& at) {
  if (at.is_null()) return said;
  if (!at.is_object() || !has_only(at, {"atMobiles", "atUserIds", "isAtAll"})) return refused(kParameter, "at");
  for (const auto* key : {"atMobiles", "atUserIds"})
    for (const auto& one : at.value(key, Json::array()))
      if (!one.is_string() || said.shown.shown.find("@" + one.get<std::string>()) == std::string::npos)
        return refused(kParameter, "at: not in the words");
  if (at.value("isAtAll", false)) said.shown.shown += " @所有人";
  return said;
}

}  // namespace

std::string dingtalk_signature(const std::string& timestamp, const std::string& secret) {
  return base64(keyed(Digest::sha256, secret, timestamp + "\n" + secret));
}

bool is_dingtalk_time(std::string_view timestamp, Time now) {
  constexpr std::size_t kDigits = 13;
  if (timestamp.size() != kDigits || timestamp.find_first_not_of("0123456789") != std::string_view::npos) return false;
  return std::llabs(std::stoll(std::string(timestamp)) - now.time_since_epoch().count()) <= kHourMs;
}

DingTalkSaid read_robot_message(const std::string& body) {
  const auto json = read_json(body);
  if (json.is_null()) return refused(kParameter, "no JSON");
  const auto type = text_of(json, "msgtype");
  const auto object = json.value(type, Json());
  if (!object.is_object() || !has_only(json, {"msgtype", type, "at"})) return refused(kType, "msgtype");
  if (type == "actionCard" || type == "feedCard") {
    if (json.contains("at")) return refused(kParameter, "at: of a card");
    return type == "feedCard" ? read_feed(object) : read_action_card(object);
  }
  const bool markdown = type == "markdown";
  if (!markdown && type != "text") return refused(kType, "msgtype");
  if (!has_only(object, markdown ? std::set<std::string>{"title", "text"} : std::set<std::string>{"content"}))
    return refused(kParameter, type);
  const auto words = text_of(object, markdown ? "text" : "content");
  if (trim(words).empty() || (markdown && text_of(object, "title").empty())) return refused(kEmpty, "empty");
  return check_at({.shown = {.kind = type, .shown = words}}, json.value("at", Json()));
}

DingTalkSaid read_robot_template(const std::string& key, const std::string& parameters) {
  const auto json = read_json(parameters);
  if (json.is_null()) return refused(kParameter, "msgParam is no JSON");
  if (key == "sampleActionCard") return read_action_card(json);
  if (key == "sampleText") {
    const auto words = text_of(json, "content");
    if (!has_only(json, {"content"}) || trim(words).empty()) return refused(kParameter, "sampleText");
    return {.shown = {.kind = key, .shown = words}};
  }
  if (key != "sampleMarkdown") return refused(kParameter, "msgKey");
  const auto title = text_of(json, "title"), text = text_of(json, "text");
  if (!has_only(json, {"title", "text"}) || title.empty() || text.empty()) return refused(kParameter, "sampleMarkdown");
  return {.shown = {.kind = key, .shown = title + "\n" + text}};
}

}  // namespace huiyin::simulators
