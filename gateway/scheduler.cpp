#include "gateway/scheduler.h"

#include <spdlog/spdlog.h>

#include <charconv>

#include "core/thread_name.h"
#include "gateway/timers.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 10s;  // for one timer's turn

std::optional<ConversationId> conversation_of(const Timer& timer) {
  std::int64_t id = 0;
  const auto* end = timer.subject.data() + timer.subject.size();
  const auto [rest, error] = std::from_chars(timer.subject.data(), end, id);
  if (error != std::errc{} || rest != end || id <= 0) return std::nullopt;
  return ConversationId{id};
}

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
      options_(options),
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

int Scheduler::fire_due() {
  const auto leased = store_.lease_timers(owner_, clock_.now(), options_.held, options_.batch);
  if (!leased) return 0;  // away: the store says so itself
  int fired = 0;
  for (const auto& timer : *leased) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) break;
    }
    if (!fire(timer)) break;  // the rest stays leased, and is fired when the leases have run out
    ++fired;
  }
  return fired;
}

/// False where the store went away.
bool Scheduler::fire(const Timer& timer) {
  const auto conversation = conversation_of(timer);
  if (!conversation) return drop(timer, "its subject is no conversation");
  const auto peer = store_.find_peer(*conversation);
  if (!peer) return false;
  if (!*peer) return drop(timer, "its conversation is gone");
  if (!is_channel_((*peer)->channel)) return drop(timer, "no channel " + (*peer)->channel + " any more");
  const auto outcome = pipeline_.process({.event = {.key = key_of(timer),
                                                    .peer = **peer,
                                                    .sent_at = timer.due,
                                                    .body = TimerFired{timer.id, timer.kind, timer.subject}},
                                          .request_id = "timer-" + std::to_string(timer.id.value),
                                          .received = clock_.now(),
                                          .late = true},
                                         std::chrono::steady_clock::now() + kPatience);
  if (outcome.kind == Outcome::Kind::refused) return drop(timer, outcome.why);
  spdlog::debug("timer_fired timer={} kind={} due={}", timer.id.value, timer.kind, format_utc(timer.due));
  return outcome.kind == Outcome::Kind::answered;
}

/// Nothing can be decided about it, now or later: its unit only takes it out of the store.
bool Scheduler::drop(const Timer& timer, const std::string& why) {
  spdlog::warn("timer_dropped timer={} kind={} subject={} why=\"{}\"", timer.id.value, timer.kind, timer.subject, why);
  const auto outcome =
      store_.commit({.id = ids_.next<UnitId>(), .inbox = {.key = key_of(timer), .raw = why, .received = clock_.now()}});
  return !std::holds_alternative<Unavailable>(outcome);
}

}  // namespace huiyin::gateway
