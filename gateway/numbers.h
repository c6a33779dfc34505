#pragma once

#include <cstdint>
#include <mutex>

#include "core/ticket.h"
#include "db/store.h"

namespace huiyin::gateway {

/// Hands out ticket numbers of a block leased from the store, because a reply names the number before the commit. What
/// a dropped decision took is a gap. Thread-safe.
class TicketNumbers {
 public:
  static constexpr int kBlock = 100;

  explicit TicketNumbers(db::Store& store) : store_(store) {}
  [[nodiscard]] db::Result<TicketNumber> take();

 private:
  db::Store& store_;
  std::mutex mutex_;
  std::int64_t next_ = 0;
  std::int64_t end_ = 0;
};

}  // namespace huiyin::gateway
