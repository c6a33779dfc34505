#include "gateway/numbers.h"

namespace huiyin::gateway {

db::Result<TicketNumber> TicketNumbers::take() {
  const std::lock_guard lock(mutex_);
  if (next_ == end_) {
    const auto first = store_.take_ticket_numbers(kBlock);
    if (!first) return tl::unexpected(first.error());
    next_ = *first;
    end_ = *first + kBlock;
  }
  return TicketNumber{next_++};
}

}  // namespace huiyin::gateway
