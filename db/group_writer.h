#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/unit_of_work.h"
#include "db/rows.h"
#include "db/session.h"

namespace huiyin::db {

/// The multi-row statements of one session. Only some numbers of rows are ever prepared, since each takes memory here
/// and in the server for as long as the session lasts. A statement that has more rows than there are is given its last
/// one again, which changes nothing: as an insertion it is there already, as an upsert it writes the same, and its
/// version has advanced.
class RowStatements {
 public:
  enum class Verb { upsert, insert_new, advance, lock };
  static constexpr std::size_t kMostRows = 32;
  /// How many rows the statement has that takes the next of `rows` rows.
  [[nodiscard]] static std::size_t chunk(const Table& table, std::size_t rows);

  explicit RowStatements(Session& session);
  /// Does the database compare versions as it writes?
  [[nodiscard]] bool can_advance() const { return can_advance_; }
  /// `lock` is SELECT id,version. Nothing is bound.
  [[nodiscard]] Statement& find(Verb verb, const Table& table, std::size_t rows);

 private:
  [[nodiscard]] std::string text(Verb verb, const Table& table, std::size_t rows) const;

  Session* session_;
  bool can_advance_;
  // Found by name and rows: to look a statement up by its text means to hash kilobytes.
  std::map<std::tuple<Verb, const char*, std::size_t>, Statement*> statements_;
};

/// A new row whose id or other unique key somebody else has: decided on what is no longer so.
class RowTaken : public SqlError {
 public:
  explicit RowTaken(std::string_view table)
      : SqlError(Kind::refused, 0, std::string(table) + ": a new row's key is taken") {}
};

/// A row is not at the version that was read, or a new one's key is taken: which, is still to be found out.
class VersionsMoved : public SqlError {
 public:
  explicit VersionsMoved(std::string_view table)
      : SqlError(Kind::refused, 0, std::string(table) + ": a row is at another version") {}
};

/// A delivery of the group is in the inbox already: whose, is still to be asked.
class RepeatsFound : public SqlError {
 public:
  RepeatsFound() : SqlError(Kind::refused, 0, "inbox: a delivery is there already") {}
};

/// The statement that tells repeats.
[[nodiscard]] std::string known_deliveries_sql(std::size_t rows);

/// Writes units of work: many in one transaction, or one alone. Holds no state between calls but its statements.
///
/// Order inside the transaction: the inbox rows sorted by key (a key that is there already makes its unit a Duplicate,
/// which therefore wins over Conflict); then everything is written, table by table, ids ascending. Where the database
/// can, versions are compared by the writing statements themselves, and all statements are sent before the first answer
/// is read; where their counts do not add up, all is rolled back, and the inbox is asked first, or the rows are locked
/// and compared first, in the same order, to learn whose are stale. Two writers thus never wait for each other in a
/// ring.
class GroupWriter {
 public:
  /// Nothing: the unit has to come again in the next group (it meets another of this group on a row or a key).
  using Outcomes = std::vector<std::optional<CommitOutcome>>;

  struct Hears {
    /// That all is sent, and the answers are awaited next.
    std::function<void()> waiting{};
    /// That all is written, and what is left is the wait for the disk: before each COMMIT.
    std::function<void()> committing{};
  };
  explicit GroupWriter(Session& session) : GroupWriter(session, Hears{}) {}
  GroupWriter(Session& session, Hears hears) : session_(&session), statements_(session), hears_(std::move(hears)) {}

  /// One outcome per unit. `look_first`: a unit may be a repeat, or an earlier try may have been committed, so the
  /// inbox is asked before anything is written. Throws SqlError (contended, lost, away, broken), after which no outcome
  /// is known: with `lost` the units may or may not be stored, else they are not.
  [[nodiscard]] Outcomes write(std::span<const EncodedUnit* const> units, bool look_first);

 private:
  struct Member {
    const EncodedUnit* unit;
    std::size_t index;
  };
  using Members = std::vector<Member>;
  enum class Pass { done, again, look_first, compare_first };
  /// How a pass goes about what may be there already.
  struct Care {
    bool look_first = false;     ///< ask the inbox before writing
    bool compare_first = false;  ///< lock and compare rows before writing
  };
  /// A stored delivery: whose it is, and what a repeat of it is told. Most that are found are the group's own, so the
  /// reply is decoded when it is needed.
  struct Known {
    UnitId id{};
    std::optional<std::string> reply{};
    bool moved = false;
    [[nodiscard]] Duplicate repeat(const InboxRow& row) const;
  };
  using Versions = std::vector<std::pair<std::int64_t, std::int64_t>>;  ///< id, version as read

  [[nodiscard]] static Members pick(std::span<const EncodedUnit* const> units);
  void write_together(Members members, bool look_first, Outcomes& outcomes);
  void write_each(const Members& members, Outcomes& outcomes);
  [[nodiscard]] Pass pass(Members& members, Care care, Outcomes& outcomes);
  [[nodiscard]] std::unordered_map<std::string, Known> find_known(const Members& members);
  void drop_known(Members& members, Outcomes& outcomes);
  [[nodiscard]] bool drop_conflicts(Members& members, Outcomes& outcomes);
  template <class Collect>
  [[nodiscard]] bool drop_stale(const Table& table, Members& members, Outcomes& outcomes, Collect collect);
  [[nodiscard]] std::unordered_set<std::int64_t> find_stale(const Table& table, Versions wanted);
  [[nodiscard]] Statement& update_alone(const Member& member, bool chained);

  void write_inbox(Members& members);
  void write_rows(const Members& members, bool compared);
  void write_conversations(const Members& members, bool compared);
  void write_people(const Members& members, bool compared);
  void write_tickets(const Members& members, bool compared);
  void write_surveys(const Members& members, bool compared);
  void write_attachments(const Members& members);
  void write_outbox(const Members& members);
  void queue_destinations(const Members& members, const std::vector<OutboxRow>& again);
  [[nodiscard]] std::vector<OutboxRow> apply_receipts(const Members& members);
  void end_media_jobs(const Members& members);
  void write_timers(const Members& members);
  void cancel_timers(std::vector<TimerId> cancelled);
  void write_staff(const Members& members, bool compared);
  void write_staff_peers(const Staff& staff);

  /// What statements that are on their way must have counted together.
  struct Expected {
    enum class Else { nothing, row_taken, repeats, versions_moved } otherwise = Else::nothing;
    std::size_t statements = 1;
    std::int64_t count = 0;
    std::string_view table{};
    bool chained = false;  ///< it counts none where the statement before it did
  };
  [[nodiscard]] bool may_commit_behind() const;
  void send(Statement& statement, Expected expected);
  void send(Statement& statement) { send(statement, {}); }
  void receive();

  template <class Row, class Bind>
  void put(RowStatements::Verb verb, const Table& table, const std::vector<Row>& rows, Bind bind, Expected expected);
  template <class Row, class Bind>
  void put_over(const Table& table, const std::vector<Row>& rows, Bind bind);
  template <class Row, class Bind>
  void put_new(const Table& table, const std::vector<Row>& rows, Bind bind);
  template <class Rows, class Bind>
  void put_versioned(const Table& table, Rows& rows, bool compared, Bind bind);

  Session* session_;
  RowStatements statements_;
  Hears hears_;
  std::array<Statement*, 2> alone_{};  ///< updates of one conversation: as it is, and chained
  std::vector<Expected> expected_{};   ///< of what is on its way, in its order
};

}  // namespace huiyin::db
