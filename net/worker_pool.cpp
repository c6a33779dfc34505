#include "net/worker_pool.h"

#include <system_error>
#include <utility>

#include "core/thread_name.h"

namespace huiyin {
namespace {

thread_local bool is_surplus_thread = false;

}  // namespace

bool WorkerPool::on_surplus_thread() { return is_surplus_thread; }

void WorkerPool::run(std::function<void()> job) {
  std::unique_lock lock(mutex_);
  if (give_to_worker(job)) return;
  surplus_taken_.wait(lock, [this] { return surplus_.size() < kMaxSurplus; });
  surplus_.push_back(std::move(job));
  if (!surplus_thread_.joinable()) surplus_thread_ = std::thread([this] { refuse(); });
  surplus_waits_.notify_one();
}

bool WorkerPool::give_to_worker(std::function<void()>& job) {
  if (jobs_.size() >= idle_) {
    if (!start_thread() && !(make_room_ && make_room_())) return false;
  }
  jobs_.push_back(std::move(job));
  work_waits_.notify_one();
  return true;
}

bool WorkerPool::start_thread() {
  if (threads_.size() >= max_threads_) return false;
  try {
    threads_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    return false;  // the system allows no more threads: as busy as with all of them taken
  }
  ++idle_;  // counted here, not by the thread, so that the next job does not take it as well
  return true;
}

void WorkerPool::work() {
  name_thread("http");
  std::unique_lock lock(mutex_);
  for (;;) {
    work_waits_.wait(lock, [this] { return !jobs_.empty() || ending_; });
    if (jobs_.empty()) return;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    --idle_;
    lock.unlock();
    job();
    job = nullptr;  // what it captured goes before the thread counts as idle
    lock.lock();
    ++idle_;
  }
}

void WorkerPool::refuse() {
  is_surplus_thread = true;
  std::unique_lock lock(mutex_);
  for (;;) {
    surplus_waits_.wait(lock, [this] { return !surplus_.empty() || ending_; });
    if (surplus_.empty()) return;
    auto job = std::move(surplus_.front());
    surplus_.pop_front();
    surplus_taken_.notify_one();
    lock.unlock();
    job();
    lock.lock();
  }
}

void WorkerPool::shut_down() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  work_waits_.notify_all();
  surplus_waits_.notify_all();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  if (surplus_thread_.joinable()) surplus_thread_.join();
}

}  // namespace huiyin
