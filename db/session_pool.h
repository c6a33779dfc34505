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
  /// As take(), its error as a value; none is looked for while the database is away.
  [[nodiscard]] Result<std::unique_ptr<Session>> find_session();
  /// Gives the session back, or closes it where it was lost. True, after a pause, where the action may do better.
  [[nodiscard]] bool may_try_again(std::unique_ptr<Session> session, const SqlError& error, int attempt);

  Connector* connector_;
  Availability* availability_;
  int most_;
  std::chrono::milliseconds timeout_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<Idle> idle_;  // the one used last at the end
  int taken_ = 0;
};

/// What a caller is told of it.
[[nodiscard]] StoreError store_error_of(const SqlError& error);

template <class Action>
auto SessionPool::run(Action action) -> Result<std::invoke_result_t<Action, Session&>> {
  for (int attempt = 0;; ++attempt) {
    auto session = find_session();
    if (!session) return tl::unexpected(std::move(session.error()));
    try {
      if constexpr (std::is_void_v<std::invoke_result_t<Action, Session&>>) {
        action(**session);
        give_back(*std::move(session));
        return {};
      } else {
        auto result = action(**session);
        give_back(*std::move(session));
        return result;
      }
    } catch (const SqlError& error) {
      if (!may_try_again(*std::move(session), error, attempt)) return tl::unexpected(store_error_of(error));
    } catch (...) {
      give_back(nullptr);
      throw;
    }
  }
}

}  // namespace huiyin::db
