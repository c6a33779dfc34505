#include "gateway/pipeline.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <future>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/overloaded.h"
#include "core/thread_name.h"
#include "gateway/numbers.h"

namespace huiyin::gateway {

using Steady = std::chrono::steady_clock;

/// One event under way, and who waits to hear of it. At any time one thread has it, or it stands in its strand.
struct Pipeline::Turn {
  struct Waiter {
    Deadline deadline{};
    Done done{};
  };

  Incoming incoming{};
  std::string strand{};
  Steady::time_point began = Steady::now();
  std::vector<Waiter> waiters{};  // guarded by the shard of its delivery key
  int tries = 0;
  int rounds = 0;  ///< of this try: how often the decision asked to see more
  NeedsMore needs{};
  std::optional<TicketNumber> number{};    ///< taken once, kept over all tries
  std::optional<OutboundMessage> reply{};  ///< of the decision under way
  bool foretold = false;                   ///< that reply, to who brought the event
  bool owes = false;                       ///< it puts something into the outbox
  std::size_t opens = 0;                   ///< tickets
  CommitOutcome committed{};               ///< of the last try
  std::atomic<bool> met{};  ///< of the store's outcome and the return to whoever decided: the second goes on
};

struct Pipeline::Impl {
  using TurnPointer = std::shared_ptr<Turn>;

  // Sharded, so that unrelated peers do not meet at one lock. A delivery key and a strand may lie in different shards;
  // the two are never locked together.
  struct Shard {
    std::mutex mutex{};
    std::unordered_map<std::string, TurnPointer> by_key{};
    std::unordered_map<std::string, std::deque<TurnPointer>> strands{};  // front: the one under way
  };
  static constexpr std::size_t kShards = 16;
  // The conversation; what the dialog needs; tickets whole; who works at their estate; a number: each asked for once.
  static constexpr int kMaxRounds = 6;
  static constexpr auto kLookAtDeadlines = std::chrono::milliseconds(50);

  Impl(db::Store& its_store, Decide its_decide, std::function<bool()> is_ready, Metrics& its_metrics,
       Threads its_threads, AfterCommit its_after_commit)
      : store(its_store),
        decide(std::move(its_decide)),
        ready(std::move(is_ready)),
        metrics(its_metrics),
        threads(its_threads),
        after_commit(std::move(its_after_commit)),
        numbers(its_store),
        deadlines([this] { watch_deadlines(); }) {}

  db::Store& store;
  Decide decide;
  std::function<bool()> ready;
  Metrics& metrics;
  Threads threads;
  AfterCommit after_commit;
  TicketNumbers numbers;
  std::array<Shard, kShards> shards{};
  std::atomic<int> unanswered{0};  ///< turns of which nobody has been told the outcome

  std::mutex mutex{};
  std::condition_variable idle{}, ends{};
  std::size_t under_way = 0;
  bool stopping = false;
  std::thread deadlines;  // last: it uses the others

  Shard& shard_of(const std::string& text) { return shards[std::hash<std::string>{}(text) % kShards]; }

  TurnPointer enter(Incoming incoming, Turn::Waiter waiter);
  bool join_strand(const TurnPointer& turn);
  void run(const TurnPointer& turn);
  enum class May { not_wait, wait };
  void advance(const TurnPointer& turn, May may);
  [[nodiscard]] bool is_committed_here(const TurnPointer& turn, May may);
  [[nodiscard]] bool commits_here(const TurnPointer& turn, UnitOfWork unit);
  std::optional<db::Result<Snapshot>> see(Turn& turn, May may);
  [[nodiscard]] bool is_alone() const { return unanswered == 1; }
  void conclude(const TurnPointer& turn);
  void finish(const TurnPointer& turn, Outcome outcome);
  void settle(const TurnPointer& turn, Outcome outcome);
  TurnPointer leave_strand(const TurnPointer& turn);
  void watch_deadlines();
  void look_at_deadlines();
};

namespace {

/// What events must stay in order with: their peer; what is from nobody, only itself.
std::string strand_of(const Event& event) {
  if (event.peer.address.empty()) return event.key;
  return event.peer.channel + '\n' + event.peer.address;
}

Outcome failed(Outcome::Kind kind, std::string why) { return {.kind = kind, .why = std::move(why)}; }

std::string_view name_of(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::answered:
      return outcome.duplicate ? "duplicate" : "committed";
    case Outcome::Kind::pending:
      return "pending";
    case Outcome::Kind::unavailable:
      return "unavailable";
    case Outcome::Kind::refused:
      return "refused";
  }
  return "refused";
}

}  // namespace

Pipeline::Pipeline(db::Store& store, Decide decide, std::function<bool()> ready, Metrics& metrics, Threads threads,
                   AfterCommit after_commit)
    : impl_(std::make_unique<Impl>(store, std::move(decide), std::move(ready), metrics, threads,
                                   std::move(after_commit))) {}

