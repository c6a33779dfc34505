#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "core/peer.h"
#include "core/time.h"

namespace huiyin::gateway {

/// The destinations that this process has leased, and until when: from the lease until what became of them is written.
/// Thread-safe.
class Holdings {
 public:
  void hold(const Peer& destination, Time expires) {
    const std::lock_guard lock(mutex_);
    expires_[destination] = expires;
  }
  void let_go(const Peer& destination) {
    const std::lock_guard lock(mutex_);
    expires_.erase(destination);
  }
  /// Nothing where it is not ours.
  [[nodiscard]] std::optional<Time> expires(const Peer& destination) const {
    const std::lock_guard lock(mutex_);
    const auto found = expires_.find(destination);
    return found == expires_.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::vector<Peer> all() const {
    const std::lock_guard lock(mutex_);
    std::vector<Peer> out;
    for (const auto& [destination, expires] : expires_) out.push_back(destination);
    return out;
  }
  /// After a renewal: those of `asked` that were `renewed` are held until `expires`. The others are somebody else's by
  /// now: what was not begun of them must not be.
  void renewed(const std::vector<Peer>& asked, const std::vector<Peer>& renewed, Time expires) {
    const std::lock_guard lock(mutex_);
    for (const auto& destination : asked) {
      if (const auto found = expires_.find(destination); found != expires_.end()) found->second = Time{};
    }
    for (const auto& destination : renewed) {
      if (const auto found = expires_.find(destination); found != expires_.end()) found->second = expires;
    }
  }

 private:
  mutable std::mutex mutex_;
  std::map<Peer, Time> expires_;
};

}  // namespace huiyin::gateway
