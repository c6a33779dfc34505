#pragma once

#include <string>

#include "core/json_writer.h"
#include "core/message.h"

namespace huiyin::workchat {

// What DingTalk's robots show, those of groups and those of apps. Pure.

/// `"title"`: what the notification shows of it.
[[nodiscard]] std::string dingtalk_title(const Card& card);
/// The card as the platform's markdown, where a line ends with two blanks; with what can be answered, as nothing on it
/// can be tapped but its link: 「回复：接单 HY1024-4 · 进度 HY1024-4」.
[[nodiscard]] std::string dingtalk_markdown(const OutboundMessage& message);

}  // namespace huiyin::workchat
