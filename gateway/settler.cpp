#include "gateway/settler.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "core/thread_name.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto kTryAgain = 200ms;
constexpr int kMaxTries = 5;  // of a lesson in conflict
// A batch that an answering database still does not take is written row by row, so that one bad row fails alone.
constexpr int kMaxBroken = 5;

void refund(std::vector<PushWindow>& windows, Time expires) {
  for (auto& window : windows)
    if (window.expires == expires) {
      ++window.remaining;
      return;
    }
  windows.push_back({expires, 1});  // its last push it was
}

}  // namespace

Settler::Settler(db::Store& store, IdSource& ids, const Clock& clock, Holdings& holdings, std::string owner)
    : store_(store), ids_(ids), clock_(clock), holdings_(holdings), owner_(std::move(owner)), thread_([this] {
        work();
      }) {}

Settler::~Settler() { stop({}); }

void Settler::on_written(std::function<void()> then) {
  const std::lock_guard lock(mutex_);
  then_ = std::move(then);
}

void Settler::settle(std::vector<OutboxSettlement> rows) {
  if (rows.empty()) return;
  unsettled_ += rows.size();
  {
    const std::lock_guard lock(mutex_);
    for (auto& row : rows) next_.settled.push_back(std::move(row));
  }
  wakes_.notify_one();
}

void Settler::release(ReleasedDestination destination) {
  {
    const std::lock_guard lock(mutex_);
    next_.released.push_back(std::move(destination));
  }
  wakes_.notify_one();
}

void Settler::learn(Lesson lesson) {
  const std::lock_guard lock(mutex_);
  next_.lessons.push_back(std::move(lesson));
}

void Settler::stop(Millis patience) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) give_up_ = Steady::now() + patience;
    stopping_ = true;
  }
  wakes_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Settler::work() {
  name_thread("settler");
  std::unique_lock lock(mutex_);
  for (;;) {
    wakes_.wait(lock, [this] { return stopping_ || !next_.empty(); });
    if (next_.empty()) return;
    auto batch = std::exchange(next_, {});
    const auto then = then_;
    lock.unlock();
    int broken = 0;
    while (!write(batch)) {
      if (store_.is_available() && ++broken == kMaxBroken) {
        write_each(batch);
        break;
      }
      std::unique_lock waiting(mutex_);
      wakes_.wait_for(waiting, kTryAgain, [this] { return stopping_; });
      if (stopping_ && Steady::now() >= give_up_) break;
    }
    unsettled_ -= batch.settled.size();
    for (const auto& one : batch.released) holdings_.let_go(one.destination);
    if (then) then();
    lock.lock();
  }
}

bool Settler::write(Batch& batch) {
  while (!batch.lessons.empty()) {
    if (!record(batch.lessons.back())) return false;
    batch.lessons.pop_back();
  }
  if (batch.settled.empty() && batch.released.empty()) return true;
  const auto written = store_.settle(owner_, batch.settled, batch.released, clock_.now());
  if (!written) spdlog::warn("settle_failed rows={} why=\"{}\"", batch.settled.size(), written.error().why);
  return written.has_value();
}

void Settler::write_each(const Batch& batch) {
  const auto failed = [this](const std::vector<OutboxSettlement>& rows,
                             const std::vector<ReleasedDestination>& released) {
    return !store_.settle(owner_, rows, released, clock_.now());
  };
  for (const auto& row : batch.settled)
    if (failed({row}, {})) spdlog::error("settle_lost outbox={} state={}", row.id.value, to_string(row.state));
  for (const auto& one : batch.released)
    if (failed({}, {one})) spdlog::error("release_lost channel={}", one.destination.channel);
}

/// False where the store is away: to be tried again.
bool Settler::record(const Lesson& lesson) {
  for (int tries = 0; tries < kMaxTries; ++tries) {
    auto read = store_.conversations_of({lesson.peer});
    if (!read) return false;
    if (read->empty()) return true;
    UnitOfWork unit;
    auto& conversation = unit.conversation.emplace(std::move(read->front()));
    if (lesson.refund && *lesson.refund > clock_.now()) refund(conversation.windows, *lesson.refund);
    if (lesson.gone) conversation.gone = true;
    if (lesson.no_push) conversation.windows.clear();
    if (!lesson.consent.empty()) std::erase(conversation.consents, lesson.consent);
    unit.id = ids_.next<UnitId>();
    unit.inbox = {
        .key = lesson.key, .channel = lesson.peer.channel, .peer = lesson.peer.address, .received = clock_.now()};
    const auto outcome = store_.commit(std::move(unit));
    if (std::holds_alternative<Unavailable>(outcome)) return false;
    if (std::holds_alternative<Conflict>(outcome)) continue;
    if (const auto* refused = std::get_if<Refused>(&outcome)) spdlog::error("lesson_refused why=\"{}\"", refused->why);
    return true;
  }
  return true;  // the conversation changes all the time: what was learnt is learnt again by the next refusal
}

}  // namespace huiyin::gateway
