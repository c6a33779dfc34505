#include "db/leases.h"

#include <algorithm>
#include <bit>
#include <random>

#include "core/text.h"
#include "db/rows.h"

namespace huiyin::db {
namespace {

constexpr int kMostLeased = 1024;
constexpr std::size_t kMostErrorCharacters = 1000;  // outbox.last_error
// A row that has been retrying for so long no longer holds up those behind it, unless it is marked ordered.
constexpr std::chrono::minutes kPassAfter{5};

/// Marks the rows that one call took, so that it knows them from those that the same owner took before.
std::int64_t fresh_claim() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return static_cast<std::int64_t>(random() >> 1);
}

/// Takes up to `most` rows of `table` that are due and free; returns the claim under which they are held, and their
/// ids.
std::pair<std::int64_t, std::vector<std::int64_t>> claim_due(Session& session, std::string_view table,
                                                             const std::string& owner, Time now, Time until, int most) {
  std::vector<std::int64_t> ids;
  auto& due = session.prepare(due_rows_sql(table)).bind(now).bind(now).bind(std::clamp(most, 0, kMostLeased));
  due.query();
  while (due.next()) ids.push_back(due.integer());
  if (ids.empty()) return {};
  std::sort(ids.begin(), ids.end());  // two nodes that want the same rows lock them in one order
  const auto rows = std::bit_ceil(ids.size());
  ids.resize(rows, ids.back());
  const auto claim = fresh_claim();
  Transaction transaction(session);
  auto& take = session.prepare(session.dialect().lease(table, rows)).bind(owner).bind(until).bind(claim);
  for (const auto id : ids) take.bind(id);
  take.bind(now).run();
  transaction.commit();
  return {claim, std::move(ids)};
}

/// `SELECT … WHERE id IN (…) AND claim=?` of what claim_due() tried to take.
Statement& claimed(Session& session, std::string_view table, std::string_view columns, std::int64_t claim,
                   const std::vector<std::int64_t>& ids) {
  std::string sql = "SELECT ";
  sql.append(columns).append(" FROM ").append(table).append(" WHERE id IN (").append(placeholder_list(ids.size()));
  auto& statement = session.prepare(sql + ") AND claim=? ORDER BY due,id");
  for (const auto id : ids) statement.bind(id);
  statement.bind(claim).query();
  return statement;
}

std::optional<int> own_node(Session& session, const std::string& owner) {
  auto& own = session.prepare("SELECT id FROM nodes WHERE owner=? ORDER BY id").bind(owner);
  own.query();
  std::optional<int> found;
  while (own.next()) found = found ? found : std::optional(own.small());
  return found;
}

std::optional<int> expired_node(Session& session, Time now) {
  auto& free = session.prepare("SELECT id FROM nodes WHERE expires<=? ORDER BY expires LIMIT 1").bind(now);
  free.query();
  std::optional<int> found;
  while (free.next()) found = free.small();
  return found;
}

void write_settlement(Session& session, const OutboxSettlement& row) {
  // A receipt may have come first, and what was cancelled meanwhile is not tried again.
  auto& statement = session.prepare(
      "UPDATE outbox SET state=CASE WHEN state='delivered' OR (state='cancelled' AND ?='waiting') THEN state ELSE ? "
      "END,"
      "due=CASE WHEN ?='waiting' THEN ? ELSE due END,attempts=?,last_error=?,provider_id=COALESCE(?,provider_id) WHERE "
      "id=?");
  const auto state = to_string(row.state);
  statement.bind(state).bind(state).bind(state).bind(row.next_due).bind(row.attempts);
  statement.bind(first_characters(row.last_error, kMostErrorCharacters));
  row.provider_id.empty() ? statement.bind_null() : statement.bind(row.provider_id);
  statement.bind(row.id.value).run();
}

/// When the destination's waiting rows want to be looked at again; nothing where none waits.
std::optional<Time> next_due(Session& session, const Peer& destination, Time now) {
  auto& first = session.prepare(
      "SELECT due,created,attempts,ordered FROM outbox WHERE channel=? AND address=? AND state='waiting'"
      " ORDER BY id LIMIT 1");
  first.bind(destination.channel).bind(destination.address).query();
  std::optional<Time> due;
  bool waits_for_first = true;
  while (first.next()) {
    due = first.time();
    const auto created = first.time();
    const auto attempts = first.integer();
    waits_for_first = first.flag() || attempts == 0 || now - created < kPassAfter;
  }
  if (!due || waits_for_first) return due;
  auto& soonest = session.prepare("SELECT MIN(due) FROM outbox WHERE channel=? AND address=? AND state='waiting'");
  soonest.bind(destination.channel).bind(destination.address).query();
  while (soonest.next()) due = soonest.optional_time();
  return due;
}

void release(Session& session, const std::string& owner, const Peer& destination, Time now) {
  // Locked first: whoever queues a message for this destination comes wholly before, and is seen, or wholly after.
  auto& lock =
      session.prepare("UPDATE outbox_queue SET lease_expires=? WHERE channel=? AND address=? AND lease_owner=?");
  if (lock.bind(now).bind(destination.channel).bind(destination.address).bind(owner).run() == 0)
    return;  // somebody else's by now
  if (const auto due = next_due(session, destination, now)) {
    auto& statement = session.prepare("UPDATE outbox_queue SET due=?,lease_owner='' WHERE channel=? AND address=?");
    statement.bind(*due).bind(destination.channel).bind(destination.address).run();
  } else {
    session.prepare("DELETE FROM outbox_queue WHERE channel=? AND address=?")
        .bind(destination.channel)
        .bind(destination.address)
        .run();
  }
}

}  // namespace

