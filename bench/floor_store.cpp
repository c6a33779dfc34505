#include "bench/floor_store.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/ids.h"

namespace huiyin::bench {
namespace {

using std::chrono::steady_clock;

// The floor's sizes (load_floor.cpp), so that both write the same.
constexpr std::size_t kConversationBytes = 600;
constexpr std::size_t kRawBytes = 350, kReplyBytes = 200;

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

struct Window {
  steady_clock::time_point from{}, to{};
};

/// One owner's messages, one after the other.
class StoreOwner {
 public:
  StoreOwner(db::Store& store, IdSource& ids, const Clock& clock, int id) : store_(&store), ids_(&ids), clock_(&clock) {
    conversation_.peer = {"wechat:bench", "o" + std::to_string(id)};
    const auto stored = store.read({.peer = conversation_.peer});
    if (!stored) throw std::runtime_error(stored.error().why);
    if (stored->conversation) {
      conversation_ = *stored->conversation;
    } else {
      conversation_.id = ids.next<ConversationId>();
    }
    key_ = conversation_.peer.address + ":" + std::to_string(ids.next<UnitId>().value) + ":";
  }

  void message() {
    UnitOfWork unit;
    unit.id = ids_->next<UnitId>();
    unit.inbox.key = key_ + std::to_string(next_++);
    unit.inbox.channel = conversation_.peer.channel;
    unit.inbox.peer = conversation_.peer.address;
    unit.inbox.raw = std::string(kRawBytes, 'x');
    unit.inbox.received = clock_->now();
    conversation_.dialog.slots["description"].value =
        std::string(kConversationBytes, static_cast<char>('a' + next_ % 26));
    unit.conversation = conversation_;
    OutboxRow row;
    row.id = ids_->next<OutboxId>();
    row.message.key = std::to_string(row.id.value);
    row.message.to = conversation_.peer;
    row.message.text = std::string(kReplyBytes, 'y');
    row.created = row.due = unit.inbox.received;
    unit.outbox.push_back(std::move(row));
    const auto outcome = store_->commit(std::move(unit));
    if (!std::holds_alternative<Committed>(outcome)) throw std::runtime_error("a commit was not Committed");
    ++conversation_.version;
  }

 private:
  db::Store* store_;
  IdSource* ids_;
  const Clock* clock_;
  Conversation conversation_;
  std::string key_;
  std::int64_t next_ = 0;
};

void run_owner(StoreOwner& owner, const Window& window, std::vector<std::uint32_t>& latencies) {
  for (auto began = steady_clock::now(); began < window.to;) {
    owner.message();
    const auto ended = steady_clock::now();
    if (ended >= window.from && ended < window.to) {
      latencies.push_back(
          static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::microseconds>(ended - began).count()));
    }
    began = ended;
  }
}

double percentile_ms(const std::vector<std::uint32_t>& sorted, double fraction) {
  if (sorted.empty()) return 0;
  return sorted[static_cast<std::size_t>(fraction * static_cast<double>(sorted.size() - 1))] / 1000.0;
}

std::vector<std::uint32_t> run_all(std::vector<std::unique_ptr<StoreOwner>>& owners, const Window& window) {
  std::vector<std::vector<std::uint32_t>> latencies(owners.size());
  std::vector<std::exception_ptr> failures(owners.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < owners.size(); ++i) {
    threads.emplace_back([&, i] {
      try {
        run_owner(*owners[i], window, latencies[i]);
      } catch (...) {
        failures[i] = std::current_exception();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
  std::vector<std::uint32_t> sorted;
  for (const auto& part : latencies) sorted.insert(sorted.end(), part.begin(), part.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

}  // namespace

StoreRun run_store(const db::StoreOptions& options, int owners, std::chrono::milliseconds warm_up,
                   std::chrono::milliseconds measured) {
  if (const auto migrated = db::migrate(options); !migrated) throw std::runtime_error(describe(migrated.error()));
  std::atomic<std::uint64_t> groups{0}, units{0}, retries{0};
  db::StoreObserver observer;
  observer.group_committed = [&](std::size_t size, std::chrono::microseconds) {
    ++groups;
    units += size;
  };
  observer.retried = [&](const std::string&) { ++retries; };
  auto store = db::open_store(options, observer);
  if (!store) throw std::runtime_error(describe(store.error()));
  const SystemClock clock;
  IdSource ids(clock, 1);
  std::vector<std::unique_ptr<StoreOwner>> all;
  for (int id = 0; id < owners; ++id) all.push_back(std::make_unique<StoreOwner>(**store, ids, clock, id));
  const auto from = steady_clock::now() + warm_up;
  const auto sorted = run_all(all, {from, from + measured});
  return {static_cast<double>(sorted.size()) / std::chrono::duration<double>(measured).count(),
          percentile_ms(sorted, 0.5), percentile_ms(sorted, 0.99),
          static_cast<double>(units) / static_cast<double>(std::max<std::uint64_t>(groups, 1)), retries};
}

}  // namespace huiyin::bench
