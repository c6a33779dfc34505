#include "db/sqlite_session.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "db/retry.h"

namespace huiyin::db {
namespace {

using Kind = SqlError::Kind;

Kind kind_of(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Kind::contended;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
      return Kind::refused;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_NOTADB:
      return Kind::lost;
    case SQLITE_FULL:
    case SQLITE_READONLY:
      return Kind::away;
    default:
      return Kind::broken;
  }
}

[[noreturn]] void rethrow(const SQLite::Exception& error) {
  throw SqlError(kind_of(error.getErrorCode()), error.getExtendedErrorCode(), error.what());
}

class SqliteDialect final : public Dialect {
 public:
  std::string upsert(const Table& table, std::size_t rows) const override {
    auto out = insert_into(table, rows) + " ON CONFLICT (";
    for (std::size_t i = 0; i < table.keys; ++i) out.append(i == 0 ? "" : ",").append(table.columns[i]);
    out += ") DO UPDATE SET ";
    for (std::size_t i = table.fixed; i < table.columns.size(); ++i) {
      const std::string column(table.columns[i]);
      out += (i == table.fixed ? "" : ",") + column + "=";
      out += table.lowers_only ? "min(" + column + ",excluded." + column + ")" : "excluded." + column;
    }
    return out;
  }
  std::string advance(const Table& /*table*/, std::size_t /*rows*/) const override {
    return {};  // a row inserted and one overwritten count the same; comparing first costs no round trip here
  }
  std::string insert_new(const Table& table, std::size_t rows) const override {
    return insert_into(table, rows) + " ON CONFLICT DO NOTHING";
  }
  std::string lock_rows(std::string_view table, std::string_view columns, std::size_t rows) const override {
    std::string out = "SELECT ";  // BEGIN IMMEDIATE has locked the whole database
    out.append(columns).append(" FROM ").append(table).append(" WHERE id IN (");
    return out + placeholder_list(rows) + ") ORDER BY id";
  }
  std::string lease(std::string_view table, std::size_t rows) const override {
    std::string out = "UPDATE ";
    out.append(table).append(" SET lease_owner=?,lease_expires=?,claim=? WHERE id IN (");
    return out + placeholder_list(rows) + ") AND lease_expires<=?";
  }
  std::string update_rows(std::string_view table, std::string_view assignments, std::size_t rows) const override {
    std::string out = "UPDATE ";
    out.append(table).append(" SET ").append(assignments).append(" WHERE id IN (");
    return out + placeholder_list(rows) + ")";
  }
  std::string_view counted_one() const override { return {}; }  // nothing is gained where there is no round trip
  std::string_view ddl_type(ColumnType type) const override {
    return type == ColumnType::id || type == ColumnType::integer ? "INTEGER" : "TEXT";
  }
  std::string_view now() const override { return "strftime('%Y-%m-%d %H:%M:%f','now')"; }
  std::string_view name() const override { return "sqlite"; }
};

class SqliteStatement final : public Statement {
 public:
  SqliteStatement(SQLite::Database& database, const std::string& sql) try : statement_(database, sql) {
  } catch (const SQLite::Exception& error) {
    rethrow(error);
  }

 protected:
  void do_bind(int position, std::int64_t value) override {
    guarded([&] { ready().bind(position + 1, value); });
  }
  void do_bind(int position, std::string_view text, bool bytes) override {
    guarded([&] {
      if (bytes) {
        // A null pointer would be NULL, which a column of bytes refuses.
        ready().bind(position + 1, static_cast<const void*>(text.empty() ? "" : text.data()),
                     static_cast<int>(text.size()));
      } else {
        ready().bind(position + 1, std::string(text));
      }
    });
  }
  void do_bind_null(int position) override {
    guarded([&] { ready().bind(position + 1); });
  }
  std::int64_t do_run() override {
    std::int64_t changed = 0;
    guarded([&] {
      try {
        changed = ready().exec();
      } catch (const SQLite::Exception&) {
        statement_.tryReset();
        throw;
      }
      statement_.reset();
    });
    return changed;
  }
  void do_query() override { ready(); }
  bool do_next() override {
    bool more = false;
    guarded([&] {
      try {
        more = statement_.executeStep();
      } catch (const SQLite::Exception&) {
        statement_.tryReset();
        throw;
      }
      used_ = more;
      if (!more) statement_.reset();  // else it would hold its read transaction open
    });
    return more;
  }
  bool is_null(int column) override { return statement_.getColumn(column).isNull(); }
  std::int64_t do_integer(int column) override { return statement_.getColumn(column).getInt64(); }
  std::string do_text(int column) override { return statement_.getColumn(column).getString(); }

 private:
  // Nothing can be bound to a statement whose rows were not read to the end.
  SQLite::Statement& ready() {
    if (used_) statement_.tryReset();
    used_ = false;
    return statement_;
  }
  template <class Action>
  static void guarded(Action action) {
    try {
      action();
    } catch (const SQLite::Exception& error) {
      rethrow(error);
    }
  }

