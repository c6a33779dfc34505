#include "db/outbox.h"

#include <algorithm>
#include <bit>
#include <map>
#include <random>
#include <set>
#include <span>
#include <tuple>

#include "core/text.h"
#include "db/rows.h"

namespace huiyin::db {
namespace {

constexpr std::size_t kMostAtOnce = 128;            // rows or addresses that one statement names
constexpr std::size_t kMostErrorCharacters = 1000;  // outbox.last_error
constexpr std::size_t kMostProviderIdBytes = 255;   // outbox.provider_id
constexpr int kMostListed = 1000;

using Addresses = std::vector<std::string>;

/// Peers by channel, the addresses of each ascending and once: the order in which their rows are locked.
std::map<std::string, Addresses> by_channel(const std::vector<Peer>& peers) {
  std::map<std::string, Addresses> out;
  for (const auto& peer : peers) out[peer.channel].push_back(peer.address);
  for (auto& [channel, addresses] : out) {
    std::sort(addresses.begin(), addresses.end());
    addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  }
  return out;
}

/// Calls `action(channel, addresses)` for at most kMostAtOnce addresses at a time.
template <class Action>
void for_each_part(const std::vector<Peer>& peers, Action action) {
  for (const auto& entry : by_channel(peers)) {
    const std::span<const std::string> all(entry.second);
    for (std::size_t from = 0; from < all.size(); from += kMostAtOnce)
      action(entry.first, all.subspan(from, std::min(kMostAtOnce, all.size() - from)));
  }
}

std::string in_list(std::size_t count) { return " IN (" + placeholder_list(std::bit_ceil(count)) + ")"; }

/// Binds what in_list() asks for: the last value again and again up to the power of two.
template <class Values, class Get>
void bind_list(Statement& statement, const Values& values, Get get) {
  for (std::size_t i = 0, places = std::bit_ceil(values.size()); i < places; ++i)
    statement.bind(get(values[std::min(i, values.size() - 1)]));
}
void bind_addresses(Statement& statement, std::span<const std::string> addresses) {
  bind_list(statement, addresses, [](const std::string& address) -> const std::string& { return address; });
}

/// `column=CASE id WHEN ? THEN ? … ELSE column END` for at least `count` rows.
std::string case_of(std::string_view column, std::size_t count) {
  std::string out(column);
  out += "=CASE id";
  for (std::size_t i = 0, places = std::bit_ceil(count); i < places; ++i) out += " WHEN ? THEN ?";
  return out.append(" ELSE ").append(column).append(" END");
}

using Settled = std::span<const OutboxSettlement* const>;

// Written together are rows that came to the same end; what they differ in is when they are tried again, or by what id
// the provider knows them.
void write_together(Session& session, Settled rows) {
  const auto& first = *rows.front();
  const bool waits = first.state == OutboxState::waiting;
  const bool known =
      !waits && std::any_of(rows.begin(), rows.end(), [](auto* row) { return !row->provider_id.empty(); });
  // A receipt may have come first, and what was cancelled meanwhile is not tried again.
  std::string set = "state=CASE WHEN receipt IS NOT NULL OR state='delivered'";
  set += waits ? " OR state='cancelled'" : "";
  set += " THEN state ELSE ? END,attempts=?,last_error=?";
  if (waits) set += "," + case_of("due", rows.size());
  if (known) set += "," + case_of("provider_id", rows.size());
  auto& statement = session.prepare(session.dialect().update_rows("outbox", set, std::bit_ceil(rows.size())));
  statement.bind(to_string(first.state)).bind(first.attempts);
  const auto error = clean_text(first.last_error);  // words of a provider's: in any charset
  statement.bind(first_characters(error, kMostErrorCharacters));
  for (std::size_t i = 0, places = std::bit_ceil(rows.size()); (waits || known) && i < places; ++i) {
    const auto& row = *rows[std::min(i, rows.size() - 1)];
    statement.bind(row.id.value);
    if (waits)
      statement.bind(row.next_due);
    else
      row.provider_id.empty() ? statement.bind_null()
                              : statement.bind(first_bytes(clean_text(row.provider_id), kMostProviderIdBytes));
  }
  bind_list(statement, rows, [](const OutboxSettlement* row) { return row->id.value; });
  statement.run();
}

void write_settled(Session& session, const std::vector<OutboxSettlement>& settled) {
  std::vector<const OutboxSettlement*> rows;
  for (const auto& row : settled) rows.push_back(&row);
  const auto end = [](const OutboxSettlement* row) { return std::tie(row->state, row->attempts, row->last_error); };
  std::sort(rows.begin(), rows.end(),
            [&](const auto* a, const auto* b) { return end(a) == end(b) ? a->id < b->id : end(a) < end(b); });
  for (std::size_t from = 0; from < rows.size();) {
    std::size_t to = from + 1;
    while (to < rows.size() && to - from < kMostAtOnce && end(rows[to]) == end(rows[from])) ++to;
    write_together(session, Settled(rows).subspan(from, to - from));
    from = to;
  }
  for (const auto& row : settled) {
    if (!row.kept) continue;
    session.prepare("UPDATE outbox SET message=? WHERE id=?").bind(encode(*row.kept)).bind(row.id.value).run();
  }
}

std::int64_t fresh_mark() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return static_cast<std::int64_t>(random() >> 1);
}

struct Queued {
  std::int64_t id = 0;
  std::string address{};
  std::optional<Time> brought_forward{};  ///< to when a message that was queued during the lease wants it
};

/// Those of the addresses that `owner` still holds. Their rows are locked: whoever queues a message for one of them
/// comes wholly before, and is seen, or wholly after.
std::vector<Queued> lock_held(Session& session, const std::string& owner, const std::string& channel,
                              std::span<const std::string> addresses) {
  const auto mark = fresh_mark();
  const auto list = in_list(addresses.size());
  auto& lock =
      session.prepare("UPDATE outbox_queue SET claim=? WHERE channel=? AND address" + list + " AND lease_owner=?");
  lock.bind(mark).bind(channel);
  bind_addresses(lock, addresses);
  lock.bind(owner).run();
  auto& row = session.prepare("SELECT id,address,due,lease_expires FROM outbox_queue WHERE channel=? AND address" +
                              list + " AND claim=?");
  row.bind(channel);
  bind_addresses(row, addresses);
  row.bind(mark).query();
  std::vector<Queued> out;
  while (row.next()) {
    auto& one = out.emplace_back();
    one.id = row.integer();
    one.address = row.text();
    const auto due = row.time();
    if (due < row.time()) one.brought_forward = due;
  }
  return out;
}

std::set<std::string> addresses_with_waiting_rows(Session& session, const std::string& channel,
                                                  std::span<const std::string> addresses) {
  auto& row = session.prepare("SELECT DISTINCT address FROM outbox WHERE channel=? AND address" +
                              in_list(addresses.size()) + " AND state='waiting'");
  row.bind(channel);
  bind_addresses(row, addresses);
  row.query();
  std::set<std::string> out;
  while (row.next()) out.insert(row.text());
  return out;
}

Time first_due(Session& session, const std::string& channel, const std::string& address, Time otherwise) {
  auto& row = session.prepare("SELECT MIN(due) FROM outbox WHERE channel=? AND address=? AND state='waiting'");
  row.bind(channel).bind(address).query();
  Time due = otherwise;
  while (row.next()) due = row.optional_time().value_or(otherwise);
  return due;
}

void forget(Session& session, const std::vector<std::int64_t>& ids) {
  if (ids.empty()) return;
  auto& statement = session.prepare("DELETE FROM outbox_queue WHERE id" + in_list(ids.size()));
  bind_list(statement, ids, [](std::int64_t id) { return id; });
  statement.run();
}

void free_until(Session& session, const std::vector<std::pair<std::int64_t, Time>>& dues, Time now) {
  if (dues.empty()) return;
  const auto set = "lease_owner='',lease_expires=?," + case_of("due", dues.size());
  auto& statement = session.prepare(session.dialect().update_rows("outbox_queue", set, std::bit_ceil(dues.size())));
  statement.bind(now);
  for (std::size_t i = 0, places = std::bit_ceil(dues.size()); i < places; ++i) {
    const auto& [id, due] = dues[std::min(i, dues.size() - 1)];
    statement.bind(id).bind(due);
  }
  bind_list(statement, dues, [](const auto& one) { return one.first; });
  statement.run();
}

void release(Session& session, const std::string& owner, const std::string& channel,
             std::span<const std::string> addresses, const std::map<Peer, std::optional<Time>>& wanted, Time now) {
  const auto held = lock_held(session, owner, channel, addresses);
  if (held.empty()) return;
  const auto waiting = addresses_with_waiting_rows(session, channel, addresses);
  std::vector<std::int64_t> ended;
  std::vector<std::pair<std::int64_t, Time>> dues;
  for (const auto& one : held) {
    if (!waiting.contains(one.address)) {
      ended.push_back(one.id);
      continue;
    }
    const auto& want = wanted.at({channel, one.address});
    auto due = want ? *want : first_due(session, channel, one.address, now);
    if (one.brought_forward) due = std::min(due, *one.brought_forward);
    dues.emplace_back(one.id, due);
  }
  forget(session, ended);
  free_until(session, dues, now);
}

}  // namespace

