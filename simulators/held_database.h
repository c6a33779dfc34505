#pragma once

#include <chrono>
#include <cstdio>
#include <string>

namespace huiyin::simulators {

/// A SQLite database that nobody can write to for a while, as when a copy of it is made: the daemon is then late.
class HeldDatabase {
 public:
  /// Returns once the lock is had; is_held() tells whether it could be.
  HeldDatabase(const std::string& file, std::chrono::seconds held);
  /// Waits until it is over.
  ~HeldDatabase();
  HeldDatabase(const HeldDatabase&) = delete;
  HeldDatabase& operator=(const HeldDatabase&) = delete;

  [[nodiscard]] bool is_held() const { return held_; }

 private:
  std::FILE* shell_ = nullptr;
  bool held_ = false;
};

}  // namespace huiyin::simulators