Pipeline::~Pipeline() {
  {
    // Without a limit: the store calls back within its statement timeout, and what it calls must still be there.
    std::unique_lock lock(impl_->mutex);
    impl_->idle.wait(lock, [this] { return impl_->under_way == 0; });
    impl_->stopping = true;
  }
  impl_->ends.notify_all();
  impl_->deadlines.join();
}

void Pipeline::process(Incoming incoming, Deadline deadline, Done done) {
  const auto turn = impl_->enter(std::move(incoming), {deadline, std::move(done)});
  if (turn && impl_->join_strand(turn)) impl_->run(turn);
}

Outcome Pipeline::process(Incoming incoming, Deadline deadline) {
  const auto outcome = std::make_shared<std::promise<Outcome>>();
  process(std::move(incoming), deadline, [outcome](Outcome its) { outcome->set_value(std::move(its)); });
  return outcome->get_future().get();
}

bool Pipeline::drain(std::chrono::milliseconds patience) {
  std::unique_lock lock(impl_->mutex);
  return impl_->idle.wait_for(lock, patience, [this] { return impl_->under_way == 0; });
}

/// A new turn; nothing where this delivery is under way already, whose outcome `waiter` then gets as well.
Pipeline::Impl::TurnPointer Pipeline::Impl::enter(Incoming incoming, Turn::Waiter waiter) {
  auto turn = std::make_shared<Turn>();
  {
    Shard& shard = shard_of(incoming.event.key);
    const std::lock_guard lock(shard.mutex);
    auto& known = shard.by_key[incoming.event.key];
    if (known) {
      known->waiters.push_back(std::move(waiter));
      return nullptr;
    }
    turn->waiters.push_back(std::move(waiter));
    turn->strand = strand_of(incoming.event);
    turn->incoming = std::move(incoming);
    known = turn;
  }
  ++unanswered;
  const std::lock_guard lock(mutex);
  ++under_way;
  return turn;
}

/// True where the turn is the first of its peer's, and may go.
bool Pipeline::Impl::join_strand(const TurnPointer& turn) {
  Shard& shard = shard_of(turn->strand);
  const std::lock_guard lock(shard.mutex);
  auto& strand = shard.strands[turn->strand];
  strand.push_back(turn);
  return strand.size() == 1;
}

/// Begins a try at the turn, or the next one after a conflict.
void Pipeline::Impl::run(const TurnPointer& turn) {
  ++turn->tries;
  turn->rounds = 0;
  turn->needs = {.wants = turn->incoming.foreseen};
  turn->needs.wants.peer = turn->incoming.event.peer;
  advance(turn, May::not_wait);
}

/// What the decision is to see; nothing where that takes waiting, and we may not. Who is alone may: nobody else can be
/// kept waiting by it yet, and handing over to a thread that waits in our place would take longer.
std::optional<db::Result<Snapshot>> Pipeline::Impl::see(Turn& turn, May may) {
  if (turn.needs.number && !turn.number) turn.number = numbers.take_at_once();
  const bool has_number = !turn.needs.number || turn.number;
  if (auto snapshot = has_number ? store.read_at_once(turn.needs.wants) : std::nullopt) return *std::move(snapshot);
  if (may == May::not_wait && !is_alone()) return std::nullopt;
  if (!has_number) {
    const auto taken = numbers.take();
    if (!taken) return tl::unexpected(taken.error());
    turn.number = *taken;
  }
  return store.read(turn.needs.wants);
}

void Pipeline::Impl::advance(const TurnPointer& turn, May may) {
  if (is_committed_here(turn, may)) conclude(turn);
}

/// Reads, decides and hands the unit to the store; true where its outcome is known already, and is this thread's to
/// conclude. Never throws: an event that cannot be decided must not take the daemon with it.
bool Pipeline::Impl::is_committed_here(const TurnPointer& turn, May may) try {
  const auto fail = [&](Outcome::Kind kind, std::string why) {
    finish(turn, failed(kind, std::move(why)));
    return false;
  };
  if (!store.is_available() || !ready()) return fail(Outcome::Kind::unavailable, "the store is away");
  for (; turn->rounds < kMaxRounds; ++turn->rounds) {
    auto seen = see(*turn, may);
    if (!seen) {
      threads.readers.post([this, turn] { advance(turn, May::wait); });
      return false;
    }
    auto& snapshot = *seen;
    if (!snapshot) return fail(Outcome::Kind::unavailable, snapshot.error().why);
    snapshot->read = turn->needs.wants;
    auto decision = decide(turn->incoming, *std::move(snapshot), turn->number);
    if (auto* unit = std::get_if<UnitOfWork>(&decision)) return commits_here(turn, std::move(*unit));
    turn->needs = std::get<NeedsMore>(std::move(decision));
  }
  return fail(Outcome::Kind::refused, "the decision never had all that it wanted to see");
} catch (const std::exception& error) {
  finish(turn, failed(Outcome::Kind::refused, error.what()));
  return false;
}

