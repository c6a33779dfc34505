#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/conversation.h"

namespace huiyin::db {

/// The conversations used last, encoded, bounded in bytes. It may be stale: whoever writes compares versions, and drops
/// what proved stale. Thread-safe.
class ConversationCache {
 public:
  explicit ConversationCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  [[nodiscard]] std::optional<Conversation> find(const Peer& peer);
  /// Keeps the row unless a newer version is there.
  void put(const Conversation& row, std::int64_t version);
  void drop(const Peer& peer);
  /// What it holds now, its own bookkeeping estimated.
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Entry {
    std::string peer;  ///< channel NUL address
    std::string row;
    std::int64_t version;
  };
  using Entries = std::list<Entry>;  ///< newest first
  static std::size_t cost(const Entry& entry);
  void erase(Entries::iterator entry);

  mutable std::mutex mutex_;
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  Entries entries_;
  std::unordered_map<std::string_view, Entries::iterator> index_;  ///< keys are views of Entry::peer
};

}  // namespace huiyin::db
