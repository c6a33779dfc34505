#pragma once

#include <chrono>
#include <cstdint>

#include "core/ids.h"

namespace huiyin::db {

/// An id that is not larger than any that was made from `from` on: what is asked for by its time is found by the
/// primary key. Ids are made by a node's clock, times come from whoever decided: far less than the day lies between
/// that is allowed for.
[[nodiscard]] inline std::int64_t least_id(Time from) {
  constexpr std::chrono::hours kApart{24};
  const auto since = from - kApart - time_of_id(0);
  return since.count() <= 0 ? 0 : since.count() << (IdSource::kNodeBits + IdSource::kCounterBits);
}

}  // namespace huiyin::db
