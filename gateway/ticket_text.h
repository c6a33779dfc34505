#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "core/attachment.h"
#include "core/ticket.h"
#include "db/store.h"

namespace huiyin::gateway {

/// `照片 photo`.
[[nodiscard]] std::string_view word_for(MediaKind kind);

/// A ticket's photos, voice messages and videos: where their bytes lie, or why not.
struct AttachmentView {
  std::vector<Attachment> attachments{};
  std::vector<db::MediaJobState> jobs{};  ///< of those without bytes
  std::string folder{};                   ///< of the media
};

/// A ticket as staff see it, over several lines, in Chinese with the stored names beside; times in `utc_offset`.
[[nodiscard]] std::string describe_ticket(const Ticket& ticket, const std::vector<HistoryRow>& history,
                                          const AttachmentView& media, const std::string& prefix,
                                          std::chrono::minutes utc_offset);

/// One line of a list, phones and names masked.
[[nodiscard]] std::string describe_ticket_line(const Ticket& ticket, const std::string& prefix,
                                               std::chrono::minutes utc_offset);

}  // namespace huiyin::gateway
