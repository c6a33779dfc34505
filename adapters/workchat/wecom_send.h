#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/channel.h"
#include "core/json_writer.h"

namespace huiyin::workchat {

constexpr std::size_t kMaxTextBytes = 2048;
constexpr std::size_t kMostPhotos = 3;

/// Is this something that can be a member's user id? 1 to 64 of `[A-Za-z0-9_.@-]`.
[[nodiscard]] bool is_user_id(std::string_view address);

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

/// Where a message that takes several calls stands: Sending::previous of the next one.
struct Stage {
  enum class Kind {
    whole,   ///< the message, without its photos
    words,   ///< the same as words, as a card could not be changed
    upload,  ///< a photo's bytes
    show     ///< a photo that is uploaded
  } kind = Kind::whole;
  std::size_t photo = 0;   ///< which of photos_of(), for the last two
  std::string media_id{};  ///< for `show`
  std::string sent{};      ///< provider id of what has arrived; empty: nothing has
};
[[nodiscard]] std::string encode(const Stage& stage);
/// Anything else is the beginning.
[[nodiscard]] Stage decode_stage(std::string_view previous);

/// The images that the platform holds for us, or that lie on our disk.
[[nodiscard]] std::vector<MediaReference> photos_of(const OutboundMessage& message);

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

/// What the platform's markdown would take for marks, replaced by what looks alike: words of strangers stand in it.
[[nodiscard]] std::string plain_markdown(std::string_view text);
/// The card as markdown: its title in bold, its lines quoted, long ones cut.
[[nodiscard]] std::string card_markdown(const Card& card);
/// At most `bytes`, a longer one ending in …
[[nodiscard]] std::string within_bytes(std::string_view text, std::size_t bytes);

}  // namespace huiyin::workchat
