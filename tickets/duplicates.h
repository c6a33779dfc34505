#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ticket.h"
#include "core/time.h"

namespace huiyin::tickets {

/// How far around a thing that many share is: two who report it need not give the same address.
enum class SharedBy { unit, building, estate };

struct SharedThing {
  Category category = Category::none;
  std::string subcategory{};
  SharedBy by = SharedBy::unit;
};

/// Lifts: what stands without configuration. A leak or a lamp is another one in every flat.
[[nodiscard]] std::vector<SharedThing> default_shared_things();

struct DuplicateRules {
  bool enabled = true;
  Millis window = std::chrono::days(7);  ///< a ticket older than that is another matter
  std::vector<SharedThing> shared = default_shared_things();
};

enum class Likeness {
  none,
  maybe,  ///< for a dispatcher to decide: flag `duplicate`
  same,   ///< link it: merge into the other
};

struct Duplicate {
  Likeness likeness = Likeness::none;
  TicketId of{};
  std::string why{};  ///< `same place`, `same owner`, `shared elevator of 3栋2单元`: for staff and logs
};

/// Is `ticket` a report of what one of `others` tells of already? Of several the oldest is taken. Others count while
/// they are active and not older than the window. Urgent tickets with danger are `maybe` at most: nobody is left
/// waiting for another's.
[[nodiscard]] Duplicate find_duplicate(const Ticket& ticket, const std::vector<Ticket>& others, Time now,
                                       const DuplicateRules& rules);

/// Ticket::matter: two tickets that find_duplicate() takes for one by where they are have the same; a hash, of the
/// estate too. 0 for what is never taken for another's. Changes with the rules: tickets keep that of when they were
/// written.
[[nodiscard]] std::int64_t matter_of(const Ticket& ticket, const DuplicateRules& rules);

}  // namespace huiyin::tickets