bool Pipeline::Impl::commits_here(const TurnPointer& turn, UnitOfWork unit) {
  turn->reply = unit.reply;
  turn->foretold = false;
  turn->owes = !unit.outbox.empty();
  turn->opens = static_cast<std::size_t>(std::count_if(unit.tickets.begin(), unit.tickets.end(),
                                                       [](const Ticket& ticket) { return ticket.version == 0; }));
  turn->met = false;
  store.commit_here(
      std::move(unit),
      [this, turn](CommitOutcome outcome) {
        turn->committed = std::move(outcome);
        // A committing thread has the next group to write.
        if (turn->met.exchange(true)) threads.workers.post([this, turn] { conclude(turn); });
      },
      [turn] {
        if (!turn->incoming.foretold) return;
        turn->incoming.foretold(turn->reply);
        turn->foretold = true;
      });
  return turn->met.exchange(true);
}

/// After the commit, on a worker, or on the thread that decided.
void Pipeline::Impl::conclude(const TurnPointer& turn) {
  std::visit(
      Overloaded{[&](Committed&) {
                   if (after_commit) after_commit(turn->incoming.event, turn->owes);
                   if (turn->opens > 0) metrics.opened(turn->incoming.event.peer.channel, turn->opens);
                   finish(turn, {.reply = std::move(turn->reply), .foretold = turn->foretold});
                 },
                 [&](Duplicate& first) {
                   finish(turn, {.reply = std::move(first.reply), .duplicate = true, .reply_moved = first.reply_moved});
                 },
                 [&](Conflict& conflict) {
                   metrics.conflict();
                   if (turn->tries < kMaxTries) return threads.workers.post([this, turn] { run(turn); });
                   finish(turn, failed(Outcome::Kind::unavailable, "still in conflict over " + conflict.what));
                 },
                 [&](Unavailable& away) { finish(turn, failed(Outcome::Kind::unavailable, std::move(away.why))); },
                 [&](Refused& refusal) { finish(turn, failed(Outcome::Kind::refused, std::move(refusal.why))); }},
      turn->committed);
}

/// Ends the turn and lets the next of its strand go on. Where this one could not be stored, those behind it cannot
/// either: they follow it into the spool, so that none overtakes it.
void Pipeline::Impl::finish(const TurnPointer& turn, Outcome outcome) {
  const bool unavailable = outcome.kind == Outcome::Kind::unavailable;
  settle(turn, std::move(outcome));
  TurnPointer next = leave_strand(turn);
  while (next && unavailable) {
    settle(next, failed(Outcome::Kind::unavailable, "an earlier message of this peer could not be stored"));
    next = leave_strand(next);
  }
  if (next) threads.workers.post([this, next] { run(next); });
}

void Pipeline::Impl::settle(const TurnPointer& turn, Outcome outcome) {
  --unanswered;  // first: who is answered may write again at once
  metrics.turn(name_of(outcome), std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - turn->began));
  std::vector<Turn::Waiter> waiters;
  {
    Shard& shard = shard_of(turn->incoming.event.key);
    const std::lock_guard lock(shard.mutex);
    shard.by_key.erase(turn->incoming.event.key);
    waiters.swap(turn->waiters);
  }
  // Nearly always there is one, who is given the outcome itself. (None, where all were told at their deadline.)
  for (std::size_t i = 0; i + 1 < waiters.size(); ++i) waiters[i].done(outcome);
  if (!waiters.empty()) waiters.back().done(std::move(outcome));
}

/// The turn that stands first now; nothing where the strand is empty.
Pipeline::Impl::TurnPointer Pipeline::Impl::leave_strand(const TurnPointer& turn) {
  TurnPointer next;
  {
    Shard& shard = shard_of(turn->strand);
    const std::lock_guard lock(shard.mutex);
    const auto strand = shard.strands.find(turn->strand);
    strand->second.pop_front();
    if (strand->second.empty())
      shard.strands.erase(strand);
    else
      next = strand->second.front();
  }
  const std::lock_guard lock(mutex);
  if (--under_way == 0) idle.notify_all();
  return next;
}

void Pipeline::Impl::watch_deadlines() {
  name_thread("deadlines");
  std::unique_lock lock(mutex);
  while (!ends.wait_for(lock, kLookAtDeadlines, [this] { return stopping; })) {
    if (under_way == 0) continue;
    lock.unlock();
    look_at_deadlines();
    lock.lock();
  }
}

/// Who has waited long enough hears that the turn goes on without him.
void Pipeline::Impl::look_at_deadlines() {
  const auto now = Steady::now();
  std::vector<Turn::Waiter> late;
  for (auto& shard : shards) {
    const std::lock_guard lock(shard.mutex);
    for (auto& [key, turn] : shard.by_key) {
      const auto split = std::partition(turn->waiters.begin(), turn->waiters.end(),
                                        [now](const Turn::Waiter& waiter) { return waiter.deadline > now; });
      late.insert(late.end(), std::make_move_iterator(split), std::make_move_iterator(turn->waiters.end()));
      turn->waiters.erase(split, turn->waiters.end());
    }
  }
  for (auto& waiter : late)
    threads.workers.post([done = std::move(waiter.done)] { done({.kind = Outcome::Kind::pending}); });
}

}  // namespace huiyin::gateway
