#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "db/recording.h"
#include "gateway/replay/stage.h"

namespace huiyin::gateway {

/// One thing that an owner wrote, what he was answered then, and what he would be answered now.
struct ReplayedTurn {
  Peer peer{};
  Time at{};
  std::string key{};  ///< of the delivery
  std::string owner{};
  std::optional<std::string> then{}, now{};  ///< nothing: no answer
  bool known = true;                         ///< what was answered then; false where it went later, by itself
  bool same = true;                          ///< but for addresses of pages, which are made anew each time
  std::string why_not{};                     ///< it can no longer be decided
};

/// A ticket that would come out otherwise.
struct TicketDifference {
  enum class Kind { changed, gone, added } kind = Kind::changed;
  TicketNumber number{};  ///< of the record; none where it is `added`
  Peer peer{};
  Ticket then{}, now{};
  /// The names of what differs, each with what it was and would be.
  struct Field {
    std::string name{}, then{}, now{};
  };
  std::vector<Field> fields{};
};

struct ReplayResult {
  int deliveries = 0;                     ///< of owners
  int compared = 0;                       ///< turns whose answer then is known
  int different = 0;                      ///< of those
  int tickets = 0;                        ///< opened in that time by what was gone through
  std::map<std::string, int> left_out{};  ///< deliveries, by why they cannot be gone through
  std::vector<ReplayedTurn> turns{};      ///< all, or those that differ
  std::vector<TicketDifference> changed{};
  std::map<Peer, std::vector<Ticket>> tickets_of{};  ///< of each owner that is shown, those of the record and those now
};

/// Goes through stored deliveries once more, as if they came today: with today's flow, lexicon, texts and rules, at the
/// time when they came. What else happened meanwhile (staff's work, the clock, what was done on a page) is taken from
/// the tickets' history. Deliveries must come in the order in which they were decided. Not thread-safe.
class Replay {
 public:
  struct Options {
    bool all_turns = false;      ///< keep those too that are the same
    std::string media_folder{};  ///< where mails lie that are too large for the inbox
  };
  Replay(ReplayStage::Cast cast, ReplayStage& stage, db::StoreOptions record, Options options);
  ~Replay();
  Replay(const Replay&) = delete;
  Replay& operator=(const Replay&) = delete;

  /// Throws std::runtime_error where the record cannot be read.
  void take(const db::InboxRecord& record);
  [[nodiscard]] ReplayResult finish();

 private:
  struct Owner;
  [[nodiscard]] tl::expected<Incoming, std::string> read_again(const db::InboxRecord& record) const;
  [[nodiscard]] Owner& meet(const Peer& peer, Time at);
  void compare(const db::InboxRecord& record, const Incoming& incoming, Owner& owner,
               const ReplayStage::Played& played);

  const ReplayStage::Cast cast_;
  ReplayStage& stage_;
  const db::StoreOptions record_;
  const Options options_;
  std::map<std::string, const ChannelSetup*> channels_{};
  std::map<Peer, std::unique_ptr<Owner>> owners_;
  ReplayResult result_{};
};

/// What differs of what the owner's own words made of a ticket.
[[nodiscard]] std::vector<TicketDifference::Field> differences(const Ticket& then, const Ticket& now);

/// The same but for the addresses of pages.
[[nodiscard]] bool says_the_same(const std::optional<std::string>& then, const std::optional<std::string>& now);

}  // namespace huiyin::gateway
