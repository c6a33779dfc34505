#include "gateway/spool.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>

namespace huiyin::gateway {
namespace {

constexpr auto kSchema = R"(
CREATE TABLE IF NOT EXISTS spool (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  channel  TEXT NOT NULL,
  peer     TEXT NOT NULL,
  key      TEXT NOT NULL UNIQUE,
  received INTEGER NOT NULL,
  raw      BLOB NOT NULL,
  why      TEXT
);
CREATE INDEX IF NOT EXISTS spool_waiting ON spool (received, id) WHERE why IS NULL;
)";

constexpr int kBusyMs = 2000;

/// Creates the file for its owner alone, before SQLite would create it for everybody.
std::string create_private(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return std::strerror(errno);  // NOLINT(concurrency-mt-unsafe): glibc's is thread-safe
  const bool ours = ::fchmod(descriptor, 0600) == 0;
  ::close(descriptor);
  return ours ? "" : "its mode cannot be set to 0600";
}

}  // namespace

struct Spool::Impl {
  Impl(const std::string& file, std::size_t most)
      : database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kBusyMs), max_rows(most) {}

  mutable std::mutex mutex{};
  SQLite::Database database;
  std::size_t max_rows;
  std::size_t waiting = 0;
  std::map<Peer, std::size_t> held{};

  [[nodiscard]] bool has_key(const std::string& key) const {
    SQLite::Statement known(database, "SELECT 1 FROM spool WHERE key = ?");
    known.bind(1, key);
    return known.executeStep();
  }
  void forget(const Peer& peer) {
    --waiting;
    if (const auto at = held.find(peer); at != held.end() && --at->second == 0) held.erase(at);
  }
};

Spool::Spool(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Spool::~Spool() = default;

Expected<std::unique_ptr<Spool>> Spool::open(const std::string& file, std::size_t max_rows) {
  if (const auto problem = create_private(file); !problem.empty())
    return tl::unexpected(Error{file, "the spool cannot be opened: " + problem, "Check the folder and its owner"});
  try {
    auto impl = std::make_unique<Impl>(file, max_rows);
    impl->database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
    impl->database.exec(kSchema);
    SQLite::Statement rows(impl->database, "SELECT channel, peer, count(*) FROM spool WHERE why IS NULL GROUP BY 1, 2");
    while (rows.executeStep()) {
      const auto count = static_cast<std::size_t>(rows.getColumn(2).getInt64());
      impl->held[{rows.getColumn(0).getString(), rows.getColumn(1).getString()}] = count;
      impl->waiting += count;
    }
    return std::unique_ptr<Spool>(new Spool(std::move(impl)));
  } catch (const SQLite::Exception& error) {
    return tl::unexpected(Error{file, std::string("the spool cannot be opened: ") + error.what(),
                                "Move the file away to begin a new one; what it held is then not decided"});
  }
}

Spool::Added Spool::add(const SpoolRow& row) {
  const std::lock_guard lock(impl_->mutex);
  try {
    if (impl_->has_key(row.key)) return Added::present;
    if (impl_->waiting >= impl_->max_rows) return Added::full;
    SQLite::Statement insert(impl_->database,
                             "INSERT INTO spool (channel, peer, key, received, raw) VALUES (?, ?, ?, ?, ?)");
    insert.bind(1, row.peer.channel);
    insert.bind(2, row.peer.address);
    insert.bind(3, row.key);
    insert.bind(4, static_cast<std::int64_t>(row.received.time_since_epoch().count()));
    insert.bind(5, row.raw.data(), static_cast<int>(row.raw.size()));
    insert.exec();
  } catch (const SQLite::Exception&) {
    return Added::failed;  // the caller answers 503: the provider keeps the message
  }
  ++impl_->waiting;
  ++impl_->held[row.peer];
  return Added::stored;
}

bool Spool::holds(const Peer& peer) const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->held.contains(peer);
}

bool Spool::holds_key(const std::string& key) const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->has_key(key);
}

std::size_t Spool::size() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->waiting;
}

std::vector<SpoolRow> Spool::oldest(std::size_t most) {
  const std::lock_guard lock(impl_->mutex);
  std::vector<SpoolRow> out;
  if (impl_->waiting == 0) return out;
  SQLite::Statement rows(
      impl_->database,
      "SELECT id, channel, peer, key, received, raw FROM spool WHERE why IS NULL ORDER BY received, id LIMIT ?");
  rows.bind(1, static_cast<std::int64_t>(most));
  while (rows.executeStep())
    out.push_back({.id = rows.getColumn(0).getInt64(),
                   .peer = {rows.getColumn(1).getString(), rows.getColumn(2).getString()},
                   .key = rows.getColumn(3).getString(),
                   .received = Time{Millis{rows.getColumn(4).getInt64()}},
                   .raw = rows.getColumn(5).getString()});
  return out;
}

std::map<std::string, SpooledOfDay> Spool::of_day(const std::string& file, Time from, Time until) {
  std::map<std::string, SpooledOfDay> out;
  if (::access(file.c_str(), R_OK) != 0) return out;
  const SQLite::Database database(file, SQLite::OPEN_READONLY, kBusyMs);
  SQLite::Statement rows(
      database, "SELECT channel, why IS NULL, count(*) FROM spool WHERE received >= ? AND received < ? GROUP BY 1, 2");
  rows.bind(1, static_cast<std::int64_t>(from.time_since_epoch().count()));
  rows.bind(2, static_cast<std::int64_t>(until.time_since_epoch().count()));
  while (rows.executeStep()) {
    auto& one = out[rows.getColumn(0).getString()];
    (rows.getColumn(1).getInt() != 0 ? one.waiting : one.set_aside) = rows.getColumn(2).getInt64();
  }
  return out;
}

void Spool::remove(const SpoolRow& row) {
  const std::lock_guard lock(impl_->mutex);
  SQLite::Statement erase(impl_->database, "DELETE FROM spool WHERE id = ? AND why IS NULL");
  erase.bind(1, row.id);
  if (erase.exec() == 1) impl_->forget(row.peer);
}

void Spool::set_aside(const SpoolRow& row, const std::string& why) {
  const std::lock_guard lock(impl_->mutex);
  SQLite::Statement mark(impl_->database, "UPDATE spool SET why = ? WHERE id = ? AND why IS NULL");
  mark.bind(1, why);
  mark.bind(2, row.id);
  if (mark.exec() == 1) impl_->forget(row.peer);
}

}  // namespace huiyin::gateway