std::vector<OutboxRow> waiting_rows(Session& session, const std::vector<Peer>& destinations, int most_each) {
  std::vector<OutboxRow> out;
  for_each_part(destinations, [&](const std::string& channel, std::span<const std::string> addresses) {
    // The inner part reads the index alone, so that a destination with very many rows costs little.
    auto& row = session.prepare(
        "SELECT " + column_list(kOutbox, "o.") +
        " FROM (SELECT id,ROW_NUMBER() OVER (PARTITION BY address ORDER BY id) AS place FROM outbox WHERE channel=?"
        " AND address" +
        in_list(addresses.size()) +
        " AND state='waiting') first_rows JOIN outbox o ON o.id=first_rows.id WHERE place<=? ORDER BY o.id");
    row.bind(channel);
    bind_addresses(row, addresses);
    row.bind(most_each).query();
    while (row.next()) out.push_back(read_outbox(row));
  });
  return out;
}

std::vector<Conversation> conversations_of(Session& session, const std::vector<Peer>& peers) {
  std::vector<Conversation> out;
  for_each_part(peers, [&](const std::string& channel, std::span<const std::string> addresses) {
    auto& row = session.prepare("SELECT " + column_list(kConversations) +
                                " FROM conversations WHERE channel=? AND address" + in_list(addresses.size()));
    row.bind(channel);
    bind_addresses(row, addresses);
    row.query();
    while (row.next()) out.push_back(read_conversation(row));
  });
  return out;
}

