#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "core/time.h"
#include "simulators/staff_screens.h"

namespace huiyin::simulators {

/// A custom bot's signature: base64 of HMAC-SHA256 over nothing, keyed with `timestamp`, a line feed and `secret`.
[[nodiscard]] std::string feishu_bot_signature(const std::string& timestamp, const std::string& secret);

/// What a message says, or why it is refused.
struct FeishuSaid {
  int code = 0;  ///< 0: it is good
  std::string words{};
  StaffShown shown{};         ///< a button's key is its `value` as JSON
  bool update_multi = false;  ///< of a card: it can be changed for all who see it
};
/// A card (消息卡片). Strict: a member or a tag that the vendor's page does not have is refused.
[[nodiscard]] FeishuSaid read_feishu_card(const nlohmann::json& card);
/// The words of a text, with each `<at>` as the client shows it; one that names nobody is refused.
[[nodiscard]] FeishuSaid read_feishu_text(const std::string& text);
/// A post: its title and its lines, of which links are the last one's url.
[[nodiscard]] FeishuSaid read_feishu_post(const nlohmann::json& content);

}  // namespace huiyin::simulators
