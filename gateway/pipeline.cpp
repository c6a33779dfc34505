#include "gateway/pipeline.h"

#include <array>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "core/overloaded.h"
#include "core/thread_name.h"
#include "gateway/numbers.h"

namespace huiyin::gateway {

using Steady = std::chrono::steady_clock;

/// One event under way. Its state moves queued → runnable → running → (runnable …) → done; whoever takes it from
/// runnable to running carries the next part of it out.
struct Pipeline::Turn {
  enum class State { queued, runnable, running, done };

  Incoming incoming{};
  std::string strand{};
  Steady::time_point began = Steady::now();

  std::mutex mutex{};
  std::condition_variable changed{};
  State state = State::queued;
  int waiters = 0;
  int tries = 0;
  std::optional<TicketNumber> number{};    ///< taken once, kept over all tries
  std::optional<OutboundMessage> reply{};  ///< of the decision under way
  Outcome outcome{};
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
  static constexpr int kBackgroundThreads = 2;

  Impl(db::Store& its_store, Decide its_decide, std::function<bool()> is_ready, Metrics& its_metrics)
      : store(its_store),
        decide(std::move(its_decide)),
        ready(std::move(is_ready)),
        metrics(its_metrics),
        numbers(its_store) {
    for (int i = 0; i < kBackgroundThreads; ++i) threads.emplace_back([this] { work_in_background(); });
  }

  db::Store& store;
  Decide decide;
  std::function<bool()> ready;
  Metrics& metrics;
  TicketNumbers numbers;
  std::array<Shard, kShards> shards{};

  std::mutex idle_mutex{};
  std::condition_variable idle{};
  std::size_t under_way = 0;

  std::mutex background_mutex{};
  std::condition_variable background_wakes{};
  std::deque<TurnPointer> background{};
  bool stopping = false;
  std::vector<std::thread> threads{};

  Shard& shard_of(const std::string& text) { return shards[std::hash<std::string>{}(text) % kShards]; }

