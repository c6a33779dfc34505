#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace huiyin {

/// Where randomness comes from: the operating system in the daemon, a seeded sequence in tests.
class Random {
 public:
  Random() = default;
  Random(const Random&) = delete;
  Random& operator=(const Random&) = delete;
  virtual ~Random() = default;
  /// Fills the whole span. Thread-safe.
  virtual void fill(std::span<std::byte> out) = 0;

  [[nodiscard]] std::uint64_t next() {
    std::uint64_t value = 0;
    fill(std::as_writable_bytes(std::span(&value, 1)));
    return value;
  }
};

}  // namespace huiyin
