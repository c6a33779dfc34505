#include "db/group_writer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <unordered_map>
#include <unordered_set>

namespace huiyin::db {
namespace {

using Verb = RowStatements::Verb;

// Marks what a unit writes under a version; a clash of hashes only makes a unit wait for the next group.
class Touched {
 public:
  [[nodiscard]] bool meets(const UnitOfWork& unit) const {
    bool met = false;
    each(unit, [&](std::uint64_t mark) { met = met || marks_.contains(mark); });
    return met;
  }
  void add(const UnitOfWork& unit) {
    each(unit, [&](std::uint64_t mark) { marks_.insert(mark); });
  }

 private:
  template <class Action>
  static void each(const UnitOfWork& unit, Action action) {
    if (unit.conversation) {
      action(mark(1, unit.conversation->id.value));
      if (unit.conversation->version == 0) {
        const auto& peer = unit.conversation->peer;
        action(std::hash<std::string>{}(peer.channel) * 31 + std::hash<std::string>{}(peer.address));
      }
    }
    for (const auto& row : unit.contacts) action(mark(2, row.id.value));
    for (const auto& row : unit.tickets) action(mark(3, row.id.value));
    for (const auto& row : unit.surveys) action(mark(4, row.id.value));
    for (const auto& row : unit.staff) action(mark(5, row.id.value));
  }
  static std::uint64_t mark(std::uint64_t table, std::int64_t id) {
    return (static_cast<std::uint64_t>(id) * 8 + table) * 0x9E3779B97F4A7C15U;
  }
  std::unordered_set<std::uint64_t> marks_;
};

void tell(const std::function<void()>& who) {
  if (who) who();
}

std::string conversation_name(const UnitOfWork& unit) {
  return "conversations " + std::to_string(unit.conversation->id.value);
}

/// `condition`: that must hold beside the version; may be empty.
std::string update_conversation_sql(std::string_view condition) {
  std::string out = "UPDATE conversations SET ";
  for (auto i = kConversations.fixed; i < kConversations.columns.size(); ++i) {
    out.append(i == kConversations.fixed ? "" : ",").append(kConversations.columns[i]).append("=?");
  }
  out += " WHERE id=? AND version=?";
  if (!condition.empty()) out.append(" AND ").append(condition);
  return out;
}

}  // namespace

std::string known_deliveries_sql(std::size_t rows) {
  return "SELECT id,delivery_key,reply,reply_moved FROM inbox WHERE delivery_key IN (" + placeholder_list(rows) + ")";
}

std::size_t RowStatements::chunk(const Table& table, std::size_t rows) {
  constexpr std::size_t kMostExact = 16;
  if (table.in_each_unit && rows >= kMostRows) return kMostRows;
  if (rows >= kMostExact) return kMostExact;
  if (table.in_each_unit) return rows;  // a row more would cost what the statement saves
  constexpr std::array<std::size_t, 7> kSteps = {1, 2, 3, 4, 6, 8, 12};
  const auto* const step = std::lower_bound(kSteps.begin(), kSteps.end(), rows);
  return step == kSteps.end() ? kMostExact : *step;
}

RowStatements::RowStatements(Session& session)
    : session_(&session), can_advance_(!session.dialect().advance(kConversations, 1).empty()) {}

Statement& RowStatements::find(Verb verb, const Table& table, std::size_t rows) {
  auto& statement = statements_[{verb, table.name.data(), rows}];
  if (statement == nullptr) statement = &session_->prepare(text(verb, table, rows));
  statement->rewind();
  return *statement;
}

std::string RowStatements::text(Verb verb, const Table& table, std::size_t rows) const {
  const auto& dialect = session_->dialect();
  switch (verb) {
    case Verb::upsert:
      return dialect.upsert(table, rows);
    case Verb::insert_new:
      return dialect.insert_new(table, rows);
    case Verb::advance:
      return dialect.advance(table, rows);
    case Verb::lock:
      return dialect.lock_rows(table.name, "id,version", rows);
  }
  return {};
}

GroupWriter::Members GroupWriter::pick(std::span<const EncodedUnit* const> units) {
  Members members;
  members.reserve(units.size());
  std::unordered_set<std::string_view> keys;
  Touched touched;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const auto& unit = units[i]->unit;
    if (keys.contains(unit.inbox.key) || touched.meets(unit)) continue;
    keys.insert(unit.inbox.key);
    touched.add(unit);
    members.push_back({units[i], i});
  }
  return members;
}

