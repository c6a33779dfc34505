#include "gateway/node.h"

#include <spdlog/spdlog.h>

#include "core/thread_name.h"
namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kHeld = 60s;
constexpr auto kRenewEvery = 15s;
constexpr auto kLookAgain = 500ms;  // while not ready
constexpr int kPurgeAtOnce = 1000;

}  // namespace

Node::Node(db::Store& store, IdSource& ids, const Clock& clock, std::string owner, std::chrono::hours inbox_kept)
    : store_(store), ids_(ids), clock_(clock), owner_(std::move(owner)), inbox_kept_(inbox_kept), thread_([this] {
        work();
      }) {}

Node::~Node() { stop(); }

void Node::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wakes_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::string Node::why_not() const {
  const std::lock_guard lock(mutex_);
  return why_;
}

void Node::look() {
  const std::lock_guard one_at_a_time(looking_);
  auto why = check(clock_.now());
  const std::lock_guard lock(mutex_);
  if (why != why_) {
    if (why.empty())
      spdlog::info("node_ready owner={}", owner_);
    else
      spdlog::warn("node_not_ready why=\"{}\"", why);
  }
  ready_.store(why.empty(), std::memory_order_release);
  why_ = std::move(why);
}

std::string Node::check(Time now) {
  if (!store_.is_available()) return "the database does not answer";
  const auto server = store_.server_time();
  if (!server) return "the database does not answer: " + server.error().why;
  const auto after = clock_.now();
  if (*server < now - kMostClockDifference || *server > after + kMostClockDifference)
    return "this machine's clock is more than a second off the database's: run an NTP client on both";
  const auto node = store_.lease_node(owner_, now, kHeld);
  if (!node) return "no node number: " + node.error().why;
  ids_.become(*node);
  return {};
}

void Node::work() {
  name_thread("node");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    look();
    if (is_ready()) (void)store_.purge_inbox(clock_.now() - inbox_kept_, kPurgeAtOnce);
    lock.lock();
    wakes_.wait_for(lock, is_ready() ? Millis(kRenewEvery) : Millis(kLookAgain), [this] { return stopping_; });
  }
}

}  // namespace huiyin::gateway
