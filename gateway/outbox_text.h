#pragma once

#include <chrono>
#include <string>

#include "core/outbox.h"

namespace huiyin::gateway {

/// One line of a list: the peer masked, the words left out.
[[nodiscard]] std::string describe_outbox_line(const OutboxRow& row, std::chrono::minutes utc_offset);
/// A row whole, over several lines; times in `utc_offset`.
[[nodiscard]] std::string describe_outbox(const OutboxRow& row, std::chrono::minutes utc_offset);

}  // namespace huiyin::gateway
