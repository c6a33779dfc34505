#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <mutex>

#include "core/peer.h"
#include "core/time.h"

namespace huiyin::gateway {

/// How many messages each destination got in the last minute, for providers that drop what comes over a limit without
/// a word (WeCom: 30 a minute and member) or ban the sender (a DingTalk robot: 20 a minute). Kept by each node for
/// itself. Thread-safe.
class Pace {
 public:
  static constexpr std::chrono::minutes kSpan{1};

  /// How many more may be sent to `destination` now.
  [[nodiscard]] int left(const Peer& destination, int per_minute, Time now);
  /// When one more may be sent.
  [[nodiscard]] Time next(const Peer& destination, int per_minute, Time now);
  void sent(const Peer& destination, Time now);

 private:
  using Times = std::deque<Time>;
  [[nodiscard]] Times* recent(const Peer& destination, Time now);
  void forget_old(Time now);

  std::mutex mutex_;
  std::map<Peer, Times> sent_;
  Time swept_{};
};

}  // namespace huiyin::gateway
