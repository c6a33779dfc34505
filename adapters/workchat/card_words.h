#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/message.h"

namespace huiyin::workchat {

// The words of messages and cards as every work chat takes them. Pure.

/// Is this something that can be a member's user id? 1 to 64 of `[A-Za-z0-9_.@-]`.
[[nodiscard]] bool is_user_id(std::string_view address);

/// Whom a group's robot mentions: `group` nobody, `@all` everybody, else ids joined by `|`; nothing for what is none of
/// these.
inline constexpr std::string_view kNobody = "group", kEverybody = "@all";
[[nodiscard]] std::optional<std::vector<std::string_view>> mentions_in(std::string_view address);

/// At most `most` characters in one line, a longer one ending in …
[[nodiscard]] std::string one_line(std::string_view text, std::size_t most);
/// At most `bytes`, a longer one ending in …
[[nodiscard]] std::string within_bytes(std::string_view text, std::size_t bytes);
/// The message's text, safe to send; of a card without one, its title.
[[nodiscard]] std::string words_of(const OutboundMessage& message, std::size_t most);

/// What the platforms' markdown would take for marks, replaced by what looks alike: words of strangers stand in it.
[[nodiscard]] std::string plain_markdown(std::string_view text);
/// The card as markdown: its title in bold, its lines quoted, long ones cut.
[[nodiscard]] std::string card_markdown(const Card& card);

}  // namespace huiyin::workchat
