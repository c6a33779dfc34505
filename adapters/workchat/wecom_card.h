#pragma once

#include <string>
#include <string_view>

#include "core/json_writer.h"
#include "core/message.h"

namespace huiyin::workchat {

/// Of the cards that the platform has, those that we send.
enum class CardForm {
  buttons,  ///< button_interaction: a tap comes back to us
  notice    ///< text_notice: a tap leads to its address, which it must have
};

constexpr std::size_t kMostTaskId = 128;

/// Can this be the id (task_id) of a card? 1 to 128 of `[0-9A-Za-z_@-]`.
[[nodiscard]] bool is_task_id(std::string_view id);

/// The members of a template card, cut to the vendor's limits (titles 36, 44 and 160 characters, labels 5, values 30,
/// buttons 10), into an open JSON object. Choices beyond the six that a card has room for are up to three entries of
/// its menu; lines beyond the six stand in its text. `source` stands above it; `with_id`: a new card, which carries its
/// id.
void write_card_json(JsonWriter& json, const OutboundMessage& message, CardForm form, std::string_view source,
                     bool with_id);
/// The same as XML elements, for the passive reply that changes a card.
[[nodiscard]] std::string write_card_xml(const OutboundMessage& message, CardForm form, std::string_view source);

}  // namespace huiyin::workchat
