#include "simulators/wechat_answer.h"

#include <algorithm>
#include <functional>
#include <map>

#include "core/text.h"
#include "simulators/strict_xml.h"

namespace huiyin::simulators {
namespace {

constexpr std::size_t kMaxTextBytes = 2048;
constexpr std::size_t kMaxArticlesToEvent = 8;

bool is_number(const std::string& text) {
  return !text.empty() && text.size() < 12 && text.find_first_not_of("0123456789") == std::string::npos;
}

/// What stands between `before` and `after`, and takes all of it off the front of `text`.
std::string take_between(std::string_view& text, std::string_view before, std::string_view after) {
  const auto begin = text.find(before);
  const auto end = begin == std::string_view::npos ? begin : text.find(after, begin + before.size());
  if (end == std::string_view::npos) return {};
  std::string taken(text.substr(begin + before.size(), end - begin - before.size()));
  text.remove_prefix(end + after.size());
  return taken;
}

/// The client shows a link's words; a menu link sends its content and id when tapped.
void show_text(std::string_view content, WeChatDelivery& out) {
  for (auto at = content.find("<a "); at != std::string_view::npos; at = content.find("<a ")) {
    out.shown += content.substr(0, at);
    content.remove_prefix(at);
    auto rest = content;
    const auto target = take_between(rest, "href=\"", "\">");
    const auto end = rest.find("</a>");
    if (target.empty() || end == std::string_view::npos) break;
    const std::string words(rest.substr(0, end));
    std::string_view query = target;
    constexpr std::string_view kMenu = "weixin://bizmsgmenu?msgmenucontent=";
    if (query.starts_with(kMenu)) {
      query.remove_prefix(kMenu.size());
      const auto id = query.find("&msgmenuid=");
      if (id != std::string_view::npos) {
        out.links.push_back({words, std::string(query.substr(0, id)), std::string(query.substr(id + 11))});
      }
    }
    out.shown += words;
    content = rest.substr(end + 4);
  }
  out.shown += content;
}

using Reader = std::function<std::string(const XmlField&, const WeChatMessage&, WeChatDelivery&)>;

std::string read_text(const XmlField& xml, const WeChatMessage&, WeChatDelivery& out) {
  const auto content = xml.text("Content");
  if (trim(content).empty()) return "Content: empty";
  if (content.size() > kMaxTextBytes) return "Content: " + std::to_string(content.size()) + " bytes, over 2048";
  show_text(content, out);
  return {};
}

Reader media_reader(const char* element, const char* shown) {
  return [element, shown](const XmlField& xml, const WeChatMessage&, WeChatDelivery& out) -> std::string {
    const auto* media = xml.find(element);
    if (media == nullptr || media->text("MediaId").empty()) return std::string(element) + "/MediaId: absent";
    out.shown = std::string("[") + shown + "]";
    return {};
  };
}

std::string read_news(const XmlField& xml, const WeChatMessage& message, WeChatDelivery& out) {
  const auto* articles = xml.find("Articles");
  const auto count = articles == nullptr ? 0 : articles->fields.size();
  if (count == 0 || xml.text("ArticleCount") != std::to_string(count)) return "ArticleCount: not that of Articles";
  if (count > (message.is_event ? kMaxArticlesToEvent : 1)) return "Articles: more than are shown";
  for (const auto& item : articles->fields) {
    if (item.name != "item" || item.text("Title").empty()) return "Articles: not items with a Title";
    out.shown += (out.shown.empty() ? "[图文] " : "\n[图文] ") + item.text("Title");
  }
  return {};
}

std::string read_transfer(const XmlField&, const WeChatMessage&, WeChatDelivery& out) {
  out.shown = "[转接人工客服]";
  return {};
}

/// Per MsgType, the fields beside the common ones that must be there, and how they are shown.
struct Kind {
  std::vector<std::string> fields;
  Reader read;
};
const std::map<std::string, Kind>& kinds() {
  static const std::map<std::string, Kind> table{
      {"text", {{"Content"}, read_text}},
      {"image", {{"Image"}, media_reader("Image", "图片")}},
      {"voice", {{"Voice"}, media_reader("Voice", "语音")}},
      {"video", {{"Video"}, media_reader("Video", "视频")}},
      {"news", {{"ArticleCount", "Articles"}, read_news}},
      {"transfer_customer_service", {{}, read_transfer}},
  };
  return table;
}

std::string check_fields(const XmlField& xml, const Kind& kind) {
  std::vector<std::string> expected{"ToUserName", "FromUserName", "CreateTime", "MsgType"};
  expected.insert(expected.end(), kind.fields.begin(), kind.fields.end());
  std::vector<std::string> found;
  for (const auto& field : xml.fields) found.push_back(field.name);
  auto sorted = expected;
  std::sort(sorted.begin(), sorted.end());
  std::sort(found.begin(), found.end());
  return sorted == found ? std::string() : "fields: not exactly those of its MsgType";
}

std::string read_reply(const XmlField& xml, const WeChatMessage& message, const std::string& account_id,
                       WeChatDelivery& out) {
  const auto kind = kinds().find(xml.text("MsgType"));
  if (kind == kinds().end()) return "MsgType: unknown";
  if (auto wrong = check_fields(xml, kind->second); !wrong.empty()) return wrong;
  if (xml.text("ToUserName") != message.openid) return "ToUserName: not the owner";
  if (xml.text("FromUserName") != account_id) return "FromUserName: not the account";
  if (!is_number(xml.text("CreateTime"))) return "CreateTime: not a number";
  return kind->second.read(xml, message, out);
}

}  // namespace

WeChatDelivery read_answer(const std::string& xml, const WeChatMessage& message, const std::string& account_id) {
  WeChatDelivery out{.xml = xml};
  const auto parsed = read_strictly(xml);
  out.violation = parsed ? read_reply(*parsed, message, account_id, out) : "reply: " + parsed.error();
  if (out.violation.empty() && !message.may_be_answered) out.shown.clear();  // nobody is there to be shown it
  return out;
}

}  // namespace huiyin::simulators
