#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/ids.h"
#include "db/store.h"
#include "gateway/pipeline.h"

namespace huiyin::gateway {

/// Turns timers that fell due into events. Timers are leased from the store, so that of several nodes one fires each;
/// should its lease run out before the commit is known, another fires it again, and the delivery key `timer:<id>:<due>`
/// makes one of the two a repeat. What a killed node held is fired by another when the lease expires, or by itself.
/// A conversation's timer is an event of its peer; a ticket's (kTicketTimer) one of its owner's, or of nobody where he
/// has no channel of ours. A batch goes through the pipeline together, so that its commits share transactions. A thread
/// of its own from construction until stop().
class Scheduler {
 public:
  struct Options {
    std::chrono::milliseconds look_every{1000};  ///< where nothing was due
    std::chrono::milliseconds held{15000};       ///< a lease; a killed node's timers are late by so much
    int batch = 64;
    /// Takes a timer that is no owner's and no ticket's, to have it done elsewhere; false where it is not its. Empty:
    /// there are none.
    std::function<bool(const Timer&)> hand_over{};
    /// What the firing of a ticket's timer will ask for; empty: it asks itself.
    std::function<Wants(const Ticket&)> foresee{};
  };
  /// `owner`: this node's name, unique over all. `is_channel`: whether the configuration still has a channel.
  Scheduler(db::Store& store, Pipeline& pipeline, IdSource& ids, const Clock& clock, std::string owner,
            std::function<bool()> ready, std::function<bool(const std::string& channel)> is_channel, Options options);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  /// Finishes the batch under way, and joins. Idempotent.
  void stop();

 private:
  void work();
  /// How many of those leased were fired: fewer where the store went away or stop() was called.
  int fire_due();
  struct Prepared;
  [[nodiscard]] std::optional<std::vector<Prepared>> prepare(const std::vector<Timer>& timers);
  [[nodiscard]] std::optional<std::string> find_peer(const std::vector<Ticket>& tickets, Prepared& one, bool& away);
  [[nodiscard]] Incoming incoming_of(const Prepared& one) const;
  [[nodiscard]] int fire(const std::vector<Prepared>& batch);
  bool drop(const Timer& timer, const std::string& why);

  db::Store& store_;
  Pipeline& pipeline_;
  IdSource& ids_;
  const Clock& clock_;
  const std::string owner_;
  const std::function<bool()> ready_;
  const std::function<bool(const std::string&)> is_channel_;
  const Options options_;
  std::mutex mutex_;
  std::condition_variable wakes_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace huiyin::gateway
