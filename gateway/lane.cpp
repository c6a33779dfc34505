#include "gateway/lane.h"

#include <algorithm>

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

// Enough to keep the calls in flight while the next batch is read, and no more than a node may hold up when it is
// killed.
constexpr int kLeastRoom = 8, kMostRoom = 512;
constexpr int kPerCall = 8;
constexpr Millis kFirstPause = 500ms, kLongestPause = 30s;

}  // namespace

int Lane::room() const {
  const int wanted = std::clamp(kPerCall * channel.limits.concurrency, kLeastRoom, kMostRoom);
  const int room = wanted - held.load(std::memory_order_relaxed);
  return 2 * room >= wanted ? room : 0;
}

bool Lane::may_begin(Moment now, Moment& wake) {
  if (ready.empty() || in_flight >= (is_failing() ? 1 : channel.limits.concurrency)) return false;
  if (now < paused_until_) {
    wake = std::min(wake, paused_until_);
    return false;
  }
  if (const auto next = bucket.next(now); next > now) {
    wake = std::min(wake, next);
    return false;
  }
  return true;
}

void Lane::provider_failed(Moment now) {
  ++failures_;
  if (!is_failing()) return;
  const auto doublings = std::min(failures_ - limit(), 10);
  pause_until(now + std::min(kLongestPause, kFirstPause * (1 << doublings)));
}

}  // namespace huiyin::gateway
