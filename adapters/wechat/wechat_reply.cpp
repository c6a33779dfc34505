#include "adapters/wechat/wechat_reply.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "adapters/wechat/wechat_xml.h"
#include "core/text.h"

namespace huiyin::wechat {
namespace {

std::string_view type_of(MediaKind kind) {
  switch (kind) {
    case MediaKind::image:
      return "image";
    case MediaKind::voice:
      return "voice";
    case MediaKind::video:
      return "video";
    case MediaKind::file:
      return {};  // a passive reply cannot carry one
  }
  return {};
}

void write_media(std::string& out, const MediaReference& media) {
  const auto type = type_of(media.kind);
  std::string outer(type);
  outer.front() = static_cast<char>(outer.front() - 'a' + 'A');
  append_cdata(out, "MsgType", type);
  out.append("<").append(outer).append(">");
  append_cdata(out, "MediaId", clean_text(media.media_id));
  out.append("</").append(outer).append(">");
}

void write_news(std::string& out, const std::vector<Article>& articles, std::size_t most) {
  const auto count = std::min(articles.size(), std::max<std::size_t>(most, 1));
  append_cdata(out, "MsgType", "news");
  out.append("<ArticleCount>").append(std::to_string(count)).append("</ArticleCount><Articles>");
  for (std::size_t i = 0; i < count; ++i) {
    const auto& article = articles[i];
    out += "<item>";
    append_cdata(out, "Title", clean_text(article.title));
    append_cdata(out, "Description", clean_text(article.description));
    append_cdata(out, "PicUrl", clean_text(article.picture_url));
    append_cdata(out, "Url", clean_text(article.url));
    out += "</item>";
  }
  out += "</Articles>";
}

/// What stands before a choice's label on its own line: digits and the marks that people put after them.
bool is_numbering(std::string_view text) {
  constexpr std::size_t kLongest = 12;
  constexpr std::string_view kMarks[] = {".", "、", "．", ")", "）", "(", "（", " ", ":", "："};
  if (text.empty() || text.size() > kLongest) return false;
  while (!text.empty()) {
    if (text.front() >= '0' && text.front() <= '9') {
      text.remove_prefix(1);
      continue;
    }
    const auto mark = std::find_if(std::begin(kMarks), std::end(kMarks), [&](auto m) { return text.starts_with(m); });
    if (mark == std::end(kMarks)) return false;
    text.remove_prefix(mark->size());
  }
  return true;
}

/// Can both stand in the link's query as they are? The client's own escaping is not documented.
bool is_plain_enough(const Choice& choice) {
  constexpr std::string_view kForbidden = "\"'<>&#%=?+ \n\r\t";
  return !choice.id.empty() && !choice.label.empty() && choice.id.find_first_of(kForbidden) == std::string::npos &&
         choice.label.find_first_of(kForbidden) == std::string::npos;
}

bool writes_out(std::string_view line, const Choice& choice) {
  return !choice.label.empty() && line.ends_with(choice.label) &&
         is_numbering(line.substr(0, line.size() - choice.label.size()));
}

std::string link_line(std::string_view line, const std::vector<Choice>& choices) {
  for (const auto& choice : choices) {
    if (!is_plain_enough(choice) || !writes_out(line, choice)) continue;
    return "<a href=\"weixin://bizmsgmenu?msgmenucontent=" + choice.label + "&msgmenuid=" + choice.id + "\">" +
           std::string(line) + "</a>";
  }
  return std::string(line);
}

}  // namespace

bool is_choice_line(std::string_view line, const std::vector<Choice>& choices) {
  return std::any_of(choices.begin(), choices.end(), [line](const Choice& choice) { return writes_out(line, choice); });
}

std::string with_tappable_choices(const OutboundMessage& message) {
  if (message.choices.empty()) return message.text;
  std::string linked;
  for (const auto line : split(message.text, '\n')) {
    if (!linked.empty() || line.data() != message.text.data()) linked += '\n';
    linked += link_line(line, message.choices);
  }
  return linked.size() <= kMaxTextBytes ? linked : message.text;
}

std::string write_reply(const OutboundMessage& message, const ReplyContext& context, Time now) {
  const auto cleaned = clean_text(with_tappable_choices(message));
  const auto text = trim(cleaned);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  constexpr std::size_t kAround = 384;  // more than the elements and both names
  std::string out;
  out.reserve(text.size() + kAround);
  out += "<xml>";
  append_cdata(out, "ToUserName", clean_text(context.to));
  append_cdata(out, "FromUserName", clean_text(context.from));
  out.append("<CreateTime>").append(std::to_string(seconds)).append("</CreateTime>");
  if (message.hand_to_desk) {
    append_cdata(out, "MsgType", "transfer_customer_service");
  } else if (!message.articles.empty()) {
    write_news(out, message.articles, context.max_articles);
  } else if (!text.empty()) {  // an empty Content is shown to the owner as a fault
    append_cdata(out, "MsgType", "text");
    append_cdata(out, "Content", first_bytes(text, kMaxTextBytes));
  } else if (!message.media.empty() && !type_of(message.media.front().kind).empty()) {
    write_media(out, message.media.front());
  } else {
    return {};
  }
  out += "</xml>";
  return out;
}

}  // namespace huiyin::wechat
