#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/event.h"
#include "core/ids.h"
#include "core/time.h"

namespace huiyin {

enum class AttachmentStage { unspecified, before, after };

/// A photo, video, voice message or file of a ticket or of a draft. Its bytes are fetched by a media job.
struct Attachment {
  AttachmentId id{};
  ConversationId conversation{};
  TicketId ticket{};  ///< none while the form is being filled
  MediaKind kind = MediaKind::image;
  AttachmentStage stage = AttachmentStage::unspecified;
  std::string file_name{};
  std::string sha256{};  ///< hex; empty until it is on disk
  std::string mime_type{};
  std::int64_t bytes = 0;
  Time received{};
  friend bool operator==(const Attachment&, const Attachment&) = default;
};

/// What fetching an attachment's bytes came to: they are on disk, or never will be. Ends its job.
struct FetchedMedia {
  MediaJobId job{};
  AttachmentId attachment{};
  std::string sha256{};
  std::string mime_type{};
  std::int64_t bytes = 0;
  std::string refused{};  ///< why they will not come; then the rest is empty
  friend bool operator==(const FetchedMedia&, const FetchedMedia&) = default;
};

/// Work owed: fetch the bytes of an attachment from the provider before they expire there.
struct MediaJob {
  MediaJobId id{};
  AttachmentId attachment{};
  std::string channel{};
  std::string media_id{};
  std::string url{};
  Time due{};
  Time expires{};
  friend bool operator==(const MediaJob&, const MediaJob&) = default;
};

}  // namespace huiyin
