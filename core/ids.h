#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <functional>

#include "core/time.h"

namespace huiyin {

/// A row's id: its own type per table, so that a ticket's id is never taken for a contact's. 0 is "none".
template <class Tag>
struct Id {
  std::int64_t value = 0;
  explicit operator bool() const { return value != 0; }
  friend auto operator<=>(const Id&, const Id&) = default;
};

using ConversationId = Id<struct ConversationTag>;
using ContactId = Id<struct ContactTag>;
using EstateId = Id<struct EstateTag>;
using PlaceId = Id<struct PlaceTag>;
using TicketId = Id<struct TicketTag>;
using HistoryId = Id<struct HistoryTag>;
using SurveyId = Id<struct SurveyTag>;
using AttachmentId = Id<struct AttachmentTag>;
using MediaJobId = Id<struct MediaJobTag>;
using OutboxId = Id<struct OutboxTag>;
using TimerId = Id<struct TimerTag>;
using StaffId = Id<struct StaffTag>;
using DepartmentId = Id<struct DepartmentTag>;
using UnitId = Id<struct UnitTag>;

/// Makes ids without asking the store: 41 bits of milliseconds since 2024-01-01, 10 bits of node, 12 bits of counter.
/// They rise within a node; over 4,096 in one millisecond borrow from the next. Thread-safe.
class IdSource {
 public:
  static constexpr int kNodeBits = 10;
  static constexpr int kCounterBits = 12;
  static constexpr int kMaxNode = (1 << kNodeBits) - 1;

  /// `node`: 0 to kMaxNode, leased from the store, so that no two processes share one. `clock` must outlive this.
  IdSource(const Clock& clock, int node);

  /// Goes on as another node: its number became known, or the one before was lost to somebody else.
  void become(int node);

  template <class IdType>
  [[nodiscard]] IdType next() {
    return IdType{next_value()};
  }

 private:
  std::int64_t next_value();

  const Clock& clock_;
  std::atomic<std::int64_t> node_;
  std::atomic<std::int64_t> last_{0};  // milliseconds and counter, without the node
};

/// When an id was made, to the millisecond.
[[nodiscard]] Time time_of_id(std::int64_t id);

}  // namespace huiyin

template <class Tag>
struct std::hash<huiyin::Id<Tag>> {
  std::size_t operator()(const huiyin::Id<Tag>& id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
