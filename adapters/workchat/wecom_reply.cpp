#include "adapters/workchat/wecom_reply.h"

#include <algorithm>
#include <chrono>

#include "adapters/wechat/wechat_xml.h"
#include "adapters/workchat/wecom_card.h"
#include "adapters/workchat/wecom_send.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

using wechat::append_cdata;
using wechat::cdata_element;

constexpr std::size_t kMostArticles = 8;
constexpr std::size_t kReplaceName = 30;  // ours: what fits a phone's width

std::string news(const std::vector<Article>& articles) {
  const auto count = std::min(articles.size(), kMostArticles);
  std::string out = cdata_element("MsgType", "news");
  out += "<ArticleCount>" + std::to_string(count) + "</ArticleCount><Articles>";
  for (std::size_t i = 0; i < count; ++i)
    out += "<item>" + cdata_element("Title", articles[i].title) +
           cdata_element("Description", articles[i].description) + cdata_element("PicUrl", articles[i].picture_url) +
           cdata_element("Url", articles[i].url) + "</item>";
  return out + "</Articles>";
}

std::string media(const MediaReference& reference) {
  const std::string_view type = reference.kind == MediaKind::image   ? "image"
                                : reference.kind == MediaKind::voice ? "voice"
                                : reference.kind == MediaKind::video ? "video"
                                                                     : "";
  if (type.empty() || reference.media_id.empty()) return {};
  std::string outer(type);
  outer.front() = static_cast<char>(outer.front() - 'a' + 'A');
  return cdata_element("MsgType", type) + "<" + outer + ">" + cdata_element("MediaId", reference.media_id) + "</" +
         outer + ">";
}

std::string card_change(const OutboundMessage& message, std::string_view source) {
  if (message.card.id.empty())
    return cdata_element("MsgType", "update_button") + "<Button>" +
           cdata_element("ReplaceName", one_line(message.card.title, kReplaceName)) + "</Button>";
  const auto form = message.choices.empty() ? CardForm::notice : CardForm::buttons;
  return cdata_element("MsgType", "update_template_card") + "<TemplateCard>" + write_card_xml(message, form, source) +
         "</TemplateCard>";
}

std::string body_of(const OutboundMessage& message, const Replied& to) {
  const auto& card = message.card;
  const bool has_form =
      card.id.empty() || !message.choices.empty() || !card.url.empty();  // a notice must lead somewhere
  if (to.to_tap && has_form && !trim(card.title).empty()) return card_change(message, to.source);
  if (!message.articles.empty()) return news(message.articles);
  const auto cleaned = clean_text(message.text);
  if (const auto text = trim(cleaned); !text.empty())
    return cdata_element("MsgType", "text") + cdata_element("Content", first_bytes(text, kMaxTextBytes));
  return message.media.empty() ? std::string() : media(message.media.front());
}

}  // namespace

std::string write_wecom_reply(const OutboundMessage& message, const Replied& to, Time now) {
  const auto body = body_of(message, to);
  if (body.empty()) return {};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  std::string out = "<xml>";
  append_cdata(out, "ToUserName", clean_text(to.context.to));
  append_cdata(out, "FromUserName", clean_text(to.context.from));
  out.append("<CreateTime>").append(std::to_string(seconds)).append("</CreateTime>");
  return out.append(body).append("</xml>");
}

}  // namespace huiyin::workchat
