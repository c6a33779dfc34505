#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>

#include "gateway/sending.h"
#include "gateway/token_bucket.h"

namespace huiyin::gateway {

/// One channel's sending: what is ready to go, how fast it may, and whether the provider answers. Of the sender's
/// thread, but for `room()`.
class Lane {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  Lane(SendingChannel given, Moment now)
      : channel(std::move(given)), bucket(channel.limits.rate_per_s, channel.limits.burst, now) {}

  /// How many more destinations it wants; 0 while it has more than half of what it holds at most, so that they are
  /// leased in large batches. From any thread.
  [[nodiscard]] int room() const;
  /// May a call begin now? Else `wake` is when to ask again, as far as that is known.
  [[nodiscard]] bool may_begin(Moment now, Moment& wake);
  /// An answer came that says something about the message, not about the provider.
  void provider_is_well() { failures_ = 0; }
  /// No answer, or one that says "not now": after many in a row it is asked only now and then, one call at a time.
  void provider_failed(Moment now);
  [[nodiscard]] bool is_failing() const { return failures_ >= limit(); }
  void pause_until(Moment moment) { paused_until_ = std::max(paused_until_, moment); }
  void go_on() { paused_until_ = {}; }

  const SendingChannel channel;
  TokenBucket bucket;
  std::deque<std::shared_ptr<Errand>> ready{};
  int in_flight = 0;
  int told = -1;             ///< to metrics: calls in flight
  std::atomic<int> held{0};  ///< destinations, ready or under way

 private:
  [[nodiscard]] int limit() const { return 2 * channel.limits.concurrency + 8; }

  int failures_ = 0;
  Moment paused_until_{};
};

}  // namespace huiyin::gateway
