#include "adapters/workchat/dingtalk_message.h"

#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "adapters/wechat/wechat_values.h"
#include "adapters/workchat/card_words.h"
#include "adapters/workchat/json_fields.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

using Json = nlohmann::json;
using Bodies = tl::expected<std::vector<EventBody>, std::string>;
using wechat::key_part;
using wechat::kMaxKey;
using enum RejectReason;

constexpr std::size_t kMostPictures = 9;

Bodies read_media(const Json& content, MediaKind kind) {
  MediaMessage media{.kind = kind,
                     .media_id = text_in(content, "downloadCode"),
                     .url = {},
                     .format = text_in(content, kind == MediaKind::file ? "fileName" : "videoType"),
                     .recognition = text_in(content, "recognition")};
  if (media.media_id.empty()) return tl::unexpected(std::string("content.downloadCode: absent"));
  return std::vector<EventBody>{std::move(media)};
}

Bodies read_rich_text(const Json& content) {
  const auto pieces = content.find("richText");
  if (pieces == content.end() || !pieces->is_array()) return tl::unexpected(std::string("content.richText: absent"));
  std::string words;
  std::vector<EventBody> pictures;
  for (const auto& piece : *pieces) {
    words += text_in(piece, "text");
    if (text_in(piece, "type") != "picture" || pictures.size() >= kMostPictures) continue;
    if (auto picture = read_media(piece, MediaKind::image)) pictures.push_back(std::move(picture->front()));
  }
  std::vector<EventBody> out;
  if (const auto said = trim(words); !said.empty() || pictures.empty())
    out.emplace_back(TextMessage{std::string(said), {}, {}});
  std::move(pictures.begin(), pictures.end(), std::back_inserter(out));
  return out;
}

Bodies read_bodies(const Json& body, const std::string& type) {
  const auto& content = object_in(body, "content");
  if (type == "text") {
    const auto& text = object_in(body, "text");
    if (!text.contains("content")) return tl::unexpected(std::string("text.content: absent"));
    return std::vector<EventBody>{TextMessage{std::string(trim(text_in(text, "content"))), {}, {}}};
  }
  if (type == "richText") return read_rich_text(content);
  if (type == "picture") return read_media(content, MediaKind::image);
  if (type == "audio") return read_media(content, MediaKind::voice);
  if (type == "video") return read_media(content, MediaKind::video);
  if (type == "file") return read_media(content, MediaKind::file);
  return std::vector<EventBody>{UnsupportedMessage{type}};  // what comes later: he is told
}

Time sent_at(const Json& body, Time received) {
  constexpr std::int64_t kFirst = 946'684'800'000, kLast = 4'102'444'800'000;  // 2000 to 2100
  const auto created = number_in(body, "createAt");
  return created && *created >= kFirst && *created <= kLast ? Time(Millis(*created)) : received;
}

}  // namespace

tl::expected<Inbound, Reject> read_dingtalk_message(const Json& body, const DingTalkApp& app, Time received) {
  for (const auto* name : {"msgId", "msgtype"})
    if (text_in(body, name).empty()) return reject(malformed, std::string(name) + ": absent");
  if (const auto corp = text_in(body, "chatbotCorpId"); corp != app.corp_id)
    return reject(malformed, "chatbotCorpId: not this company");
  if (const auto robot = text_in(body, "robotCode"); robot != app.robot_code)
    return reject(malformed, "robotCode: not this app");
  Inbound out;
  const auto add = [&](const std::string& key, std::string address, EventBody said) {
    out.events.push_back({app.channel + ":" + key_part(key, kMaxKey),
                          {app.channel, std::move(address)},
                          sent_at(body, received),
                          std::move(said)});
  };
  const auto id = "m:" + key_part(text_in(body, "msgId"));
  const auto from = text_in(body, "senderStaffId");
  const bool ours = is_user_id(from) && text_in(body, "senderCorpId") == app.corp_id;
  if (!ours) {
    out.context.takes_reply = false;
    add(id, {}, Notice{"message of an outsider", {}, false});
    return out;
  }
  auto bodies = read_bodies(body, text_in(body, "msgtype"));
  if (!bodies) return reject(malformed, std::move(bodies.error()));
  out.context.to = from;
  for (std::size_t i = 0; i < bodies->size(); ++i)
    add(id + (i == 0 ? "" : ":" + std::to_string(i)), from, std::move((*bodies)[i]));
  return out;
}

}  // namespace huiyin::workchat
