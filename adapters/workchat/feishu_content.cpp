#include "adapters/workchat/feishu_content.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/wechat/wechat_values.h"
#include "adapters/workchat/json_fields.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

using Json = nlohmann::json;
using Bodies = tl::expected<std::vector<EventBody>, std::string>;

constexpr std::size_t kMostPictures = 9;

/// `@_user_1` is the app itself where it begins the message; elsewhere it is a colleague, whose name is meant.
std::string without_mentions(std::string text, const Json& message) {
  const auto mentions = message.find("mentions");
  if (mentions == message.end() || !mentions->is_array()) return text;
  for (const auto& mention : *mentions) {
    const auto key = text_in(mention, "key");
    if (key.empty()) continue;
    const auto begins = trim(text).starts_with(key);
    const auto name = begins ? std::string() : text_in(mention, "name");
    if (const auto at = text.find(key); at != std::string::npos) text.replace(at, key.size(), name);
  }
  return std::string(trim(text));
}

EventBody media_of(const FeishuPart& part, MediaKind kind, const std::string& key, std::string name) {
  return MediaMessage{.kind = kind,
                      .media_id = feishu_media_id(kind == MediaKind::image, part.message_id, key),
                      .url = {},
                      .format = std::move(name),
                      .recognition = {}};
}

Bodies read_media(const FeishuPart& part, const Json& content, MediaKind kind) {
  const auto* const name = kind == MediaKind::image ? "image_key" : "file_key";
  const auto key = text_in(content, name);
  if (key.empty()) return tl::unexpected(std::string(name) + ": absent");
  return std::vector{media_of(part, kind, key, text_in(content, "file_name"))};
}

/// One piece of a line: its words, or its picture.
void read_piece(const FeishuPart& part, const Json& piece, std::string& words, std::vector<EventBody>& pictures) {
  const auto tag = text_in(piece, "tag");
  if (tag == "text" || tag == "a") words += text_in(piece, "text");
  if (tag == "at") words += text_in(piece, "user_id");
  const auto key = text_in(piece, "image_key");
  if (tag == "img" && !key.empty() && pictures.size() < kMostPictures)
    pictures.push_back(media_of(part, MediaKind::image, key, {}));
}

Bodies read_post(const FeishuPart& part, const Json& content, const Json& message) {
  std::string words = text_in(content, "title");
  std::vector<EventBody> pictures;
  const auto lines = content.find("content");
  if (lines == content.end() || !lines->is_array()) return tl::unexpected(std::string("content.content: absent"));
  for (const auto& line : *lines) {
    if (!line.is_array()) continue;
    if (!words.empty()) words += "\n";
    for (const auto& piece : line) read_piece(part, piece, words, pictures);
  }
  std::vector<EventBody> out;
  words = without_mentions(std::move(words), message);
  if (!words.empty() || pictures.empty()) out.emplace_back(TextMessage{std::move(words), {}, {}});
  std::move(pictures.begin(), pictures.end(), std::back_inserter(out));
  return out;
}

Bodies read_location(const Json& content) {
  const auto latitude = wechat::read_degrees(text_in(content, "latitude"), 90);
  const auto longitude = wechat::read_degrees(text_in(content, "longitude"), 180);
  if (!latitude || !longitude) return tl::unexpected(std::string("location: not a place"));
  return std::vector<EventBody>{LocationMessage{*latitude, *longitude, text_in(content, "name")}};
}

}  // namespace

Bodies read_feishu_content(const FeishuPart& part, const Json& content, const Json& message) {
  const auto& type = part.type;
  if (type == "text") {
    if (!content.contains("text")) return tl::unexpected(std::string("content.text: absent"));
    return std::vector<EventBody>{TextMessage{without_mentions(text_in(content, "text"), message), {}, {}}};
  }
  if (type == "post") return read_post(part, content, message);
  if (type == "image") return read_media(part, content, MediaKind::image);
  if (type == "audio") return read_media(part, content, MediaKind::voice);
  if (type == "media") return read_media(part, content, MediaKind::video);
  if (type == "file") return read_media(part, content, MediaKind::file);
  if (type == "location") return read_location(content);
  return std::vector<EventBody>{UnsupportedMessage{type}};  // what comes later: he is told
}

std::string feishu_media_id(bool image, const std::string& message_id, const std::string& key) {
  return std::string(image ? "image/" : "file/") + message_id + "/" + key;
}

std::optional<FeishuMedia> parse_feishu_media_id(std::string_view media_id) {
  const auto parts = split(media_id, '/');
  if (parts.size() != 3 || (parts[0] != "image" && parts[0] != "file") || parts[1].empty() || parts[2].empty())
    return std::nullopt;
  return FeishuMedia{std::string(parts[0]), std::string(parts[1]), std::string(parts[2])};
}

}  // namespace huiyin::workchat
