#pragma once

#include <algorithm>
#include <chrono>

namespace huiyin::gateway {

/// So many a second on average, and at most `burst` at once. Starts full. Not thread-safe.
class TokenBucket {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  /// `rate_per_s` 0: without limit.
  TokenBucket(double rate_per_s, double burst, Moment now)
      : rate_(rate_per_s), burst_(std::max(1.0, burst)), tokens_(burst_), filled_(now) {}

  /// Takes one; false where there is none.
  [[nodiscard]] bool take(Moment now) {
    if (rate_ <= 0) return true;
    fill(now);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }
  /// When there will be one.
  [[nodiscard]] Moment next(Moment now) {
    if (rate_ <= 0) return now;
    fill(now);
    if (tokens_ >= 1) return now;
    const std::chrono::duration<double> wait((1 - tokens_) / rate_);
    return now + std::chrono::ceil<std::chrono::milliseconds>(wait);
  }

 private:
  void fill(Moment now) {
    if (now <= filled_) return;
    tokens_ = std::min(burst_, tokens_ + rate_ * std::chrono::duration<double>(now - filled_).count());
    filled_ = now;
  }

  double rate_, burst_, tokens_;
  Moment filled_;
};

}  // namespace huiyin::gateway
