#include "db/availability.h"

#include <utility>

namespace huiyin::db {

Availability::Availability(Probe probe, bool available)
    : probe_(std::move(probe)), available_(available), thread_([this] { watch(); }) {}

Availability::~Availability() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Availability::lose() {
  if (!available_.exchange(false)) return;
  const std::lock_guard lock(mutex_);  // so that the watcher cannot miss it between its look and its sleep
  changed_.notify_all();
}

void Availability::watch() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (is_available()) {
      changed_.wait(lock, [this] { return stopping_ || !is_available(); });
      continue;
    }
    lock.unlock();
    const bool back = probe_();
    lock.lock();
    if (back) {
      available_.store(true, std::memory_order_release);
    } else {
      changed_.wait_for(lock, kInterval, [this] { return stopping_; });
    }
  }
}

}  // namespace huiyin::db
