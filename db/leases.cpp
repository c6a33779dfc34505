#include "db/leases.h"

#include <algorithm>
#include <bit>
#include <random>
#include <unordered_map>

#include "core/text.h"
#include "db/rows.h"

namespace huiyin::db {
namespace {

constexpr int kMostLeased = 1024;

/// Marks the rows that one call took, so that it knows them from those that the same owner took before.
std::int64_t fresh_claim() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return static_cast<std::int64_t>(random() >> 1);
}

/// What claim_due() tried to take: the claim under which it holds what it got, the ids ascending (the last again and
/// again up to a power of two), and the ids as they were due.
struct Claim {
  std::int64_t claim = 0;
  std::vector<std::int64_t> ids{};
  std::vector<std::int64_t> as_due{};
};

/// Takes up to `most` rows of `table` that are due and free. `channel`: empty for tables without one.
Claim claim_due(Session& session, std::string_view table, const std::string& channel, const std::string& owner,
                Time now, Time until, int most) {
  std::vector<std::int64_t> ids;
  auto& due = session.prepare(due_rows_sql(table, !channel.empty()));
  if (!channel.empty()) due.bind(channel);
  due.bind(now).bind(now).bind(std::clamp(most, 0, kMostLeased));
  due.query();
  while (due.next()) ids.push_back(due.integer());
  if (ids.empty()) return {};
  auto as_due = ids;
  std::sort(ids.begin(), ids.end());  // two nodes that want the same rows lock them in one order
  const auto rows = std::bit_ceil(ids.size());
  ids.resize(rows, ids.back());
  const auto claim = fresh_claim();
  Transaction transaction(session);
  auto& take = session.prepare(session.dialect().lease(table, rows)).bind(owner).bind(until).bind(claim);
  for (const auto id : ids) take.bind(id);
  take.bind(now).run();
  if (!channel.empty()) {
    // Out of the way of the next search, and yet found when the lease expires. What is queued meanwhile brings it
    // forward, by which release() knows.
    auto& move = session.prepare(session.dialect().update_rows(table, "due=lease_expires", rows) + " AND claim=?");
    for (const auto id : ids) move.bind(id);
    move.bind(claim).run();
  }
  transaction.commit();
  return {claim, std::move(ids), std::move(as_due)};
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

}  // namespace

std::string due_rows_sql(std::string_view table, bool of_one_channel) {
  std::string sql = "SELECT id FROM ";
  sql.append(table).append(of_one_channel ? " WHERE channel=? AND due<=?" : " WHERE due<=?");
  return sql.append(" AND lease_expires<=? ORDER BY due LIMIT ?");
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

std::vector<LeasedDestination> lease_destinations(Session& session, const std::string& owner,
                                                  const std::string& channel, Time now, std::chrono::milliseconds held,
                                                  int most) {
  const auto taken = claim_due(session, "outbox_queue", channel, owner, now, now + held, most);
  std::vector<LeasedDestination> out;
  if (taken.ids.empty()) return out;
  auto& row = claimed(session, "outbox_queue", "id,channel,address,lease_owner,lease_expires", taken.claim, taken.ids);
  std::unordered_map<std::int64_t, LeasedDestination> found;
  while (row.next()) {
    auto& one = found[row.integer()];
    one.destination.channel = row.text();
    one.destination.address = row.text();
    one.owner = row.text();
    one.lease_expires = row.time();
  }
  for (const auto id : taken.as_due) {
    if (const auto one = found.find(id); one != found.end()) out.push_back(std::move(one->second));
  }
  return out;
}

std::vector<Timer> lease_timers(Session& session, const std::string& owner, Time now, std::chrono::milliseconds held,
                                int most) {
  const auto taken = claim_due(session, "timers", "", owner, now, now + held, most);
  std::vector<Timer> out;
  if (taken.ids.empty()) return out;
  auto& row = claimed(session, "timers", "id,due,kind,subject", taken.claim, taken.ids);
  while (row.next()) {
    auto& one = out.emplace_back();
    one.id = row.id<TimerId>();
    one.due = row.time();
    one.kind = row.text();
    one.subject = row.text();
  }
  return out;
}

std::vector<LeasedMediaJob> lease_media_jobs(Session& session, const std::string& owner, Time now,
                                             std::chrono::milliseconds held, int most) {
  const auto taken = claim_due(session, "media_jobs", {}, owner, now, now + held, most);
  std::vector<LeasedMediaJob> out;
  if (taken.ids.empty()) return out;
  // Jobs, attachments and conversations in one read; an attachment whose conversation is gone has no peer.
  auto& row =
      session.prepare("SELECT " + column_list(kMediaJobs, "j.") + ",j.attempts," + column_list(kAttachments, "a.") +
                      ",COALESCE(c.channel,''),COALESCE(c.address,''),COALESCE(c.locale,'')"
                      " FROM media_jobs j JOIN attachments a ON a.id=j.attachment_id"
                      " LEFT JOIN conversations c ON c.id=a.conversation_id WHERE j.id IN (" +
                      placeholder_list(taken.ids.size()) + ") AND j.claim=? ORDER BY j.due,j.id");
  for (const auto id : taken.ids) row.bind(id);
  row.bind(taken.claim).query();
  while (row.next()) {
    auto& one = out.emplace_back();
    one.job = read_media_job(row);
    one.attempts = row.small();
    one.attachment = read_attachment(row);
    one.peer.channel = row.text();
    one.peer.address = row.text();
    one.locale = row.text();
  }
  return out;
}

void settle_media(Session& session, const std::string& owner, const std::vector<MediaSettlement>& settled) {
  Transaction transaction(session);
  for (const auto& one : settled) {
    auto& statement = session.prepare(
        "UPDATE media_jobs SET due=?,attempts=?,last_error=?,lease_owner='',lease_expires=? WHERE id=? AND "
        "lease_owner=?"
        " AND due<?");
    statement.bind(one.next_due).bind(one.attempts).bind(first_characters(one.last_error, kMostMediaErrorCharacters));
    statement.bind(Time{}).bind(one.id.value).bind(owner).bind(kNeverDue).run();
  }
  transaction.commit();
}

int purge_inbox(Session& session, Time before, int most) {
  session.prepare("DELETE FROM phone_codes WHERE sent<?").bind(before).run();
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
