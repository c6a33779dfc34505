#include "db/known_peers.h"

#include <string>

#include "core/thread_name.h"

namespace huiyin::db {
namespace {

/// Calls `action` with each of a peer's marks, until it returns false.
template <class Action>
bool each_mark(const Peer& peer, int marks, std::size_t bits, Action action) {
  const auto hash = std::hash<std::string>{}(peer.address) * 31 + std::hash<std::string>{}(peer.channel);
  const auto step = (hash >> 32) | 1;  // odd: all marks differ
  for (int i = 0; i < marks; ++i)
    if (!action((hash + static_cast<std::uint64_t>(i) * step) % bits)) return false;
  return true;
}

}  // namespace

KnownPeers::KnownPeers(Connector& connector, Availability& availability)
    : connector_(connector), availability_(availability), thread_([this] { learn(); }) {}

KnownPeers::~KnownPeers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stops_.notify_all();
  thread_.join();
}

bool KnownPeers::may_know(const Peer& peer) const {
  return !complete_.load(std::memory_order_acquire) || each_mark(peer, kMarks, kBits, [this](std::uint64_t mark) {
    return (words_[mark / 64].load(std::memory_order_relaxed) >> (mark % 64) & 1) != 0;
  });
}

void KnownPeers::add(const Peer& peer) {
  each_mark(peer, kMarks, kBits, [this](std::uint64_t mark) {
    words_[mark / 64].fetch_or(std::uint64_t{1} << (mark % 64), std::memory_order_relaxed);
    return true;
  });
}

void KnownPeers::learn() {
  name_thread("known peers");
  while (!read_all())
    if (!wait()) return;
}

bool KnownPeers::read_all() noexcept try {
  if (!availability_.is_available()) return false;
  const auto session = connector_.connect(SessionUse::reading);
  const auto peers = session->stream("SELECT channel,address FROM conversations");
  peers->query();
  while (peers->next()) {
    if (stopping_) return true;
    auto channel = peers->text();
    add({std::move(channel), peers->text()});
  }
  complete_.store(true, std::memory_order_release);
  return true;
} catch (const SqlError&) {
  return false;  // whoever writes finds out that the database is away
}

bool KnownPeers::wait() {
  std::unique_lock lock(mutex_);
  return !stops_.wait_for(lock, Availability::kInterval, [this] { return stopping_.load(); });
}

}  // namespace huiyin::db
