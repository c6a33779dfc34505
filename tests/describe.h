#pragma once

#include <string>

#include "adapters/channel.h"
#include "core/event.h"

namespace huiyin {

/// One line for people and tests: `text 你好`, `image MEDIA_ID url=…`, `followed b3-2-602 (scanned)`.
[[nodiscard]] std::string describe(const EventBody& body);
/// `KEY ADDRESS @SECONDS BODY`; an empty address is `-`.
[[nodiscard]] std::string describe(const Event& event);
/// The events joined by ` | `, `answer STATUS BODY` for a handshake, or `Reject REASON: WHAT`.
[[nodiscard]] std::string describe(const tl::expected<Inbound, Reject>& parsed);
/// `Accepted ID`, `RetryAfter 30s: WHY`, `Rejected CODE: WHY` …
[[nodiscard]] std::string describe(const SendResult& result);

}  // namespace huiyin