  TurnPointer enter(Incoming incoming);
  void join_strand(const TurnPointer& turn);
  void make_runnable(const TurnPointer& turn);
  void run(const TurnPointer& turn);
  void committed(const TurnPointer& turn, CommitOutcome outcome);
  void finish(const TurnPointer& turn, Outcome outcome);
  void settle(const TurnPointer& turn, Outcome outcome);
  TurnPointer leave_strand(const TurnPointer& turn);
  void work_in_background();
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

Pipeline::Pipeline(db::Store& store, Decide decide, std::function<bool()> ready, Metrics& metrics)
    : impl_(std::make_unique<Impl>(store, std::move(decide), std::move(ready), metrics)) {}

Pipeline::~Pipeline() {
  {
    // Without a limit: the store calls back within its statement timeout, and what it calls must still be there.
    std::unique_lock lock(impl_->idle_mutex);
    impl_->idle.wait(lock, [this] { return impl_->under_way == 0; });
  }
  {
    const std::lock_guard lock(impl_->background_mutex);
    impl_->stopping = true;
  }
  impl_->background_wakes.notify_all();
  for (auto& thread : impl_->threads) thread.join();
}

Outcome Pipeline::process(Incoming incoming, Deadline deadline) {
  const auto turn = impl_->enter(std::move(incoming));
  std::unique_lock lock(turn->mutex);
  for (;;) {
    if (turn->state == Turn::State::done) {  // nobody joins any more: the last may take the outcome along
      if (--turn->waiters == 0) return std::move(turn->outcome);
      return turn->outcome;
    }
    if (turn->state == Turn::State::runnable) {
      turn->state = Turn::State::running;
      lock.unlock();
      impl_->run(turn);
      lock.lock();
      continue;
    }
    if (turn->changed.wait_until(lock, deadline) == std::cv_status::timeout && turn->state != Turn::State::done) break;
  }
  --turn->waiters;
  if (turn->state == Turn::State::runnable) {  // the last to leave must not take the work with it
    lock.unlock();
    impl_->make_runnable(turn);
  }
  return {.kind = Outcome::Kind::pending};
}

bool Pipeline::drain(std::chrono::milliseconds patience) {
  std::unique_lock lock(impl_->idle_mutex);
  return impl_->idle.wait_for(lock, patience, [this] { return impl_->under_way == 0; });
}

/// The turn of this delivery key: the one under way, or a new one at the end of its peer's strand. The caller counts as
/// waiting for it from the start, so that it is he who carries it out, and no thread has to be woken.
Pipeline::Impl::TurnPointer Pipeline::Impl::enter(Incoming incoming) {
  auto turn = std::make_shared<Turn>();
  {
    Shard& shard = shard_of(incoming.event.key);
    const std::lock_guard lock(shard.mutex);
    auto& known = shard.by_key[incoming.event.key];
    if (known) {
      const std::lock_guard turn_lock(known->mutex);
      ++known->waiters;
      return known;
    }
    turn->waiters = 1;
    turn->strand = strand_of(incoming.event);
    turn->incoming = std::move(incoming);
    known = turn;
  }
  {
    const std::lock_guard lock(idle_mutex);
    ++under_way;
  }
  join_strand(turn);
  return turn;
}

void Pipeline::Impl::join_strand(const TurnPointer& turn) {
  Shard& shard = shard_of(turn->strand);
  bool first = false;
  {
    const std::lock_guard lock(shard.mutex);
    auto& strand = shard.strands[turn->strand];
    strand.push_back(turn);
    first = strand.size() == 1;
  }
  if (first) make_runnable(turn);
}

/// Somebody who waits for the turn takes it on; where nobody does, a thread of our own.
void Pipeline::Impl::make_runnable(const TurnPointer& turn) {
  {
    const std::lock_guard lock(turn->mutex);
    turn->state = Turn::State::runnable;
    if (turn->waiters > 0) {
      turn->changed.notify_one();
      return;
    }
  }
  {
    const std::lock_guard lock(background_mutex);
    background.push_back(turn);
  }
  background_wakes.notify_one();
}

void Pipeline::Impl::work_in_background() {
  name_thread("turns");
  std::unique_lock lock(background_mutex);
  for (;;) {
    background_wakes.wait(lock, [this] { return stopping || !background.empty(); });
    if (background.empty()) return;
    const TurnPointer turn = std::move(background.front());
    background.pop_front();
    lock.unlock();
    bool mine = false;
    {
      const std::lock_guard turn_lock(turn->mutex);
      mine = turn->state == Turn::State::runnable;  // a repeat may have come and taken it on
      if (mine) turn->state = Turn::State::running;
    }
    if (mine) run(turn);
    lock.lock();
  }
}

/// Reads, decides and hands the unit to the store, which calls committed(). Never throws: an event that cannot be
/// decided must not take the daemon with it.
void Pipeline::Impl::run(const TurnPointer& turn) try {
  ++turn->tries;
  if (!store.is_available() || !ready()) return finish(turn, failed(Outcome::Kind::unavailable, "the store is away"));
  NeedsMore needs{.wants = {.peer = turn->incoming.event.peer}};
  for (int round = 0; round < 4; ++round) {  // conversation, contact, tickets, number: each is asked for once at most
    auto snapshot = store.read(needs.wants);
    if (!snapshot) return finish(turn, failed(Outcome::Kind::unavailable, snapshot.error().why));
    if (needs.number && !turn->number) {
      const auto taken = numbers.take();
      if (!taken) return finish(turn, failed(Outcome::Kind::unavailable, taken.error().why));
      turn->number = *taken;
    }
    snapshot->read = needs.wants;
    auto decision = decide(turn->incoming, *std::move(snapshot), turn->number);
    if (auto* unit = std::get_if<UnitOfWork>(&decision)) {
      turn->reply = unit->reply;
      store.commit(std::move(*unit), [this, turn](CommitOutcome outcome) { committed(turn, std::move(outcome)); });
      return;
    }
    needs = std::get<NeedsMore>(std::move(decision));
  }
  finish(turn, failed(Outcome::Kind::refused, "the decision never had all that it wanted to see"));
} catch (const std::exception& error) {
  finish(turn, failed(Outcome::Kind::refused, error.what()));
}

void Pipeline::Impl::committed(const TurnPointer& turn, CommitOutcome outcome) {
  std::visit(
      Overloaded{[&](Committed&) { finish(turn, {.reply = std::move(turn->reply)}); },
                 [&](Duplicate& first) {
                   finish(turn, {.reply = std::move(first.reply), .duplicate = true, .reply_moved = first.reply_moved});
                 },
                 [&](Conflict& conflict) {
                   metrics.conflict();
                   if (turn->tries < kMaxTries) return make_runnable(turn);
                   finish(turn, failed(Outcome::Kind::unavailable, "still in conflict over " + conflict.what));
                 },
                 [&](Unavailable& away) { finish(turn, failed(Outcome::Kind::unavailable, std::move(away.why))); },
                 [&](Refused& refusal) { finish(turn, failed(Outcome::Kind::refused, std::move(refusal.why))); }},
      outcome);
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
  if (next) make_runnable(next);
}

void Pipeline::Impl::settle(const TurnPointer& turn, Outcome outcome) {
  metrics.turn(name_of(outcome), std::chrono::duration_cast<std::chrono::microseconds>(Steady::now() - turn->began));
  {
    Shard& shard = shard_of(turn->incoming.event.key);
    const std::lock_guard lock(shard.mutex);
    shard.by_key.erase(turn->incoming.event.key);
  }
  const std::lock_guard lock(turn->mutex);
  turn->outcome = std::move(outcome);
  turn->state = Turn::State::done;
  turn->changed.notify_all();
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
  const std::lock_guard lock(idle_mutex);
  if (--under_way == 0) idle.notify_all();
  return next;
}

}  // namespace huiyin::gateway
