#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/message.h"

namespace huiyin::workchat {

// Feishu's message card (消息卡片) and texts. All words are plain_text: those of strangers stand in them.
// Source: open.feishu.cn, 飞书卡片, 消息卡片结构. Pure.

/// The card as JSON; with `buttons` its choices can be tapped, and a tap brings back Card::id and the choice's id. It
/// can be changed later for all who see it. At most 30 KB; `source` stands in its footer.
[[nodiscard]] std::string write_feishu_card(const OutboundMessage& message, bool buttons, std::string_view source);

/// Words in a text message, where `<at …>` would mention somebody: what strangers wrote may not.
[[nodiscard]] std::string plain_feishu(std::string_view text);

}  // namespace huiyin::workchat
