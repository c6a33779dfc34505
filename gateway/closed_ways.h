#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "core/peer.h"
#include "core/time.h"

namespace huiyin::gateway {

/// Templates of a provider's that it does not send to a peer (he blocked them, or they were withdrawn): remembered for
/// a day, so that his next message goes another way at once. Kept by each node for itself. Thread-safe.
class ClosedWays {
 public:
  static constexpr std::chrono::hours kRemembered{24};
  static constexpr std::size_t kMost = 20000;  ///< over it all is forgotten: each is learnt again by one refusal

  void close(const Peer& peer, const std::string& template_id, Time now) {
    const std::lock_guard lock(mutex_);
    if (closed_.size() >= kMost) closed_.clear();
    closed_[{peer, template_id}] = now + kRemembered;
  }
  [[nodiscard]] bool is_closed(const Peer& peer, const std::string& template_id, Time now) const {
    const std::lock_guard lock(mutex_);
    const auto found = closed_.find({peer, template_id});
    return found != closed_.end() && now < found->second;
  }
  [[nodiscard]] bool empty() const {
    const std::lock_guard lock(mutex_);
    return closed_.empty();
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<Peer, std::string>, Time> closed_;
};

}  // namespace huiyin::gateway
