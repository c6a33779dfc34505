#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "db/availability.h"
#include "db/conversation_cache.h"
#include "db/group_writer.h"
#include "db/known_peers.h"
#include "db/recent_deliveries.h"
#include "db/session.h"
#include "db/store.h"

namespace huiyin::db {

/// The threads that commit. Each takes all units that wait, up to a bound, and commits them as one transaction; units
/// that arrive meanwhile make the next group. So the caller is not inside a transaction itself, and can answer its
/// own caller in time while the database stalls, unless it offers to lead. Thread-safe.
class Committer {
 public:
  static constexpr std::size_t kMostWaiting = 8192;
  static constexpr std::size_t kWholeGroup =
      12;  ///< waiting units that are worth a second leader (docs/performance.md)
  static constexpr std::size_t kWorthGathering = 6;  ///< units of a group after which a whole one is waited for …
  static constexpr std::chrono::microseconds kGatherPatience{200};  ///< … so long at most
  static constexpr std::size_t kMostGroup = 128;                    ///< units
  static constexpr std::size_t kMostGroupBytes = 4U << 20;          ///< far below max_allowed_packet, 16 MB by default
  static constexpr std::size_t kMostUnitBytes = 12U << 20;

  /// What is to hear of conversations.
  struct Memory {
    ConversationCache& cache;
    KnownPeers* known;  ///< may be null
  };
  Committer(Connector& connector, Availability& availability, Memory memory, const StoreOptions& options,
            StoreObserver observer);
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;
  /// Commits what waits, then ends.
  ~Committer();

  /// As Store::commit().
  void submit(EncodedUnit unit, Store::Done done);
  /// As Store::commit_here().
  void submit_here(EncodedUnit unit, Store::Done done, Store::Meanwhile meanwhile);

 private:
  using Clock = std::chrono::steady_clock;
  struct Waiting {
    EncodedUnit encoded;
    Store::Done done;
    Clock::time_point deadline;
  };
  using Group = std::vector<Waiting>;
  /// What a thread has while it leads, or nobody: a session to write by.
  struct Leader {
    std::unique_ptr<Session> session{};
    std::unique_ptr<GroupWriter> writer{};
    Store::Meanwhile meanwhile{};  ///< of who leads for himself
    bool writes = false;           ///< has a group, and does not only wait for the disk; guarded by mutex_
  };

  [[nodiscard]] std::optional<Waiting> admit(EncodedUnit unit, Store::Done done);
  void wait_in_line(Waiting waiting, std::unique_lock<std::mutex> lock);
  void lead();
  [[nodiscard]] bool is_worth_a_leader() const;
  [[nodiscard]] bool is_idle() const;
  void gather(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] Leader* begin_leading();
  [[nodiscard]] std::pair<Leader*, Group> take_group();
  void stops_writing(Leader& leader);
  void end_leading(Leader& leader);
  void commit_group(Leader& leader, Group group);
  static void deal_ids(Group& group);
  void note_group(const GroupWriter::Outcomes& outcomes, Clock::duration took) const;
  /// Tries until the outcomes are known, or nothing more can be known; then the reason.
  [[nodiscard]] tl::expected<GroupWriter::Outcomes, std::string> write(Leader& leader, const Group& group);
  [[nodiscard]] bool connect(Leader& leader, std::string& why);
  void finish(Waiting& waiting, CommitOutcome outcome);
  void put_back(Group deferred);
  void note_retry(const std::string& why) const;

  Connector* connector_;
  Availability* availability_;
  Memory memory_;
  RecentDeliveries recent_{};
  StoreObserver observer_;
  std::size_t max_group_;
  std::chrono::milliseconds timeout_;

  std::mutex mutex_;
  std::condition_variable arrived_, gathered_;
  std::deque<Waiting> waiting_;
  std::vector<std::unique_ptr<Leader>> leaders_;
  std::vector<Leader*> free_;  ///< the last one used is the next to be: its session is warm
  int writing_ = 0;            ///< leaders that write
  bool gathering_ = false;
  std::size_t last_group_ = 0;  ///< its units
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace huiyin::db
