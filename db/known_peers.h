#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

#include "core/peer.h"
#include "db/availability.h"
#include "db/session.h"

namespace huiyin::db {

/// Of which peers there may be a conversation: a Bloom filter of 256 KB, filled from the table once the database is
/// there, and from then on by what is committed here. So a stranger's first message is decided without asking the
/// database. It errs on one side alone, but for peers whom another process got to know since: what was decided of such
/// a one conflicts when it is committed, as with a cached conversation that is stale. Thread-safe.
class KnownPeers {
 public:
  /// Begins to read the table, in a thread of its own. Both must outlive this.
  KnownPeers(Connector& connector, Availability& availability);
  KnownPeers(const KnownPeers&) = delete;
  KnownPeers& operator=(const KnownPeers&) = delete;
  ~KnownPeers();

  /// True until the table has been read.
  [[nodiscard]] bool may_know(const Peer& peer) const;
  void add(const Peer& peer);

 private:
  // At 200,000 peers one stranger in a hundred is taken for known, at a million every second: they cost a read.
  static constexpr std::size_t kBits = std::size_t{1} << 21;
  static constexpr int kMarks = 4;

  void learn();
  /// False where it has to be tried again.
  [[nodiscard]] bool read_all() noexcept;
  /// Until a new try is due; false where there is to be none.
  [[nodiscard]] bool wait();

  Connector& connector_;
  Availability& availability_;
  std::vector<std::atomic<std::uint64_t>> words_ = std::vector<std::atomic<std::uint64_t>>(kBits / 64);
  std::atomic<bool> complete_{false};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_{};
  std::condition_variable stops_{};
  std::thread thread_;  // last: it uses the others
};

}  // namespace huiyin::db