void settle(Session& session, const std::string& owner, const std::vector<OutboxSettlement>& settled,
            const std::vector<ReleasedDestination>& released, Time now) {
  std::vector<Peer> destinations;
  std::map<Peer, std::optional<Time>> wanted;
  for (const auto& one : released) {
    destinations.push_back(one.destination);
    wanted[one.destination] = one.due;
  }
  Transaction transaction(session);
  write_settled(session, settled);
  for_each_part(destinations, [&](const std::string& channel, std::span<const std::string> addresses) {
    release(session, owner, channel, addresses, wanted, now);
  });
  transaction.commit();
}

std::vector<Peer> renew_destinations(Session& session, const std::string& owner, const std::vector<Peer>& destinations,
                                     Time until) {
  std::vector<Peer> out;
  for_each_part(destinations, [&](const std::string& channel, std::span<const std::string> addresses) {
    const auto where = " WHERE channel=? AND address" + in_list(addresses.size()) + " AND lease_owner=?";
    auto& renew = session.prepare(
        "UPDATE outbox_queue SET due=CASE WHEN due=lease_expires THEN ? ELSE due END,lease_expires=?" + where);
    renew.bind(until).bind(until).bind(channel);
    bind_addresses(renew, addresses);
    renew.bind(owner).run();
    auto& row = session.prepare("SELECT address FROM outbox_queue" + where);
    row.bind(channel);
    bind_addresses(row, addresses);
    row.bind(owner).query();
    while (row.next()) out.push_back({channel, row.text()});
  });
  return out;
}

