#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>

namespace huiyin::db {

/// Guesses whether a delivery was committed by this process lately: a table of marks, the newer overwriting the older.
/// It may be wrong either way; what it is good for is to know whether asking first is cheaper. 64 KB. Thread-safe.
class RecentDeliveries {
 public:
  void add(std::string_view key) {
    const auto hash = hash_of(key);
    marks_[hash % kMarks].store(mark_of(hash), std::memory_order_relaxed);
  }
  [[nodiscard]] bool may_hold(std::string_view key) const {
    const auto hash = hash_of(key);
    return marks_[hash % kMarks].load(std::memory_order_relaxed) == mark_of(hash);
  }

 private:
  static constexpr std::size_t kMarks = 1U << 14;

  static std::uint64_t hash_of(std::string_view key) { return std::hash<std::string_view>{}(key); }
  static std::uint32_t mark_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32) | 1; }

  std::array<std::atomic<std::uint32_t>, kMarks> marks_{};  // none is zero
};

}  // namespace huiyin::db
