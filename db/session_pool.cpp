#include "db/session_pool.h"

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

tl::unexpected<StoreError> SessionPool::failure(const SqlError& error) {
  const auto kind = error.kind() == SqlError::Kind::broken || error.kind() == SqlError::Kind::refused
                        ? StoreError::Kind::broken
                        : StoreError::Kind::unavailable;
  return tl::unexpected(StoreError{kind, error.what()});
}

}  // namespace huiyin::db
