#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/time.h"
#include "db/store.h"
#include "gateway/channel_table.h"
#include "gateway/desk.h"
#include "gateway/metrics.h"
#include "gateway/office.h"
#include "gateway/pipeline.h"
#include "gateway/scratch_folder.h"
#include "gateway/system.h"
#include "gateway/turn_threads.h"

namespace huiyin::gateway {

/// Where stored conversations are gone through once more: a store of its own in a folder that goes with it, a clock
/// that is set, and today's flow, lexicon, texts and rules. Nothing leaves it: what is owed lies in its outbox. Not
/// thread-safe.
class ReplayStage {
 public:
  /// What is decided with; must outlive the stage.
  struct Cast {
    const ChannelTable& channels;
    const Office& office;
  };
  [[nodiscard]] static Expected<std::unique_ptr<ReplayStage>> open(const Cast& cast);
  ~ReplayStage();
  ReplayStage(const ReplayStage&) = delete;
  ReplayStage& operator=(const ReplayStage&) = delete;

  /// What came of an event.
  struct Played {
    std::optional<OutboundMessage> said{};  ///< to whoever wrote
    std::vector<Ticket> opened{};
    std::string why_not{};  ///< it could not be decided; empty: it was
  };
  /// As of incoming.received. A ticket that it opens gets `number`, where there is one.
  [[nodiscard]] Played play(Incoming incoming, std::optional<TicketNumber> number = std::nullopt);
  /// Fires the conversations' timers that fall due until then. Those of tickets never fire: what the clock did to
  /// tickets is in their history.
  void let_pass(Time until);

  /// What only the record can tell, as a unit of its own.
  [[nodiscard]] UnitOfWork begin(Time at);
  /// Throws std::runtime_error where it is refused: the record contradicts itself.
  void commit(UnitOfWork unit);
  [[nodiscard]] Snapshot read(const Wants& wants);
  [[nodiscard]] std::optional<Ticket> find(TicketNumber number);
  [[nodiscard]] IdSource& ids() { return ids_; }

 private:
  ReplayStage(const Cast& cast, std::unique_ptr<const ScratchFolder> folder, std::unique_ptr<db::Store> store);
  [[nodiscard]] std::variant<UnitOfWork, NeedsMore> decide_here(const Incoming& incoming, Snapshot snapshot,
                                                                std::optional<TicketNumber> number);
  void fire(const Timer& timer);

  const Cast cast_;
  const std::unique_ptr<const ScratchFolder> folder_;  // before the store that lies in it
  std::map<std::string, const Desk*> desks_{};
  ManualClock clock_{Time{}};
  SystemRandom random_{};
  IdSource ids_;
  Metrics metrics_{};
  std::unique_ptr<db::Store> store_;
  std::optional<TicketNumber> number_{};
  Played played_{};
  TurnThreads threads_{1, 1};
  std::unique_ptr<Pipeline> pipeline_{};  // last: its turns use all the others
};

}  // namespace huiyin::gateway
