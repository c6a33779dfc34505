#include "simulators/feishu_rules.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "simulators/json_rules.h"
#include "simulators/sms_signing.h"

namespace huiyin::simulators {
namespace {

using Json = nlohmann::json;

constexpr int kParameter = 230001, kContent = 230025;
constexpr std::size_t kMostCard = 30U << 10, kMostText = 150U << 10;

FeishuSaid refused(int code, std::string words) { return {.code = code, .words = std::move(words), .shown = {}}; }

/// Reads one card; the first thing that is wrong with it is kept.
class CardReader {
 public:
  FeishuSaid read(const Json& card) {
    if (!card.is_object() || !has_only(card, {"config", "header", "elements"})) return refused(kParameter, "card");
    if (card.dump().size() > kMostCard) return refused(kContent, "card over 30 KB");
    const auto config = card.value("config", Json::object());
    if (!has_only(config, {"wide_screen_mode", "update_multi"})) refuse("config");
    out_.update_multi = config.value("update_multi", false);
    out_.shown.kind = "interactive";
    const auto header = card.value("header", Json::object());
    if (!has_only(header, {"title", "template"})) refuse("header");
    say(words_in(header.value("title", Json())));
    const auto elements = card.value("elements", Json());
    if (!elements.is_array() || elements.empty()) refuse("elements");
    for (const auto& element : elements) read_element(element);
    return out_.code == 0 ? std::move(out_) : refused(out_.code, out_.words);
  }

 private:
  void refuse(const std::string& words) {
    if (out_.code != 0) return;
    out_.code = kParameter;
    out_.words = words;
  }
  void say(const std::string& words) { out_.shown.shown += (out_.shown.shown.empty() ? "" : "\n") + words; }
  std::string words_in(const Json& text) {
    auto content = text_of(text, "content");
    if (!text.is_object() || !has_only(text, {"tag", "content"}) || text_of(text, "tag") != "plain_text" ||
        content.empty())
      refuse("plain_text");
    return content;
  }
  void read_element(const Json& element) {
    const auto tag = text_of(element, "tag");
    if (tag == "div") return read_div(element);
    if (tag == "action") return read_actions(element);
    if (tag != "note") return refuse("element " + tag);
    for (const auto& one : element.value("elements", Json::array())) say(words_in(one));
  }
  void read_div(const Json& element) {
    if (!has_only(element, {"tag", "text", "fields"})) refuse("div");
    if (element.contains("text")) say(words_in(element.at("text")));
    for (const auto& field : element.value("fields", Json::array())) {
      if (!field.contains("is_short")) refuse("is_short");
      say(words_in(field.value("text", Json())));
    }
  }
  void read_actions(const Json& element) {
    if (!has_only(element, {"tag", "layout", "actions"})) refuse("action");
    for (const auto& button : element.value("actions", Json::array())) {
      if (text_of(button, "tag") != "button" || !has_only(button, {"tag", "text", "type", "value", "url"}))
        refuse("button");
      const auto words = words_in(button.value("text", Json()));
      if (button.contains("value"))
        out_.shown.buttons.push_back({button.at("value").dump(), words});
      else if (const auto url = text_of(button, "url"); url.starts_with("http"))
        out_.shown.url = url;
      else
        refuse("button without value and url");
    }
  }

  FeishuSaid out_{};
};

}  // namespace

std::string feishu_bot_signature(const std::string& timestamp, const std::string& secret) {
  return base64(keyed(Digest::sha256, timestamp + "\n" + secret, ""));
}

FeishuSaid read_feishu_card(const Json& card) { return CardReader().read(card); }

FeishuSaid read_feishu_text(const std::string& text) {
  constexpr std::string_view kAt = "<at user_id=\"", kEnd = "</at>";
  if (trim(text).empty()) return refused(kParameter, "empty text");
  if (text.size() > kMostText) return refused(kContent, "text over 150 KB");
  FeishuSaid out{.shown = {.kind = "text"}};
  for (std::string_view rest = text; !rest.empty();) {
    const auto at = std::min(rest.find(kAt), rest.size());
    out.shown.shown += rest.substr(0, at);
    rest.remove_prefix(at);
    if (rest.empty()) break;
    rest.remove_prefix(kAt.size());
    const auto who = rest.substr(0, std::min(rest.find('"'), rest.size()));
    const auto end = rest.find(kEnd);
    if (who.empty() || end == std::string_view::npos) return refused(kParameter, "at");
    out.shown.shown += "@" + std::string(who);
    rest.remove_prefix(end + kEnd.size());
  }
  return out;
}

FeishuSaid read_feishu_post(const Json& content) {
  const auto post = content.value("post", Json::object()).value("zh_cn", Json());
  const auto lines = post.is_object() ? post.value("content", Json()) : Json();
  if (!lines.is_array() || lines.empty() || !has_only(post, {"title", "content"})) return refused(kParameter, "post");
  FeishuSaid out{.shown = {.kind = "post", .shown = text_of(post, "title")}};
  for (const auto& line : lines)
    for (const auto& piece : line) {
      const auto tag = text_of(piece, "tag");
      if ((tag != "text" && tag != "a") || text_of(piece, "text").empty()) return refused(kParameter, "post: " + tag);
      out.shown.shown += "\n" + text_of(piece, "text");
      if (tag == "a") out.shown.url = text_of(piece, "href");
    }
  return out;
}

}  // namespace huiyin::simulators
