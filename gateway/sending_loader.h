#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/time.h"
#include "db/store.h"
#include "gateway/channel_health.h"
#include "gateway/closed_ways.h"
#include "gateway/expectant.h"
#include "gateway/holdings.h"
#include "gateway/pace.h"
#include "gateway/sending.h"

namespace huiyin::gateway {

/// What a batch of leased destinations came to.
struct Load {
  std::vector<Errand> errands{};
  std::vector<OutboxSettlement> settled{};      ///< given up, or waiting with a reason
  std::vector<ReleasedDestination> released{};  ///< nothing goes to them now
  std::vector<std::string> given_up{};          ///< why, for the alarm
};

/// What going by a channel means: what a message costs, and which of our texts it can send.
struct Reach {
  int cost = 0;
  Carried carried{};
};

/// Leases destinations, reads their rows and conversations in batches, and plans them. A plan that spends of the push
/// ledger, sends a message elsewhere, or has something to say in a ticket's history is committed before anything is
/// sent; where somebody else committed first, the destination is read and planned again. Blocks on the store: for a
/// thread of the dispatcher's.
class SendingLoader {
 public:
  static constexpr int kRowsEach = 32;      ///< of one destination at a time
  static constexpr int kRowsAtMost = 4096;  ///< where none of these may go now
  static constexpr int kMaxTries = 5;       ///< of a plan in conflict

  /// What it works with; all must outlive it.
  struct Tools {
    db::Store& store;
    IdSource& ids;
    const Clock& clock;
    Pace& pace;
    const ClosedWays& closed_ways;
    Holdings& holdings;
    Expectant& expectant;
    std::map<std::string, Reach> reaches{};  ///< by the name of each channel that can send
    StandIns* stand_ins = nullptr;           ///< may be none
    /// The message's words for another kind of channel; empty: they stay. May be none.
    std::function<std::string(const OutboundMessage&, const Peer& to)> reword{};
  };
  /// `owner` names the process in its leases, which last for `held`.
  SendingLoader(Tools tools, std::string owner, Millis held)
      : tools_(std::move(tools)), owner_(std::move(owner)), held_(held) {}

  /// Up to `most` destinations of `channel` that are due. Those that have an errand are in the holdings from then on.
  [[nodiscard]] db::Result<Load> load(const SendingChannel& channel, int most);

 private:
  struct Planned;
  [[nodiscard]] db::Result<std::vector<Planned>> plan_all(const SendingChannel& channel,
                                                          const std::vector<LeasedDestination>& leased, int rows_each);
  [[nodiscard]] db::Result<std::map<Peer, Situation>> read_situations(const std::vector<Peer>& peers, int rows_each);
  [[nodiscard]] db::Result<void> find_others(std::map<Peer, Situation>& situations);
  [[nodiscard]] Plan plan_one(const SendingRules& rules, const Peer& peer, const Situation& situation) const;
  [[nodiscard]] db::Result<std::vector<Planned>> look_behind(const SendingChannel& channel,
                                                             std::vector<Planned> planned);
  [[nodiscard]] db::Result<void> write_history(std::vector<Planned>& planned);
  [[nodiscard]] std::optional<UnitOfWork> unit_for(const Planned& one,
                                                   const std::map<TicketId, TicketStatus>& statuses);
  void commit_all(std::vector<Planned>& planned);
  void take(const SendingChannel& channel, Planned& planned, Load& load);

  const Tools tools_;
  const std::string owner_;
  const Millis held_;
};

}  // namespace huiyin::gateway
