#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/wechat/wechat_xml.h"
#include "core/time.h"
#include "net/http.h"

namespace huiyin::wechat {

// Reading what the platform's messages and answers hold; the official account's and WeCom's have the same forms.

/// Longer parts of a delivery key are hashed: an EventKey may be a whole URL.
constexpr std::size_t kMaxKeyPart = 64;
/// Of a whole key: leaves room for a channel's name in the store's 255.
constexpr std::size_t kMaxKey = 180;

/// `text`, or its hash where it is longer.
[[nodiscard]] std::string key_part(const std::string& text, std::size_t longest = kMaxKeyPart);
/// ASCII letters alone.
[[nodiscard]] std::string lower(std::string text);
/// Nothing where it is no number within ±`most`.
[[nodiscard]] std::optional<double> read_degrees(const std::string& text, double most);
/// CreateTime: Unix seconds.
[[nodiscard]] std::optional<Time> read_create_time(const std::string& text);
/// The child's text, safe to store; empty where there is none.
[[nodiscard]] std::string clean_field(const Element& xml, std::string_view name);

/// Does an answer to a request for media hold words instead? Errors and a video's place come as JSON, with 200, and not
/// always under its own type.
[[nodiscard]] bool may_be_json(const HttpReply& reply);
/// Of `Content-disposition: attachment; filename="MEDIA_ID.jpg"`: a hint, of harmless characters only; may be empty.
[[nodiscard]] std::string media_file_name(const HttpReply& reply);

}  // namespace huiyin::wechat
