#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace huiyin {

/// The threads behind HttpServer. They are started when first needed, up to a bound. A job that finds all of them busy,
/// where no room can be made, goes to one extra thread, where on_surplus_thread() is true, so that it can be refused in
/// words: a dropped job would leave its client hanging and leak its socket. Thread-safe.
class WorkerPool {
 public:
  /// Jobs that may wait for the extra thread; over it, run() waits, and the kernel's accept queue fills instead.
  static constexpr std::size_t kMaxSurplus = 1024;

  /// Makes one of the busy threads end its job soon; false where none can. Called from run(), must not call back.
  using MakeRoom = std::function<bool()>;

  explicit WorkerPool(std::size_t max_threads, MakeRoom make_room = {})
      : max_threads_(max_threads), make_room_(std::move(make_room)) {}
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool() { shut_down(); }

  void run(std::function<void()> job);
  /// Finishes every job that was taken, joins. Idempotent; no run() may follow.
  void shut_down();
  /// Is the caller the extra thread of a pool?
  [[nodiscard]] static bool on_surplus_thread();

 private:
  bool give_to_worker(std::function<void()>& job);
  bool start_thread();
  void work();
  void refuse();

  const std::size_t max_threads_;
  const MakeRoom make_room_;
  std::mutex mutex_;
  std::condition_variable work_waits_, surplus_waits_, surplus_taken_;
  std::deque<std::function<void()>> jobs_, surplus_;
  std::vector<std::thread> threads_;
  std::thread surplus_thread_;
  std::size_t idle_ = 0;
  bool ending_ = false;
};

}  // namespace huiyin
