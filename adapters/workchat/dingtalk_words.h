#pragma once

#include <string>
#include <string_view>

#include "core/json_writer.h"
#include "core/message.h"

namespace huiyin::workchat {

// What DingTalk's robots show, those of groups and those of apps. Pure.

// Bytes of a text; a whole body may have 20,000, and quotes take two.
constexpr std::size_t kMaxDingTalkText = 6000;

/// `"title"`: what the notification shows of it.
[[nodiscard]] std::string dingtalk_title(const Card& card);
/// The card as the platform's markdown, where a line ends with two blanks; with what can be answered, as nothing on it
/// can be tapped but its link: 「回复：接单 HY1024-4 · 进度 HY1024-4」.
[[nodiscard]] std::string dingtalk_markdown(const OutboundMessage& message);

/// The members of a card: its title, `text`, and the one button that leads to its page, where it has one.
void write_dingtalk_card(JsonWriter& json, const OutboundMessage& message, std::string_view text);

}  // namespace huiyin::workchat