  SQLite::Statement statement_;
  bool used_ = false;
};

/// Writers of one process queue here instead of polling SQLite's file lock with growing sleeps.
/// (Not std::timed_mutex: GCC 12's ThreadSanitizer does not see its try_lock_for() and takes every unlock for an
/// error.)
class WriteTurn {
 public:
  [[nodiscard]] bool try_lock_for(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, patience, [this] { return !taken_; })) return false;
    taken_ = true;
    return true;
  }
  void unlock() {
    {
      const std::lock_guard lock(mutex_);
      taken_ = false;
    }
    freed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  bool taken_ = false;
};

/// The change to a write-ahead log waits for nobody who makes it at the same time, whatever the timeout.
void write_ahead(SQLite::Database& database, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (int attempt = 0;; attempt = std::min(attempt + 1, kMostAttempts)) {
    try {
      database.exec("PRAGMA journal_mode=WAL");
      return;
    } catch (const SQLite::Exception& error) {
      if (error.getErrorCode() != SQLITE_BUSY || std::chrono::steady_clock::now() >= deadline) throw;
    }
    wait_with_jitter(attempt);
  }
}

class SqliteSession final : public Session {
 public:
  SqliteSession(const std::string& file, std::chrono::milliseconds timeout, std::shared_ptr<WriteTurn> turn) try
      : database_(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, static_cast<int>(timeout.count())),
        timeout_(timeout),
        turn_(std::move(turn)),
        hold_(*turn_, std::defer_lock) {
    write_ahead(database_, timeout);
    database_.exec("PRAGMA synchronous=FULL");
    database_.exec("PRAGMA foreign_keys=ON");
    database_.exec("PRAGMA journal_size_limit=67108864");  // a log that one long reader made grow shrinks again
  } catch (const SQLite::Exception& error) {
    rethrow(error);
  }

  Statement& prepare(const std::string& sql) override {
    auto& slot = statements_[sql];
    if (!slot) slot = std::make_unique<SqliteStatement>(database_, sql);
    slot->rewind();
    return *slot;
  }
  std::unique_ptr<Statement> stream(const std::string& sql) override {
    return std::make_unique<SqliteStatement>(database_, sql);  // its rows are never gathered
  }
  void send(Statement& statement) override { counts_.push_back(statement.run()); }
  std::vector<std::int64_t> receive() override { return std::exchange(counts_, {}); }
  void execute(const std::string& sql) override {
    try {
      database_.exec(sql);
    } catch (const SQLite::Exception& error) {
      rethrow(error);
    }
  }
  void begin() override {
    counts_.clear();
    if (!hold_.try_lock_for(timeout_))
      throw SqlError(Kind::contended, SQLITE_BUSY, "another writer did not finish in time");
    try {
      prepare("BEGIN IMMEDIATE").run();  // a deferred one could fail to become a writer when it is too late to wait
    } catch (...) {
      hold_.unlock();
      throw;
    }
  }
  void commit() override {
    prepare("COMMIT").run();
    hold_.unlock();
  }
  void rollback() noexcept override {
    if (!hold_.owns_lock()) return;
    try {
      if (sqlite3_get_autocommit(database_.getHandle()) == 0) prepare("ROLLBACK").run();
    } catch (const SqlError&) {  // nothing is committed either way; the session is closed by its owner
    }
    hold_.unlock();
  }
  bool is_alive() noexcept override { return true; }
  const Dialect& dialect() const override { return sqlite_dialect(); }

 private:
  SQLite::Database database_;
  std::unordered_map<std::string, std::unique_ptr<SqliteStatement>> statements_;
  std::vector<std::int64_t> counts_{};  ///< of what was sent
  std::chrono::milliseconds timeout_;
  std::shared_ptr<WriteTurn> turn_;
  std::unique_lock<WriteTurn> hold_;
};

class SqliteConnector final : public Connector {
 public:
  SqliteConnector(const SqliteOptions& options, std::chrono::milliseconds timeout)
      : file_(options.file), timeout_(timeout) {}
  std::unique_ptr<Session> connect(SessionUse) override {
    return std::make_unique<SqliteSession>(file_, timeout_, turn_);
  }
  std::string where() const override { return file_; }
  int writers(int) const override { return 1; }

 private:
  std::string file_;
  std::chrono::milliseconds timeout_;
  std::shared_ptr<WriteTurn> turn_ = std::make_shared<WriteTurn>();
};

}  // namespace

const Dialect& sqlite_dialect() {
  static const SqliteDialect dialect;
  return dialect;
}

std::unique_ptr<Connector> make_sqlite_connector(const SqliteOptions& options, std::chrono::milliseconds timeout) {
  return std::make_unique<SqliteConnector>(options, timeout);
}

}  // namespace huiyin::db
