#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace huiyin::db {

/// Whether the server is known to be away. Once somebody found it so, a thread asks `probe` every second until that
/// returns true. Thread-safe.
class Availability {
 public:
  using Probe = std::function<bool()>;
  static constexpr std::chrono::seconds kInterval{1};

  Availability(Probe probe, bool available);
  Availability(const Availability&) = delete;
  Availability& operator=(const Availability&) = delete;
  ~Availability();

  [[nodiscard]] bool is_available() const { return available_.load(std::memory_order_acquire); }
  void lose();

 private:
  void watch();

  Probe probe_;
  std::atomic<bool> available_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace huiyin::db
