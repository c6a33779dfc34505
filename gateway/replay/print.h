#pragma once

#include <chrono>
#include <string>

#include "gateway/replay/mask.h"
#include "gateway/replay/replay.h"

namespace huiyin::gateway {

/// How a result is shown.
struct ReplayView {
  std::string prefix{"HY"};  ///< of ticket numbers
  std::chrono::minutes utc_offset{480};
  const dialogs::Lexicon* mask_with = nullptr;  ///< names and phones are hidden; without one they are shown
};

/// For people: what differs of tickets and turns, by owner, and a line that sums up.
[[nodiscard]] std::string print_text(const ReplayResult& result, const ReplayView& view);
/// The same as one JSON object: `deliveries compared different tickets left_out turns changed`.
[[nodiscard]] std::string print_json(const ReplayResult& result, const ReplayView& view);

}  // namespace huiyin::gateway
