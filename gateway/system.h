#pragma once

#include "core/random.h"
#include "core/time.h"

namespace huiyin::gateway {

/// The machine's clock. Thread-safe.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override;
};

/// The operating system's randomness, by way of OpenSSL. Thread-safe; throws std::runtime_error where there is none.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override;
};

}  // namespace huiyin::gateway
