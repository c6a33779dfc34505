#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/channel.h"
#include "adapters/workchat/card_words.h"
#include "adapters/workchat/stages.h"
#include "core/json_writer.h"

namespace huiyin::workchat {

constexpr std::size_t kMaxTextBytes = 2048;

/// What a message is sent as.
enum class Form {
  card_change,  ///< a card that was sent before becomes another (update_template_card)
  buttons,      ///< a card with buttons
  notice,       ///< a card that leads somewhere
  markdown,     ///< a card that does neither
  news,
  text,
  photos,  ///< there is nothing but photos
  nothing
};
/// `plain`: as words, whatever it was meant as.
[[nodiscard]] Form form_of(const OutboundMessage& message, bool plain);

/// Who an app is.
struct AppIdentity {
  std::int64_t agent_id = 0;
  std::string_view source;  ///< stands above a card
};

/// message/send: the body as JSON, the same bytes for each attempt, as the platform knows a repeat by them. Rejected
/// where the message says nothing that can be sent so, or its card's id is none. A text over its limit ends in …
[[nodiscard]] tl::expected<std::string, Rejected> write_message(const OutboundMessage& message, Form form,
                                                                const AppIdentity& app);
/// message/update_template_card.
[[nodiscard]] tl::expected<std::string, Rejected> write_card_change(const OutboundMessage& message,
                                                                    const AppIdentity& app);
/// message/send of an image that is uploaded.
[[nodiscard]] std::string write_photo(const OutboundMessage& message, const std::string& media_id,
                                      const AppIdentity& app);

/// `"news":{"articles":[…]}`: eight at most, cut to the limits.
void write_articles(JsonWriter& json, const std::vector<Article>& articles);

}  // namespace huiyin::workchat
