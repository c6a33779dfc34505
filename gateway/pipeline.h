#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "core/event.h"
#include "core/message.h"
#include "core/snapshot.h"
#include "core/unit_of_work.h"
#include "db/store.h"
#include "gateway/metrics.h"
#include "net/workers.h"

namespace huiyin::gateway {

/// An event on its way in, with what goes into the inbox beside it.
struct Incoming {
  Event event{};
  std::string raw{};
  std::string request_id{};
  Time received{};
  bool late = false;                  ///< nobody waits for a passive reply: what is said goes to the outbox
  std::vector<ReceivedFile> files{};  ///< that came with a page's form: in the media store already
  bool by_page = false;  ///< done on a page of ours: no sign of life on the channel, and proof of no number
  Wants foreseen{};      ///< what the decision will ask for, as far as that is known; the peer is added
  /// Told, perhaps, what is said if the commit under way succeeds: a chance to prepare it. Must not throw.
  std::function<void(const std::optional<OutboundMessage>& reply)> foretold{};
};

/// The decision needs to see more first.
struct NeedsMore {
  Wants wants{};
  bool number = false;  ///< a ticket number too
};

/// The pure part: what `incoming` changes, given what is there. Called on many threads.
/// `number` is given on the second call, where the first asked for it.
using Decide = std::function<std::variant<UnitOfWork, NeedsMore>(const Incoming& incoming, Snapshot snapshot,
                                                                 std::optional<TicketNumber> number)>;

/// What became of an event.
struct Outcome {
  enum class Kind {
    answered,     ///< committed, now or by an earlier delivery: `reply` is what to say
    pending,      ///< the deadline passed first; the turn goes on without us
    unavailable,  ///< the store is away: nothing is stored
    refused       ///< no decision or no commit is possible for this event; `why` is for the log
  } kind = Kind::answered;
  std::optional<OutboundMessage> reply{};
  bool duplicate = false;
  bool reply_moved = false;  ///< a duplicate whose reply goes by the outbox
  bool foretold = false;     ///< the reply is the one that Incoming::foretold was told last
  std::string why{};
};

/// The one door: event → snapshot → decision → unit of work → commit.
///
/// Events of one peer go one after the other, in the order of process() calls; different peers go in parallel. A repeat
/// of a delivery that is still under way waits for the first one's outcome. A turn begins on the thread that brings its
/// event, and goes on, after a commit, on the workers; a read that memory cannot answer waits on threads that are there
/// for it, unless no other event is under way. Where the store has nothing else to do, that thread commits too
/// (Store::commit_here), one at a time.
/// Thread-safe.
class Pipeline {
 public:
  /// A decision that met a newer version is taken again at most this often.
  static constexpr int kMaxTries = 5;

  using AfterCommit = std::function<void(const Event& event, bool owes)>;
  /// Where turns run; both must outlive the pipeline.
  struct Threads {
    Workers& workers;  ///< for what waits only where it is alone: three, or one more than cores
    Workers& readers;  ///< for what waits for the store: one for each of its reading connections
  };
  /// `ready` is asked before every decision; while it says no, the store counts as away. `after_commit` is called, on a
  /// worker, after each commit of an event: `owes` where that put something into the outbox.
  Pipeline(db::Store& store, Decide decide, std::function<bool()> ready, Metrics& metrics, Threads threads,
           AfterCommit after_commit = {});
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  using Deadline = std::chrono::steady_clock::time_point;
  using Done = std::function<void(Outcome)>;
  /// Handles one event. `done` is called once: with the outcome, or, where `deadline` comes first, with `pending` at
  /// most 50 ms after it. On a worker, or before this returns on the caller's own thread.
  void process(Incoming incoming, Deadline deadline, Done done);
  /// The same, waiting. Not from a worker.
  [[nodiscard]] Outcome process(Incoming incoming, Deadline deadline);

  /// Waits until nothing is under way, at most `patience`; false if something still is.
  bool drain(std::chrono::milliseconds patience);

 private:
  struct Turn;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace huiyin::gateway
