#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/ids.h"
#include "core/outbox.h"
#include "core/time.h"
#include "db/store.h"
#include "gateway/holdings.h"

namespace huiyin::gateway {

/// What a provider's refusal taught about a conversation.
struct Lesson {
  Peer peer{};
  bool gone = false;
  bool no_push = false;          ///< no push is allowed now, against what the ledger says
  std::string consent{};         ///< the template of the provider's that he does not allow any more
  std::optional<Time> refund{};  ///< the window, by its end, of which a push was spent that did not go
  std::string key{};             ///< of the unit that records it: the same for the same refusal
};

/// Writes what became of rows, in batches, on a thread of its own: while one batch is being written the next gathers.
/// What cannot be written because the store is away is kept and tried again. Thread-safe.
class Settler {
 public:
  /// All must outlive this.
  Settler(db::Store& store, IdSource& ids, const Clock& clock, Holdings& holdings, std::string owner);
  ~Settler();
  Settler(const Settler&) = delete;
  Settler& operator=(const Settler&) = delete;

  void settle(std::vector<OutboxSettlement> rows);
  /// After what was settled before.
  void release(ReleasedDestination destination);
  /// Before what is settled and released afterwards.
  void learn(Lesson lesson);

  /// Rows whose end is known here alone: were this process killed now, they would be sent again.
  [[nodiscard]] std::size_t unsettled() const { return unsettled_.load(std::memory_order_relaxed); }
  /// Called from the settler's thread after each batch.
  void on_written(std::function<void()> then);
  /// Writes what is there, trying for at most `patience`. Idempotent.
  void stop(Millis patience);

 private:
  struct Batch {
    std::vector<OutboxSettlement> settled{};
    std::vector<ReleasedDestination> released{};
    std::vector<Lesson> lessons{};
    [[nodiscard]] bool empty() const { return settled.empty() && released.empty() && lessons.empty(); }
  };
  void work();
  [[nodiscard]] bool write(Batch& batch);
  void write_each(const Batch& batch);
  [[nodiscard]] bool record(const Lesson& lesson);

  db::Store& store_;
  IdSource& ids_;
  const Clock& clock_;
  Holdings& holdings_;
  const std::string owner_;
  std::function<void()> then_{};
  std::atomic<std::size_t> unsettled_{0};
  std::mutex mutex_;
  std::condition_variable wakes_;
  Batch next_;
  bool stopping_ = false;
  std::chrono::steady_clock::time_point give_up_{};
  std::thread thread_;
};

}  // namespace huiyin::gateway
