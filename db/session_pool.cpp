#include "db/session_pool.h"

#include "db/retry.h"

namespace huiyin::db {

std::unique_ptr<Session> SessionPool::take() {
  Idle found;
  {
    std::unique_lock lock(mutex_);
    if (!returned_.wait_for(lock, timeout_, [this] { return taken_ < most_; }))
      throw SqlError(SqlError::Kind::away, 0, "every database session is busy");
    ++taken_;
    if (!idle_.empty()) {
      found = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  try {
    const auto stale =
        found.session && std::chrono::steady_clock::now() - found.since > kIdle && !found.session->is_alive();
    if (!found.session || stale) found.session = connector_->connect(SessionUse::reading);
  } catch (const SqlError& error) {
    give_back(nullptr);
    if (error.kind() == SqlError::Kind::lost) availability_->lose();
    throw;
  }
  return std::move(found.session);
}

void SessionPool::give_back(std::unique_ptr<Session> session) {
  {
    const std::lock_guard lock(mutex_);
    --taken_;
    if (session) idle_.push_back({std::move(session), std::chrono::steady_clock::now()});
  }
  returned_.notify_one();
}

Result<std::unique_ptr<Session>> SessionPool::find_session() {
  if (!availability_->is_available())
    return tl::unexpected(StoreError{StoreError::Kind::unavailable, "the database is away"});
  try {
    return take();
  } catch (const SqlError& error) {
    return tl::unexpected(store_error_of(error));
  }
}

bool SessionPool::may_try_again(std::unique_ptr<Session> session, const SqlError& error, int attempt) {
  const bool lost = error.kind() == SqlError::Kind::lost;
  if (lost) session.reset();
  give_back(std::move(session));
  if (lost) return attempt == 0;
  if (error.kind() != SqlError::Kind::contended || attempt >= kMostAttempts) return false;
  wait_with_jitter(attempt);
  return true;
}

StoreError store_error_of(const SqlError& error) {
  const auto kind = error.kind() == SqlError::Kind::broken || error.kind() == SqlError::Kind::refused
                        ? StoreError::Kind::broken
                        : StoreError::Kind::unavailable;
  return {kind, error.what()};
}

}  // namespace huiyin::db
