#include "gateway/numbers.h"

namespace huiyin::gateway {

std::optional<TicketNumber> TicketNumbers::take_at_once() {
  const std::lock_guard lock(mutex_);
  if (next_ == end_) return std::nullopt;
  return TicketNumber{next_++};
}

db::Result<TicketNumber> TicketNumbers::take() {
  if (const auto number = take_at_once()) return *number;
  const std::lock_guard refill(refilling_);
  if (const auto number = take_at_once()) return *number;  // another thread has refilled it meanwhile
  const auto first = store_.take_ticket_numbers(kBlock);
  if (!first) return tl::unexpected(first.error());
  const std::lock_guard lock(mutex_);
  next_ = *first + 1;
  end_ = *first + kBlock;
  return TicketNumber{*first};
}

}  // namespace huiyin::gateway
