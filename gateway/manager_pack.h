#pragma once

#include <string>
#include <vector>

#include "gateway/report_maker.h"

namespace huiyin::gateway {

/// What the evaluation meeting has before it: the month's key numbers beside those of the month before, what is new,
/// the ten tickets to learn from, and what is still open from before. Pure. One page; phones and names are masked.
/// `left`: tickets that are open still, of any age.
[[nodiscard]] std::string pack_text(const MadeReport& month, const MadeReport& before, std::vector<Ticket> left,
                                    Time now);

/// Who gets it: those that `to` names, else the managers of the estate, and of all estates, where they are told of
/// tickets too. Nobody twice.
[[nodiscard]] std::vector<Peer> pack_readers(const std::vector<Staff>& staff, EstateId estate,
                                             const std::vector<std::string>& to);

}  // namespace huiyin::gateway
