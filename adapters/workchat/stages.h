#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/channel.h"

namespace huiyin::workchat {

// A message to staff may take several calls: its words or card, then each of its photos, uploaded and shown. Once the
// words have arrived, a photo that cannot be shown holds nothing up.

constexpr std::size_t kMostPhotos = 3;

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

  [[nodiscard]] bool is_photo() const { return kind == Kind::upload || kind == Kind::show; }
};
[[nodiscard]] std::string encode(const Stage& stage);
/// Anything else is the beginning.
[[nodiscard]] Stage decode_stage(std::string_view previous);

/// The images that the platform holds for us, or that lie on our disk.
[[nodiscard]] std::vector<MediaReference> photos_of(const OutboundMessage& message);

/// The stage that `sending` names. `only_photos`: the message says nothing else, so its first call is for its first
/// photo.
[[nodiscard]] Stage stage_of(const OutboundMessage& message, const Sending& sending, bool only_photos);
/// The photo's file as a form's field; Rejected where the message has no such photo.
[[nodiscard]] tl::expected<HttpUpload, Rejected> upload_of(const OutboundMessage& message, const Stage& stage,
                                                           std::string field);

/// What comes once the message stands there, or the photos before number `photo` do.
[[nodiscard]] SendResult next_photo(const OutboundMessage& message, std::size_t photo, std::string sent);
/// A photo was uploaded (`id`: how the platform calls it), or shown (`id`: of the message that shows it).
[[nodiscard]] SendResult after_photo(const OutboundMessage& message, const Stage& stage, const std::string& id);
/// The result of a photo's call, where what it belongs to may have arrived already.
[[nodiscard]] SendResult settle_photo(SendResult result, const Stage& stage);
/// A card that cannot be changed (too old, or used) is no reason to keep the words back: they are sent by themselves.
[[nodiscard]] SendResult words_if_refused(SendResult result, bool has_words);

}  // namespace huiyin::workchat