GroupWriter::Outcomes GroupWriter::write(std::span<const EncodedUnit* const> units, bool look_first) {
  Outcomes outcomes(units.size());
  auto members = pick(units);
  const auto together = members;
  try {
    write_together(std::move(members), look_first, outcomes);
  } catch (const SqlError& error) {
    if (error.kind() != SqlError::Kind::refused) throw;
    outcomes.assign(units.size(), std::nullopt);
    write_each(together, outcomes);
  }
  // A repeat inside the group is answered with what the first one, now stored, was answered with.
  std::unordered_map<std::string_view, const EncodedUnit*> stored;
  for (const auto& member : together) {
    if (outcomes[member.index] && std::holds_alternative<Committed>(*outcomes[member.index]))
      stored.emplace(member.unit->unit.inbox.key, member.unit);
  }
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (outcomes[i]) continue;
    const auto first = stored.find(units[i]->unit.inbox.key);
    if (first == stored.end()) continue;
    if (first->second->unit.id == units[i]->unit.id) {
      outcomes[i] = Committed{};
    } else {
      outcomes[i] = Duplicate{first->second->unit.reply, false};
    }
  }
  return outcomes;
}

void GroupWriter::write_together(Members members, bool look_first, Outcomes& outcomes) {
  // Between a look and the insertion somebody else may store a repeat; more often than that, it is something else.
  constexpr int kMostLooks = 5;
  int looks = 0;
  Care care{.look_first = look_first, .compare_first = !statements_.can_advance()};
  while (!members.empty()) {
    switch (pass(members, care, outcomes)) {
      case Pass::done:
        return;
      case Pass::again:
        break;
      case Pass::look_first:
        if (++looks > kMostLooks) throw RowTaken(kInbox.name);
        care.look_first = true;
        break;
      case Pass::compare_first:
        care.compare_first = true;
        break;
    }
  }
}

// Somebody's data was refused: each is tried alone, so that nobody fails for his neighbour.
void GroupWriter::write_each(const Members& members, Outcomes& outcomes) {
  for (const auto& member : members) {
    try {
      write_together({member}, true, outcomes);
    } catch (const RowTaken& taken) {
      outcomes[member.index] = Conflict{taken.what()};
    } catch (const SqlError& error) {
      if (error.kind() != SqlError::Kind::refused) throw;
      outcomes[member.index] = Refused{error.what()};
    }
  }
}

GroupWriter::Pass GroupWriter::pass(Members& members, Care care, Outcomes& outcomes) try {
  Transaction transaction(*session_);
  expected_.clear();
  if (care.look_first) drop_known(members, outcomes);
  if (members.empty()) return Pass::done;
  write_inbox(members);
  if (care.compare_first) {
    receive();  // a repeat is told so, whatever its versions are
    if (drop_conflicts(members, outcomes)) return Pass::again;
  }
  write_rows(members, care.compare_first);
  const bool behind = may_commit_behind() && session_->commit_behind();
  session_->depart(members.size() == 1 ? Session::Answers::together : Session::Answers::as_they_come);
  if (behind) tell(hears_.committing);
  tell(hears_.waiting);
  receive();
  if (!behind) tell(hears_.committing);
  transaction.commit();
  for (const auto& member : members) outcomes[member.index] = Committed{};
  return Pass::done;
} catch (const RepeatsFound&) {
  return Pass::look_first;
} catch (const VersionsMoved&) {
  return Pass::compare_first;
}

std::unordered_map<std::string, GroupWriter::Known> GroupWriter::find_known(const Members& members) {
  const auto rows = std::bit_ceil(members.size());
  auto& statement = session_->prepare(known_deliveries_sql(rows));
  for (std::size_t i = 0; i < rows; ++i) statement.bind(members[std::min(i, members.size() - 1)].unit->unit.inbox.key);
  statement.query();
  std::unordered_map<std::string, Known> found;
  while (statement.next()) {
    Known known;
    known.id = statement.id<UnitId>();
    auto key = statement.text();
    known.reply = statement.optional_text();
    known.moved = statement.flag();
    found.emplace(std::move(key), std::move(known));
  }
  return found;
}

Duplicate GroupWriter::Known::repeat(const InboxRow& row) const {
  return {moved ? std::nullopt : read_reply(reply, row), moved};
}

