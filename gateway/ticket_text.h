#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/attachment.h"
#include "core/ticket.h"

namespace huiyin::gateway {

/// A ticket as staff see it, over several lines, in Chinese with the stored names beside; times in `utc_offset`.
[[nodiscard]] std::string describe_ticket(const Ticket& ticket, const std::vector<HistoryRow>& history,
                                          const std::vector<Attachment>& attachments, const std::string& prefix,
                                          std::chrono::minutes utc_offset);

/// One line of a list, phones and names masked.
[[nodiscard]] std::string describe_ticket_line(const Ticket& ticket, const std::string& prefix,
                                               std::chrono::minutes utc_offset);

}  // namespace huiyin::gateway
