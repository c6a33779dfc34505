#include "adapters/wechat/wechat_send.h"

#include <algorithm>
#include <utility>

#include "adapters/wechat/wechat_crypto.h"
#include "adapters/wechat/wechat_reply.h"
#include "core/json_writer.h"
#include "core/text.h"

namespace huiyin::wechat {
namespace {

constexpr std::size_t kMostMenuItems = 10;     // ours: the platform states none
constexpr std::size_t kMostMenuIdDigits = 18;  // clients of the vendor's read it as a 64-bit number
constexpr std::size_t kMostClientId = 32;
constexpr std::size_t kMostUrl = 1024;
constexpr std::string_view kCut = "…";

Rejected refused(std::string code, std::string why) { return {.code = std::move(code), .why = std::move(why)}; }

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string within(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  return std::string(trim(first_bytes(text, bytes - kCut.size()))) + std::string(kCut);
}

/// The text without the lines in which the choices are written out: the menu shows them itself.
struct AroundMenu {
  std::string head{}, tail{};
};
AroundMenu around_menu(const OutboundMessage& message) {
  AroundMenu out;
  bool menu_seen = false;
  for (const auto line : split(message.text, '\n')) {
    if (is_choice_line(line, message.choices)) {
      menu_seen = true;
      continue;
    }
    auto& part = menu_seen ? out.tail : out.head;
    if (!part.empty()) part += '\n';
    part += line;
  }
  out.head = within(trim(clean_text(out.head)), kMaxTextBytes / 2);
  out.tail = within(trim(clean_text(out.tail)), kMaxTextBytes / 4);
  return out;
}

void write_menu(JsonWriter& json, const OutboundMessage& message) {
  const auto around = around_menu(message);
  json.key("msgtype").value("msgmenu");
  json.key("msgmenu").open('{');
  json.key("head_content").value(around.head);
  json.key("list").open('[');
  for (const auto& choice : message.choices) {
    json.open('{');
    json.key("id").value(choice.id);
    json.key("content").value(clean_text(choice.label));
    json.close('}');
  }
  json.close(']');
  json.key("tail_content").value(around.tail);
  json.close('}');
}

void write_text(JsonWriter& json, std::string_view text) {
  json.key("msgtype").value("text");
  json.key("text").open('{');
  json.key("content").value(within(text, kMaxTextBytes));
  json.close('}');
}

void write_news(JsonWriter& json, const Article& article) {
  json.key("msgtype").value("news");
  json.key("news").open('{');
  json.key("articles").open('[');
  json.open('{');
  json.key("title").value(clean_text(article.title));
  json.key("description").value(clean_text(article.description));
  json.key("url").value(clean_text(article.url));
  json.key("picurl").value(clean_text(article.picture_url));
  json.close('}');
  json.close(']');
  json.close('}');
}

bool write_media(JsonWriter& json, const MediaReference& media) {
  const std::string_view type = media.kind == MediaKind::image   ? "image"
                                : media.kind == MediaKind::voice ? "voice"
                                : media.kind == MediaKind::video ? "video"
                                                                 : "";
  if (type.empty() || media.media_id.empty()) return false;
  json.key("msgtype").value(type);
  json.key(type).open('{');
  json.key("media_id").value(clean_text(media.media_id));
  json.close('}');
  return true;
}

/// Several articles, which a push cannot carry: as many linked lines as fit.
std::string article_lines(const OutboundMessage& message) {
  std::string out(trim(clean_text(message.text)));
  for (const auto& article : message.articles) {
    const auto title = clean_text(article.title);
    const bool linked = !article.url.empty() && article.url.find_first_of("\"<> \n") == std::string::npos;
    const auto line = linked ? "<a href=\"" + clean_text(article.url) + "\">" + title + "</a>" : title;
    if (out.size() + 1 + line.size() > kMaxTextBytes) break;  // half a link is shown as its source
    out += (out.empty() ? "" : "\n") + line;
  }
  return out;
}

/// Once for one owner within ten minutes: our key, where it fits.
std::string client_id(const std::string& key) {
  if (key.size() <= kMostClientId) return key;
  const std::string_view parts[] = {key};
  return sign(parts).substr(0, kMostClientId);
}

}  // namespace

bool is_openid(std::string_view address) {
  return !address.empty() && address.size() <= kMostOpenid && std::all_of(address.begin(), address.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

bool makes_menu(const OutboundMessage& message) {
  const auto& choices = message.choices;
  return !choices.empty() && choices.size() <= kMostMenuItems && message.articles.empty() &&
         std::all_of(choices.begin(), choices.end(), [](const Choice& choice) {
           return is_number(choice.id) && choice.id.size() <= kMostMenuIdDigits && !trim(choice.label).empty();
         });
}

tl::expected<std::string, Rejected> write_push(const OutboundMessage& message, bool plain) {
  if (!is_openid(message.to.address)) return tl::unexpected(refused("openid", "the address is no openid"));
  JsonWriter json;
  json.key("touser").value(message.to.address);
  const auto cleaned = clean_text(with_tappable_choices(message));
  const auto text = trim(cleaned);
  if (message.articles.size() == 1 && text.empty() && !trim(message.articles.front().title).empty()) {
    write_news(json, message.articles.front());
  } else if (!message.articles.empty()) {
    const auto lines = article_lines(message);
    if (trim(lines).empty()) return tl::unexpected(refused("empty", "articles without a title"));
    write_text(json, lines);
  } else if (!plain && makes_menu(message)) {
    write_menu(json, message);
  } else if (!text.empty()) {
    write_text(json, text);
  } else if (message.media.empty() || !write_media(json, message.media.front())) {
    return tl::unexpected(refused("empty", "nothing that WeChat can be sent"));
  }
  return json.take();
}

tl::expected<std::string, Rejected> write_template(const Template& with, const OutboundMessage& message) {
  if (!is_openid(message.to.address)) return tl::unexpected(refused("openid", "the address is no openid"));
  const auto data = write_template_data(with, message);
  if (!data) return tl::unexpected(data.error());
  JsonWriter json;
  json.key("touser").value(message.to.address);
  json.key("template_id").value(with.id);
  const auto link = with.link.empty() ? std::string_view() : datum(message, with.link);
  const bool is_link = link.starts_with("https://") || link.starts_with("http://");
  if (is_link && link.size() <= kMostUrl) json.key(with.way == Way::subscription ? "page" : "url").value(link);
  if (with.way == Way::template_notice && !message.key.empty()) json.key("client_msg_id").value(client_id(message.key));
  auto body = json.take();
  body.pop_back();  // `data` is written already
  return body.append(",\"data\":").append(*data).append("}");
}

HttpCall api_call(const std::string& api_url, std::string_view path, const std::string& credential, std::string body) {
  return {.url = with_query(api_url + std::string(path), {{"access_token", credential}}),
          .body = std::move(body),
          .headers = {{"Content-Type", "application/json; charset=utf-8"}}};
}

HttpCall typing_call(const std::string& api_url, const std::string& credential, const std::string& openid,
                     bool typing) {
  JsonWriter json;
  json.key("touser").value(openid);
  json.key("command").value(typing ? "Typing" : "CancelTyping");
  return api_call(api_url, "/cgi-bin/message/custom/typing", credential, json.take());
}

}  // namespace huiyin::wechat