// Members whose key is stored drop out: as Committed where the row is their own, else as Duplicate.
void GroupWriter::drop_known(Members& members, Outcomes& outcomes) {
  const auto known = find_known(members);
  std::erase_if(members, [&](const Member& member) {
    const auto at = known.find(member.unit->unit.inbox.key);
    if (at == known.end()) return false;
    if (at->second.id == member.unit->unit.id) {
      outcomes[member.index] = Committed{};
    } else {
      outcomes[member.index] = at->second.repeat(member.unit->unit.inbox);
    }
    return true;
  });
}

// Locks every row that carries a version, and compares. True where members were stale: they are out, and what has been
// written for them has to be rolled back.
bool GroupWriter::drop_conflicts(Members& members, Outcomes& outcomes) {
  const auto& first = members.front().unit->unit.conversation;
  if (members.size() == 1 && first && first->version != 0 && update_alone(members.front(), false).run() != 1) {
    outcomes[members.front().index] = Conflict{conversation_name(members.front().unit->unit)};
    members.clear();
    return true;
  }
  const auto versions_of = [](const auto& rows, Versions& out) {
    for (const auto& row : rows) out.emplace_back(row.id.value, row.version);
  };
  const auto conversations = [](const UnitOfWork& unit, Versions& out) {
    if (unit.conversation) out.emplace_back(unit.conversation->id.value, unit.conversation->version);
  };
  return (members.size() > 1 && drop_stale(kConversations, members, outcomes, conversations)) ||
         drop_stale(kContacts, members, outcomes,
                    [&](const UnitOfWork& unit, Versions& out) { versions_of(unit.contacts, out); }) ||
         drop_stale(kTickets, members, outcomes,
                    [&](const UnitOfWork& unit, Versions& out) { versions_of(unit.tickets, out); }) ||
         drop_stale(kSurveys, members, outcomes,
                    [&](const UnitOfWork& unit, Versions& out) { versions_of(unit.surveys, out); }) ||
         drop_stale(kStaff, members, outcomes,
                    [&](const UnitOfWork& unit, Versions& out) { versions_of(unit.staff, out); });
}

template <class Collect>
bool GroupWriter::drop_stale(const Table& table, Members& members, Outcomes& outcomes, Collect collect) {
  Versions wanted;
  for (const auto& member : members) collect(member.unit->unit, wanted);
  if (wanted.empty()) return false;
  const auto stale = find_stale(table, std::move(wanted));
  if (stale.empty()) return false;
  std::erase_if(members, [&](const Member& member) {
    Versions own;
    collect(member.unit->unit, own);
    const auto at = std::find_if(own.begin(), own.end(), [&](const auto& row) { return stale.contains(row.first); });
    if (at == own.end()) return false;
    outcomes[member.index] = Conflict{std::string(table.name) + " " + std::to_string(at->first)};
    return true;
  });
  return true;
}

// The ids whose row is not at the version wanted; no row is version 0.
std::unordered_set<std::int64_t> GroupWriter::find_stale(const Table& table, Versions wanted) {
  std::sort(wanted.begin(), wanted.end());
  std::unordered_map<std::int64_t, std::int64_t> stored;
  for (std::size_t from = 0; from < wanted.size(); from += RowStatements::kMostRows) {
    const auto count = std::min(RowStatements::kMostRows, wanted.size() - from);
    const auto rows = std::bit_ceil(count);  // filled up with the last id, which costs nothing
    auto& statement = statements_.find(Verb::lock, table, rows);
    for (std::size_t i = 0; i < rows; ++i) statement.bind(wanted[from + std::min(i, count - 1)].first);
    statement.query();
    while (statement.next()) {
      const auto id = statement.integer();
      stored[id] = statement.integer();
    }
  }
  std::unordered_set<std::int64_t> stale;
  for (const auto& [id, version] : wanted) {
    const auto at = stored.find(id);
    if ((at == stored.end() ? 0 : at->second) != version) stale.insert(id);
  }
  return stale;
}

// A unit alone has its conversation compared by the UPDATE itself, which saves a round trip. Bound, not executed.
// `chained`: where the statement before it counted one row.
Statement& GroupWriter::update_alone(const Member& member, bool chained) {
  auto*& statement = alone_.at(chained ? 1 : 0);
  if (statement == nullptr)
    statement = &session_->prepare(update_conversation_sql(chained ? session_->dialect().counted_one() : ""));
  statement->rewind();
  bind_conversation_update(*statement, *member.unit);
  return *statement;
}

}  // namespace huiyin::db
