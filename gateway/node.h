#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "core/ids.h"
#include "core/time.h"
#include "db/store.h"

namespace huiyin::gateway {

/// This process's place among those that share the database: its node number, leased and renewed, without which no id
/// may be made; and whether its clock agrees with the database's. It also removes delivery keys that are old enough. A
/// thread of its own from construction until stop(). Thread-safe.
class Node {
 public:
  static constexpr auto kMostClockDifference = std::chrono::seconds(1);

  /// `owner` names this process: unique over all. `inbox_kept`: how long delivery keys are remembered.
  Node(db::Store& store, IdSource& ids, const Clock& clock, std::string owner, std::chrono::hours inbox_kept);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// May this process decide now?
  [[nodiscard]] bool is_ready() const { return ready_.load(std::memory_order_acquire); }
  /// Why not, for /readyz; empty when it is ready.
  [[nodiscard]] std::string why_not() const;
  /// Looks at once, on the caller's thread: for the start.
  void look();
  void stop();

 private:
  void work();
  [[nodiscard]] std::string check(Time now);

  db::Store& store_;
  IdSource& ids_;
  const Clock& clock_;
  const std::string owner_;
  const std::chrono::hours inbox_kept_;
  std::atomic<bool> ready_{false};
  mutable std::mutex mutex_;
  std::mutex looking_;
  std::condition_variable wakes_;
  std::string why_{"not looked yet"};
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace huiyin::gateway
