#pragma once

#include <cstddef>

#include "db/recording.h"
#include "gateway/replay/stage.h"

namespace huiyin::gateway {

/// What happened to an owner's tickets other than by his own messages, told from the record and done again on a stage.
/// Not thread-safe.
class Meanwhile {
 public:
  /// Both must outlive it.
  Meanwhile(const db::RecordedOwner& record, const Peer& peer, ReplayStage& stage)
      : record_(record), peer_(peer), stage_(stage) {}

  /// What was there before the first of the deliveries: who he is, and the tickets that he had.
  void set_out(Time first);
  /// All until `now` that was not done yet.
  void catch_up(Time now);

 private:
  [[nodiscard]] bool was_here_before(Time first) const;
  void put_contact(Time first, UnitOfWork& unit) const;
  void put_tickets(Time first, UnitOfWork& unit) const;
  void repeat(const HistoryRow& row);
  void ask(const Survey& survey);
  void change_conversation(Time at, const std::function<void(Conversation&)>& change);

  const db::RecordedOwner& record_;
  const Peer peer_;
  ReplayStage& stage_;
  std::size_t next_row_ = 0, next_survey_ = 0;
};

}  // namespace huiyin::gateway
