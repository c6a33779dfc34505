#pragma once

#include <string>
#include <string_view>

#include "adapters/channel.h"

namespace huiyin::workchat {

/// What a passive reply answers.
struct Replied {
  const ReplyContext& context;
  std::string_view source;  ///< stands above a card
  bool to_tap = false;      ///< a tap on a card, which the reply may change
};

/// The passive reply as plain XML: to a tap, with a card, the card anew (update_template_card) or, where Card::id is
/// empty, one greyed button in place of its buttons (update_button); else articles, text (cut at 2048 bytes) or media.
/// Empty where the message says nothing that a reply can carry.
[[nodiscard]] std::string write_wecom_reply(const OutboundMessage& message, const Replied& to, Time now);

}  // namespace huiyin::workchat
