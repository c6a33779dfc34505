#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/peer.h"
#include "core/time.h"

namespace huiyin::gateway {

/// A request that was accepted while it could not be decided.
struct SpoolRow {
  std::int64_t id = 0;
  Peer peer{};
  std::string key{};  ///< the delivery key of its first event
  Time received{};
  std::string raw{};  ///< encode(HttpRequest)
};

/// Of one channel and day, what is in the spool: `waiting` to be decided, `set_aside` because that can never be.
struct SpooledOfDay {
  std::int64_t waiting = 0, set_aside = 0;
};

/// Requests on this node's own disk (promise 3): a SQLite file, mode 0600, every row synced before add() returns.
/// While a peer has rows here, its new arrivals join them, so that they are decided in order. Thread-safe.
class Spool {
 public:
  enum class Added { stored, present, full, failed };

  /// Opens or creates `file`; an Error says what is wrong with it.
  [[nodiscard]] static Expected<std::unique_ptr<Spool>> open(const std::string& file, std::size_t max_rows);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// On disk when it returns `stored` or, for a key that is here already, `present`. `id` is ignored.
  [[nodiscard]] Added add(const SpoolRow& row);
  /// Does `peer` have rows waiting? Answered from memory.
  [[nodiscard]] bool holds(const Peer& peer) const;
  /// Is the request with this delivery key here, waiting or set aside?
  [[nodiscard]] bool holds_key(const std::string& key) const;
  /// Rows waiting; from memory.
  [[nodiscard]] std::size_t size() const;
  /// The oldest waiting rows, in the order in which they are to be decided.
  [[nodiscard]] std::vector<SpoolRow> oldest(std::size_t most);
  /// What came from then, and before then, by channel, for whoever audits; also while a daemon has the file open. Empty
  /// where there is no such file.
  [[nodiscard]] static std::map<std::string, SpooledOfDay> of_day(const std::string& file, Time from, Time until);
  /// It is decided and committed.
  void remove(const SpoolRow& row);
  /// It can never be decided (its key was withdrawn, the database refuses it): kept for a person to look at, with the
  /// reason, and no longer in the way of what follows.
  void set_aside(const SpoolRow& row, const std::string& why);

 private:
  struct Impl;
  explicit Spool(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace huiyin::gateway