std::string due_rows_sql(std::string_view table) {
  std::string sql = "SELECT id FROM ";
  return sql.append(table).append(" WHERE due<=? AND lease_expires<=? ORDER BY due LIMIT ?");
}

std::int64_t take_ticket_numbers(Session& session, int count) {
  constexpr std::int64_t kFirst = 1000;  // numbers of four digits look like numbers
  Transaction transaction(session);
  static constexpr std::array kColumns = {std::string_view("id"), std::string_view("next_number")};
  static constexpr Table kSequence{"ticket_sequence", kColumns};
  session.prepare(session.dialect().insert_new(kSequence, 1)).bind(1).bind(kFirst).run();
  auto& statement = session.prepare(session.dialect().lock_rows("ticket_sequence", "next_number", 1)).bind(1);
  statement.query();
  std::int64_t first = 0;
  while (statement.next()) first = statement.integer();
  session.prepare("UPDATE ticket_sequence SET next_number=? WHERE id=1").bind(first + std::max(count, 1)).run();
  transaction.commit();
  return first;
}

int lease_node(Session& session, const std::string& owner, Time now, std::chrono::milliseconds held) {
  static constexpr std::array kColumns = {std::string_view("id"), std::string_view("owner"),
                                          std::string_view("expires")};
  static constexpr Table kNodes{"nodes", kColumns};
  const auto until = now + held;
  if (const auto own = own_node(session, owner)) {
    session.prepare("UPDATE nodes SET expires=? WHERE id=? AND owner=?").bind(until).bind(*own).bind(owner).run();
    // Asked again, since an UPDATE that changes nothing counts nothing.
    if (own_node(session, owner) == own) return *own;
  }
  for (int tries = 0; tries <= IdSource::kMaxNode; ++tries) {
    if (const auto free = expired_node(session, now)) {
      auto& take = session.prepare("UPDATE nodes SET owner=?,expires=? WHERE id=? AND expires<=?");
      if (take.bind(owner).bind(until).bind(*free).bind(now).run() == 1) return *free;
      continue;
    }
    auto& last = session.prepare("SELECT COALESCE(MAX(id),-1) FROM nodes");
    last.query();
    int next = 0;
    while (last.next()) next = last.small() + 1;
    if (next > IdSource::kMaxNode) return -1;
    if (session.prepare(session.dialect().insert_new(kNodes, 1)).bind(next).bind(owner).bind(until).run() == 1)
      return next;
  }
  return -1;
}

std::vector<LeasedDestination> lease_destinations(Session& session, const std::string& owner, Time now,
                                                  std::chrono::milliseconds held, int most) {
  const auto [claim, ids] = claim_due(session, "outbox_queue", owner, now, now + held, most);
  std::vector<LeasedDestination> out;
  if (ids.empty()) return out;
  auto& row = claimed(session, "outbox_queue", "channel,address,lease_owner,lease_expires", claim, ids);
  while (row.next()) {
    auto& one = out.emplace_back();
    one.destination.channel = row.text();
    one.destination.address = row.text();
    one.owner = row.text();
    one.lease_expires = row.time();
  }
  return out;
}

std::vector<Timer> lease_timers(Session& session, const std::string& owner, Time now, std::chrono::milliseconds held,
                                int most) {
  const auto [claim, ids] = claim_due(session, "timers", owner, now, now + held, most);
  std::vector<Timer> out;
  if (ids.empty()) return out;
  auto& row = claimed(session, "timers", "id,due,kind,subject", claim, ids);
  while (row.next()) {
    auto& one = out.emplace_back();
    one.id = row.id<TimerId>();
    one.due = row.time();
    one.kind = row.text();
    one.subject = row.text();
  }
  return out;
}

void settle(Session& session, const std::string& owner, const std::vector<OutboxSettlement>& settled,
            const std::vector<Peer>& released, Time now) {
  auto rows = settled;
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  auto destinations = released;
  std::sort(destinations.begin(), destinations.end());
  Transaction transaction(session);
  for (const auto& row : rows) write_settlement(session, row);
  for (const auto& destination : destinations) release(session, owner, destination, now);
  transaction.commit();
}

int purge_inbox(Session& session, Time before, int most) {
  // Ids rise with time, so the oldest rows come first, and the scan ends where they are too young.
  auto& oldest = session.prepare("SELECT id,received FROM inbox ORDER BY id LIMIT ?").bind(most);
  std::vector<std::int64_t> ids;
  oldest.query();
  while (oldest.next()) {
    const auto id = oldest.integer();
    if (oldest.time() < before) ids.push_back(id);
  }
  if (ids.empty()) return 0;
  Transaction transaction(session);
  std::int64_t removed = 0;
  for (const auto id : ids) removed += session.prepare("DELETE FROM inbox WHERE id=?").bind(id).run();
  transaction.commit();
  return static_cast<int>(removed);
}

}  // namespace huiyin::db
