#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "db/availability.h"
#include "db/retry.h"
#include "db/session.h"
#include "db/store.h"

namespace huiyin::db {

/// Sessions for reads and for the machinery's own writes: at most so many, opened when first needed, asked for a sign
/// of life after they lay idle. Thread-safe.
class SessionPool {
 public:
  static constexpr std::chrono::seconds kIdle{30};  ///< after which a session is asked before it is used

  SessionPool(Connector& connector, Availability& availability, int most, std::chrono::milliseconds timeout)
      : connector_(&connector), availability_(&availability), most_(most), timeout_(timeout) {}

  /// Runs `action(Session&)`, again after contention, and once more on a new session when one was lost: it must be such
  /// that doing it twice does no harm.
  template <class Action>
  auto run(Action action) -> Result<std::invoke_result_t<Action, Session&>>;

 private:
  struct Idle {
    std::unique_ptr<Session> session;
    std::chrono::steady_clock::time_point since;
  };
  /// Throws SqlError::lost.
  [[nodiscard]] std::unique_ptr<Session> take();
  void give_back(std::unique_ptr<Session> session);  ///< null: it was lost
  [[nodiscard]] tl::unexpected<StoreError> failure(const SqlError& error);

  Connector* connector_;
  Availability* availability_;
  int most_;
  std::chrono::milliseconds timeout_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<Idle> idle_;  // the one used last at the end
  int taken_ = 0;
};

template <class Action>
auto SessionPool::run(Action action) -> Result<std::invoke_result_t<Action, Session&>> {
  if (!availability_->is_available())
    return tl::unexpected(StoreError{StoreError::Kind::unavailable, "the database is away"});
  for (int attempt = 0;; ++attempt) {
    std::unique_ptr<Session> session;
    try {
      session = take();
    } catch (const SqlError& error) {
      return failure(error);
    }
    try {
      if constexpr (std::is_void_v<std::invoke_result_t<Action, Session&>>) {
        action(*session);
        give_back(std::move(session));
        return {};
      } else {
        auto result = action(*session);
        give_back(std::move(session));
        return result;
      }
    } catch (const SqlError& error) {
      const bool lost = error.kind() == SqlError::Kind::lost;
      if (lost) session.reset();
      give_back(std::move(session));
      const bool again = lost ? attempt == 0 : error.kind() == SqlError::Kind::contended && attempt < kMostAttempts;
      if (!again) return failure(error);
      if (!lost) wait_with_jitter(attempt);
    } catch (...) {
      give_back(nullptr);
      throw;
    }
  }
}

}  // namespace huiyin::db
