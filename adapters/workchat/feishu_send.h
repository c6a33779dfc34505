#pragma once

#include <string>
#include <string_view>

#include "adapters/channel.h"

namespace huiyin::workchat {

constexpr std::size_t kMaxFeishuText = 8000;  // ours; the platform takes 150 KB, which nobody reads

/// What a message is sent as.
enum class FeishuForm {
  card_change,  ///< a card that was sent before becomes another
  card,
  text,
  photos,  ///< there is nothing but photos
  nothing
};
/// `plain`: as words, whatever it was meant as.
[[nodiscard]] FeishuForm feishu_form(const OutboundMessage& message, bool plain);

/// Under which the platform takes a call once within an hour, 50 characters at most: the message's key, and which of
/// its calls it is.
[[nodiscard]] std::string feishu_uuid(std::string_view key, std::string_view call);

/// The body of im/v1/messages; `content` is JSON, and goes as a text of JSON.
[[nodiscard]] std::string feishu_message(const OutboundMessage& message, std::string_view type,
                                         std::string_view content, std::string_view call);

}  // namespace huiyin::workchat
