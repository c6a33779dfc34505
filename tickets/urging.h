#pragma once

#include <vector>

#include "core/ticket.h"
#include "core/time.h"
#include "tickets/receivers.h"

namespace huiyin::tickets {

/// 催单. Taps that follow each other closely are one.
struct UrgeRules {
  Millis apart = std::chrono::minutes(30);
  std::vector<std::vector<Receiver>> tell = {{{Receiver::Kind::assignee}},
                                             {{Receiver::Kind::assignee}, {Receiver::Kind::lead}},
                                             {{Receiver::Kind::lead}, {Receiver::Kind::manager}}};
};

/// What one more urging comes to. The owner is answered with the real state in any case.
struct Urging {
  bool counts = true;            ///< false: it came too soon after the one before; nobody is told, no row is written
  int count = 1;                 ///< of this round, this one included: the first raises the priority
  std::vector<Receiver> tell{};  ///< the first time who has it, the second the lead, from the third on the manager
};
/// `history`: before this urging.
[[nodiscard]] Urging weigh_urging(const std::vector<HistoryRow>& history, Time now, const UrgeRules& rules = {});

}  // namespace huiyin::tickets
