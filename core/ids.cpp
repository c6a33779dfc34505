#include "core/ids.h"

namespace huiyin {
namespace {

using namespace std::chrono_literals;

constexpr Time kEpoch = std::chrono::sys_days{std::chrono::year{2024} / 1 / 1};  // 41 bits of ms last until 2093

}  // namespace

IdSource::IdSource(const Clock& clock, int node) : clock_(clock), node_(node & kMaxNode) {}

void IdSource::become(int node) { node_.store(node & kMaxNode, std::memory_order_relaxed); }

std::int64_t IdSource::next_value() {
  const std::int64_t floor = (clock_.now() - kEpoch).count() << kCounterBits;
  std::int64_t last = last_.load(std::memory_order_relaxed);
  std::int64_t next = 0;
  do {
    next = last >= floor ? last + 1 : floor;
  } while (!last_.compare_exchange_weak(last, next, std::memory_order_relaxed));
  const std::int64_t counter = next & ((1 << kCounterBits) - 1);
  return ((next >> kCounterBits) << (kNodeBits + kCounterBits)) |
         (node_.load(std::memory_order_relaxed) << kCounterBits) | counter;
}

Time time_of_id(std::int64_t id) { return kEpoch + Millis{id >> (IdSource::kNodeBits + IdSource::kCounterBits)}; }

}  // namespace huiyin
