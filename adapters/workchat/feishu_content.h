#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "core/event.h"

namespace huiyin::workchat {

struct FeishuPart {
  std::string type{};        ///< message_type
  std::string message_id{};  ///< with which its files are fetched
};

/// What a message says: one event, or, of a post with pictures, its words and then each picture. `content` is the
/// message's content, opened; `message` has its mentions. A field that is missing is named. Pure.
[[nodiscard]] tl::expected<std::vector<EventBody>, std::string> read_feishu_content(const FeishuPart& part,
                                                                                    const nlohmann::json& content,
                                                                                    const nlohmann::json& message);

/// MediaMessage::media_id of a message's file, and back: `image/om_…/img_…`.
[[nodiscard]] std::string feishu_media_id(bool image, const std::string& message_id, const std::string& key);
struct FeishuMedia {
  std::string type{}, message_id{}, key{};
};
/// Nothing where it is none of ours.
[[nodiscard]] std::optional<FeishuMedia> parse_feishu_media_id(std::string_view media_id);

}  // namespace huiyin::workchat
