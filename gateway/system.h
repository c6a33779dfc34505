#pragma once

#include <array>
#include <mutex>

#include "core/random.h"
#include "core/time.h"

namespace huiyin::gateway {

/// The machine's clock. Thread-safe.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override;
};

/// The operating system's randomness, by way of OpenSSL; little is drawn ahead, since each draw costs more than its
/// bytes. Thread-safe; throws std::runtime_error where there is none.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override;

 private:
  static void draw(std::span<std::byte> out);

  std::mutex mutex_{};
  std::array<std::byte, 1024> ahead_{};
  std::size_t left_ = 0;  ///< of `ahead_`, from its beginning, not handed out
};

}  // namespace huiyin::gateway
