#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "core/ticket.h"
#include "db/store.h"

namespace huiyin::gateway {

/// Hands out ticket numbers of a block leased from the store, because a reply names the number before the commit. What
/// a dropped decision took is a gap. Thread-safe.
class TicketNumbers {
 public:
  static constexpr int kBlock = 100;

  explicit TicketNumbers(db::Store& store) : store_(store) {}
  /// Without asking the store; nothing where the block is used up.
  [[nodiscard]] std::optional<TicketNumber> take_at_once();
  /// Waits for the store where the block is used up.
  [[nodiscard]] db::Result<TicketNumber> take();

 private:
  db::Store& store_;
  std::mutex refilling_;
  std::mutex mutex_;  // of what follows; never held while the store is asked
  std::int64_t next_ = 0;
  std::int64_t end_ = 0;
};

}  // namespace huiyin::gateway
