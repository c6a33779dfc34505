#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/random.h"
#include "db/store.h"
#include "gateway/alarms.h"
#include "gateway/channel_health.h"
#include "gateway/credentials.h"
#include "gateway/metrics.h"
#include "gateway/sending.h"

namespace huiyin::gateway {

/// Sends what the outbox holds. Three threads of its own and that of an HttpMulti:
///
/// - the loader leases destinations of each channel as it has room for more, reads and plans their rows in batches,
///   renews the leases, and looks for the messages of receipts that came before their sending was written down;
/// - the sender keeps calls in flight, within each channel's rate and concurrency, one at a time for a destination, and
///   judges the answers;
/// - the settler writes what became of the rows in batches, and gives the destinations back.
///
/// Were the process killed, what it sent and had not written yet (at most kMostUnsettled rows and the calls in flight)
/// is sent again by whoever gets the lease next, with the same keys. No channel waits for another: each has its own
/// room, rate and connections, and a provider that does not answer is asked less and less.
class Dispatcher {
 public:
  static constexpr std::size_t kMostUnsettled = 512;

  struct Options {
    std::string owner{};  ///< names this process in its leases: unique over all
    Millis held{60000};   ///< how long a lease lasts; renewed after a third of it
    Millis idle{250};     ///< between looks at a channel for which nothing was due
    Millis least{20};     ///< between looks that look() asks for: what comes in a burst is leased in batches
  };
  /// What it works with; all must outlive it. `ready` is asked before anything is leased.
  struct Tools {
    db::Store& store;
    Credentials& credentials;
    Alarms& alarms;
    Metrics& metrics;
    IdSource& ids;
    const Clock& clock;
    Random& random;
    std::function<bool()> ready{};
    StandIns* stand_ins = nullptr;  ///< hears how each channel fares, and says which stands in for it; may be none
    /// What a message says on another kind of channel; empty: the same. May be none.
    std::function<std::string(const OutboundMessage&, const Peer& to)> reword{};
  };

  /// `channels`: those that can send (Capabilities::sends); they must outlive it too.
  Dispatcher(std::vector<SendingChannel> channels, Tools tools, Options options);
  ~Dispatcher();  ///< stop() without patience
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  /// Something was put into the outbox just now: to be called so that it need not wait for the next look. Thread-safe.
  void look();
  /// An owner wrote (his event is committed): what waits until he does is planned anew shortly. Thread-safe.
  void he_wrote(const Peer& owner);
  /// Begins no more calls, waits at most `patience` for those in flight, writes what became of all, and gives the rest
  /// back to other nodes. Idempotent.
  void stop(Millis patience);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace huiyin::gateway
