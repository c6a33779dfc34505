#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/gateway/month_people.h"

namespace huiyin::gateway {

/// What a month came to.
struct MonthReport {
  std::vector<std::string> broken{};    ///< each invariant that does not hold, for which ticket; a few of each kind
  std::map<std::string, int> counts{};  ///< tickets by how they ended, surveys, reminders …
};

/// Looks at every ticket as the store has it: it has ended; its history is whole and every step of it allowed; its
/// owner was told what became of it; each completion was asked about at most once, no owner too often; no timer is left
/// and none was lost.
[[nodiscard]] MonthReport audit_month(MonthWorld& world, const MonthPeople& people);

}  // namespace huiyin::gateway
