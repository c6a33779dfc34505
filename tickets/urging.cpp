#include "tickets/urging.h"

#include <algorithm>

#include "tickets/state_machine.h"

namespace huiyin::tickets {

Urging weigh_urging(const std::vector<HistoryRow>& history, Time now, const UrgeRules& rules) {
  Urging out;
  bool is_first = true;
  Time last{};
  for (const auto& row : history) {
    if (row.action == kOpen || row.action == to_string(ActionKind::reopen)) {
      out.count = 1;
      is_first = true;
    }
    if (row.action != to_string(ActionKind::urge)) continue;
    ++out.count;
    is_first = false;
    last = row.at;
  }
  out.counts = is_first || now - last >= rules.apart;
  if (!out.counts) {
    --out.count;
    return out;
  }
  if (!rules.tell.empty())
    out.tell = rules.tell.at(std::min(static_cast<std::size_t>(out.count), rules.tell.size()) - 1);
  return out;
}

}  // namespace huiyin::tickets
