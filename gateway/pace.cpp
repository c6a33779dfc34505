#include "gateway/pace.h"

#include <algorithm>

namespace huiyin::gateway {

Pace::Times* Pace::recent(const Peer& destination, Time now) {
  const auto found = sent_.find(destination);
  if (found == sent_.end()) return nullptr;
  auto& times = found->second;
  while (!times.empty() && times.front() + kSpan <= now) times.pop_front();
  return &times;
}

int Pace::left(const Peer& destination, int per_minute, Time now) {
  const std::lock_guard lock(mutex_);
  const auto* times = recent(destination, now);
  return std::max(0, per_minute - (times == nullptr ? 0 : static_cast<int>(times->size())));
}

Time Pace::next(const Peer& destination, int per_minute, Time now) {
  const std::lock_guard lock(mutex_);
  const auto* times = recent(destination, now);
  if (times == nullptr || times->size() < static_cast<std::size_t>(per_minute)) return now;
  return (*times)[times->size() - static_cast<std::size_t>(per_minute)] + kSpan;
}

void Pace::sent(const Peer& destination, Time now) {
  const std::lock_guard lock(mutex_);
  forget_old(now);
  sent_[destination].push_back(now);
}

void Pace::forget_old(Time now) {
  if (now < swept_ + kSpan) return;
  swept_ = now;
  std::erase_if(sent_, [now](const auto& entry) { return entry.second.empty() || entry.second.back() + kSpan <= now; });
}

}  // namespace huiyin::gateway
