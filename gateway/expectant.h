#pragma once

#include <cstddef>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "core/peer.h"

namespace huiyin::gateway {

/// Owners for whom something waits until they write again, as far as this node planned it; and those of them who just
/// did. What is forgotten here is looked at again all the same, later. Thread-safe.
class Expectant {
 public:
  static constexpr std::size_t kMost = 50000;

  void waits_for(const Peer& owner) {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMost) waiting_.clear();
    waiting_.insert(owner);
  }
  void wrote(const Peer& owner) {
    const std::lock_guard lock(mutex_);
    if (waiting_.erase(owner) > 0) wrote_.push_back(owner);
  }
  /// Those who wrote since the last call.
  [[nodiscard]] std::vector<Peer> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(wrote_, {});
  }

 private:
  std::mutex mutex_;
  std::set<Peer> waiting_;
  std::vector<Peer> wrote_;
};

}  // namespace huiyin::gateway
