#pragma once

#include <string>

#include "adapters/channel.h"

namespace huiyin::wechat {

constexpr std::size_t kMaxTextBytes = 2048;  // of a passive text; over it the owner is shown an error

/// The passive reply as plain XML; empty where `message` says nothing that can be sent this way.
[[nodiscard]] std::string write_reply(const OutboundMessage& message, const ReplyContext& context, Time now);

/// `message.text` with each numbered line of a choice made a link that sends the choice when it is tapped, if all of
/// them fit into a passive text; else the text as it is.
[[nodiscard]] std::string with_tappable_choices(const OutboundMessage& message);

/// Is `line` the one in which a choice is written out: a number, and its label?
[[nodiscard]] bool is_choice_line(std::string_view line, const std::vector<Choice>& choices);

}  // namespace huiyin::wechat