void bring_forward(Session& session, const std::vector<Peer>& destinations, Time now) {
  for_each_part(destinations, [&](const std::string& channel, std::span<const std::string> addresses) {
    auto& statement = session.prepare("UPDATE outbox_queue SET due=? WHERE channel=? AND address" +
                                      in_list(addresses.size()) + " AND due>?");
    statement.bind(now).bind(channel);
    bind_addresses(statement, addresses);
    statement.bind(now).run();
  });
}

std::optional<OutboxRow> find_outbox(Session& session, OutboxId id) {
  auto& row = session.prepare("SELECT " + column_list(kOutbox) + " FROM outbox WHERE id=?").bind(id.value);
  row.query();
  std::optional<OutboxRow> out;
  while (row.next()) out = read_outbox(row);
  return out;
}

std::vector<OutboxRow> list_outbox(Session& session, const OutboxFilter& filter) {
  std::string sql = "SELECT " + column_list(kOutbox) + " FROM outbox WHERE 1=1";
  if (filter.state) sql += " AND state=?";
  if (!filter.channel.empty()) sql += " AND channel=?";
  if (!filter.address.empty()) sql += " AND address=?";
  auto& row = session.prepare(sql + " ORDER BY id DESC LIMIT ?");
  if (filter.state) row.bind(to_string(*filter.state));
  if (!filter.channel.empty()) row.bind(filter.channel);
  if (!filter.address.empty()) row.bind(filter.address);
  row.bind(std::clamp(filter.limit, 1, kMostListed)).query();
  std::vector<OutboxRow> out;
  while (row.next()) out.push_back(read_outbox(row));
  return out;
}

// A destination's row in the queue has the id of the message that it was queued for, and goes when nothing waits.
std::optional<Time> oldest_waiting(Session& session) {
  auto& row = session.prepare("SELECT MIN(id) FROM outbox_queue");
  row.query();
  std::int64_t id = 0;
  while (row.next()) id = row.integer();
  return id == 0 ? std::nullopt : std::optional(time_of_id(id));
}

void queue_destination(Session& session, const Peer& destination, OutboxId row, Time due) {
  auto& statement = session.prepare(session.dialect().upsert(kOutboxQueue, 1));
  statement.bind(destination.channel).bind(destination.address).bind(row.value).bind(due).run();
}

bool revise_outbox(Session& session, OutboxId id, OutboxState to, Time now) {
  Transaction transaction(session);
  const bool again = to == OutboxState::waiting;
  auto& statement = session.prepare(
      again ? "UPDATE outbox SET state='waiting',created=?,due=?,expires=NULL,attempts=attempts+1,receipt=NULL WHERE "
              "id=? AND state IN "
              "('waiting','unknown','dead')"
            : "UPDATE outbox SET state='cancelled' WHERE id=? AND state IN ('waiting','unknown','dead')");
  if (again) statement.bind(now).bind(now);  // its age counts from now on
  const auto changed = statement.bind(id.value).run();
  if (const auto row = find_outbox(session, id); again && changed > 0 && row) {
    queue_destination(session, row->message.to, id, now);
  }
  transaction.commit();
  return changed > 0;
}

}  // namespace huiyin::db
