#include "gateway/scheduler.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "core/thread_name.h"
#include "gateway/ticket_case.h"
#include "gateway/ticket_timer.h"
#include "gateway/timers.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 10s;  // for a batch

}  // namespace

Scheduler::Scheduler(db::Store& store, Pipeline& pipeline, IdSource& ids, const Clock& clock, std::string owner,
                     std::function<bool()> ready, std::function<bool(const std::string&)> is_channel, Options options)
    : store_(store),
      pipeline_(pipeline),
      ids_(ids),
      clock_(clock),
      owner_(std::move(owner)),
      ready_(std::move(ready)),
      is_channel_(std::move(is_channel)),
      options_(std::move(options)),
      thread_([this] { work(); }) {}

Scheduler::~Scheduler() { stop(); }

void Scheduler::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wakes_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Scheduler::work() {
  name_thread("timers");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    int fired = 0;
    try {
      if (ready_()) fired = fire_due();
    } catch (const std::exception& error) {
      spdlog::error("timers_failed why=\"{}\"", error.what());
    }
    lock.lock();
    if (fired < options_.batch) wakes_.wait_for(lock, options_.look_every, [this] { return stopping_; });
  }
}

/// A timer on its way into the pipeline; with a reason, it can never be decided.
struct Scheduler::Prepared {
  Timer timer{};
  Peer peer{};
  Wants foreseen{};
  std::optional<std::string> why_not{};
};

int Scheduler::fire_due() {
  auto leased = store_.lease_timers(owner_, clock_.now(), options_.held, options_.batch);
  if (leased && options_.hand_over)
    leased->erase(std::remove_if(leased->begin(), leased->end(), options_.hand_over), leased->end());
  if (!leased || leased->empty()) return 0;  // away: the store says so itself
  const auto batch = prepare(*leased);
  if (!batch) return 0;  // stays leased, and is fired when the leases have run out
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return 0;
  }
  return fire(*batch);
}

/// Whose each of them is; nothing where the store went away.
std::optional<std::vector<Scheduler::Prepared>> Scheduler::prepare(const std::vector<Timer>& timers) {
  std::vector<TicketId> ids;
  for (const auto& timer : timers)
    if (const auto id = timer.kind == kTicketTimer ? ticket_of_timer(timer.subject) : TicketId{}) ids.push_back(id);
  auto tickets = ids.empty() ? db::Result<std::vector<Ticket>>{} : store_.tickets_by_id(ids);
  if (!tickets) return std::nullopt;
  std::vector<Prepared> out;
  for (const auto& timer : timers) {
    bool away = false;
    Prepared one{.timer = timer};
    one.why_not = find_peer(*tickets, one, away);
    if (away) return std::nullopt;
    out.push_back(std::move(one));
  }
  return out;
}

/// Finds whose timer it is, and what it will take; or says why it can never be decided.
std::optional<std::string> Scheduler::find_peer(const std::vector<Ticket>& tickets, Prepared& one, bool& away) {
  const auto& timer = one.timer;
  if (timer.kind == kTicketTimer) {
    const auto id = ticket_of_timer(timer.subject);
    const auto found =
        std::find_if(tickets.begin(), tickets.end(), [id](const Ticket& ticket) { return ticket.id == id; });
    if (found == tickets.end()) return "its ticket is gone";
    if (is_channel_(found->peer.channel)) one.peer = found->peer;  // else nobody's: staff have it all the same
    if (options_.foresee) one.foreseen = options_.foresee(*found);
    return std::nullopt;
  }
  const auto conversation = conversation_of_timer(timer);
  if (!conversation) return "its subject is no conversation";
  const auto found = store_.find_peer(*conversation);
  away = !found;
  if (away) return std::nullopt;
  if (!*found) return "its conversation is gone";
  one.peer = **found;
  if (!is_channel_(one.peer.channel)) return "no channel " + one.peer.channel + " any more";
  return std::nullopt;
}

Incoming Scheduler::incoming_of(const Prepared& one) const {
  const auto& timer = one.timer;
  return {.event = {.key = key_of(timer),
                    .peer = one.peer,
                    .sent_at = timer.due,
                    .body = TimerFired{timer.id, timer.kind, timer.subject}},
          .request_id = "timer-" + std::to_string(timer.id.value),
          .received = clock_.now(),
          .late = true,
          .foreseen = one.foreseen};
}

/// All of a batch at once; waits for every outcome. Each is called within the deadline.
int Scheduler::fire(const std::vector<Prepared>& batch) {
  struct Shared {
    std::mutex mutex{};
    std::condition_variable all{};
    std::size_t left = 0;
    int answered = 0;
    std::vector<std::pair<Timer, std::string>> refused{};
  };
  const auto shared = std::make_shared<Shared>();
  shared->left = batch.size();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  const auto ended = [shared](const Timer& timer, const Outcome& outcome) {
    const std::lock_guard lock(shared->mutex);
    if (outcome.kind == Outcome::Kind::answered) ++shared->answered;
    if (outcome.kind == Outcome::Kind::refused) shared->refused.emplace_back(timer, outcome.why);
    if (--shared->left == 0) shared->all.notify_all();
  };
  for (const auto& one : batch) {
    if (one.why_not)
      ended(one.timer, {.kind = Outcome::Kind::refused, .why = *one.why_not});
    else
      pipeline_.process(incoming_of(one), deadline,
                        [ended, timer = one.timer](const Outcome& outcome) { ended(timer, outcome); });
  }
  std::unique_lock lock(shared->mutex);
  shared->all.wait(lock, [&] { return shared->left == 0; });
  int fired = shared->answered;
  for (const auto& [timer, why] : std::exchange(shared->refused, {})) fired += drop(timer, why) ? 1 : 0;
  return fired;
}

/// Nothing can be decided about it, now or later: its unit only takes it out of the store.
bool Scheduler::drop(const Timer& timer, const std::string& why) {
  spdlog::warn("timer_dropped timer={} kind={} subject={} why=\"{}\"", timer.id.value, timer.kind, timer.subject, why);
  const auto outcome =
      store_.commit({.id = ids_.next<UnitId>(), .inbox = {.key = key_of(timer), .raw = why, .received = clock_.now()}});
  return !std::holds_alternative<Unavailable>(outcome);
}

}  // namespace huiyin::gateway
