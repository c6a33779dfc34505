#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/time.h"

namespace huiyin::db {

/// What a driver throws. The kind says what can be done about it; the text is the server's, for the log.
class SqlError : public std::runtime_error {
 public:
  enum class Kind {
    contended,  ///< deadlock, lock wait, busy, Galera's certification failure: roll back and try again
    lost,       ///< the connection is gone, or the server did not answer in time; a COMMIT may or may not have happened
    refused,    ///< the data of this statement, whatever the neighbours are
    away,       ///< the server answers, but cannot write (read-only, disk full, no quorum)
    broken      ///< the schema or the statement: ours or the operator's to mend
  };
  SqlError(Kind kind, int code, const std::string& why) : std::runtime_error(why), kind_(kind), code_(code) {}
  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] int code() const { return code_; }

 private:
  Kind kind_;
  int code_;
};

/// A prepared statement of one session. Parameters are bound in order; after run() or query() the order begins again.
/// Columns are read in order too. Not thread-safe, as its session.
class Statement {
 public:
  Statement() = default;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  virtual ~Statement() = default;

  Statement& bind(std::int64_t value);
  Statement& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
  Statement& bind(bool value) { return bind(static_cast<std::int64_t>(value ? 1 : 0)); }
  Statement& bind(std::string_view text);
  Statement& bind(const char* text) { return bind(std::string_view(text)); }
  Statement& bind(const std::string& text) { return bind(std::string_view(text)); }
  Statement& bind_bytes(std::string_view bytes);  ///< for columns of bytes, which need not be UTF-8
  Statement& bind(Time time);
  Statement& bind(const std::optional<Time>& time) { return time ? bind(*time) : bind_null(); }
  Statement& bind_null();
  /// An id that may be none is NULL in the database.
  template <class Tag>
  Statement& bind(Id<Tag> id) {
    return id ? bind(id.value) : bind_null();
  }

  /// Executes a statement that gives no rows; returns how many it inserted or changed. (MySQL counts a row that an
  /// upsert overwrites as two, and one that stays as it was as none.)
  std::int64_t run();
  /// Executes; next() then moves to each row in turn, and must be called until it is false.
  void query();
  /// False after the last row.
  bool next();

  std::int64_t integer();
  int small() { return static_cast<int>(integer()); }
  bool flag() { return integer() != 0; }
  std::string text();
  std::optional<std::string> optional_text();
  std::optional<int> optional_small();
  Time time();
  std::optional<Time> optional_time();
  template <class IdType>
  IdType id() {
    return IdType{integer()};  // NULL reads as 0, which is none
  }

  /// Forgets what was bound of an execution that did not come about.
  void rewind() { parameter_ = 0; }

 protected:
  // Positions begin at 0.
  virtual void do_bind(int position, std::int64_t value) = 0;
  virtual void do_bind(int position, std::string_view text, bool bytes) = 0;
  virtual void do_bind_null(int position) = 0;
  virtual std::int64_t do_run() = 0;
  virtual void do_query() = 0;
  virtual bool do_next() = 0;
  [[nodiscard]] virtual bool is_null(int column) = 0;
  [[nodiscard]] virtual std::int64_t do_integer(int column) = 0;  ///< 0 for NULL
  [[nodiscard]] virtual std::string do_text(int column) = 0;      ///< empty for NULL

 private:
  int parameter_ = 0;
  int column_ = 0;
};

/// A table as the statements of all rows see it.
struct Table {
  std::string_view name;
  std::span<const std::string_view> columns;
  std::size_t keys = 1;       ///< leading columns that are the key by which an upsert finds its row
  std::size_t fixed = 1;      ///< leading columns that an upsert leaves alone
  bool lowers_only = false;   ///< an upsert keeps the lesser of the old and the new value
  bool in_each_unit = false;  ///< nearly every unit writes a row of it
};

enum class ColumnType { id, key, integer, time };

/// Where MySQL's and SQLite's SQL differ. Text only; stateless.
class Dialect {
 public:
  Dialect() = default;
  Dialect(const Dialect&) = delete;
  Dialect& operator=(const Dialect&) = delete;
  virtual ~Dialect() = default;
  /// Inserts `rows` rows; where the key is there, overwrites all but the `fixed` columns.
  [[nodiscard]] virtual std::string upsert(const Table& table, std::size_t rows) const = 0;
  /// As upsert(), but overwrites a row only where it is at the version before the one written (columns: `version`);
  /// such a row counts two, a new one one, any other none. Empty where the database cannot: then rows are locked and
  /// compared first.
  [[nodiscard]] virtual std::string advance(const Table& table, std::size_t rows) const = 0;
  /// Inserts `rows` rows; leaves alone those that hit any unique key, which then do not count. Cuts nothing.
  [[nodiscard]] virtual std::string insert_new(const Table& table, std::size_t rows) const = 0;
  /// Reads `columns` of `rows` rows by id, locked until the transaction ends, ids ascending.
  [[nodiscard]] virtual std::string lock_rows(std::string_view table, std::string_view columns,
                                              std::size_t rows) const = 0;
  /// Takes the free ones of `rows` rows by id: owner, expiry, claim, ids, now.
  [[nodiscard]] virtual std::string lease(std::string_view table, std::size_t rows) const = 0;
  /// `UPDATE … SET assignments WHERE id IN (…)` of `rows` rows, found by their ids whatever the statistics say.
  [[nodiscard]] virtual std::string update_rows(std::string_view table, std::string_view assignments,
                                                std::size_t rows) const = 0;
  /// A column's type in DDL.
  [[nodiscard]] virtual std::string_view ddl_type(ColumnType type) const = 0;
  /// That the session's last statement counted one row, as a condition; empty where there is none.
  [[nodiscard]] virtual std::string_view counted_one() const = 0;
  /// The server's clock, UTC with milliseconds, as an expression.
  [[nodiscard]] virtual std::string_view now() const = 0;
  /// The folder of its migrations.
  [[nodiscard]] virtual std::string_view name() const = 0;
};

/// `(?,?),(?,?)`: `rows` times `columns`.
[[nodiscard]] std::string placeholders(std::size_t rows, std::size_t columns);
/// `?,?,?`
[[nodiscard]] std::string placeholder_list(std::size_t count);
/// `INSERT INTO t (a,b) VALUES (?,?),(?,?)`
[[nodiscard]] std::string insert_into(const Table& table, std::size_t rows);

/// One connection. Not thread-safe; may be handed from thread to thread. After SqlError::lost it is of no more use.
class Session {
 public:
  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  virtual ~Session() = default;

  /// The statement of this text, prepared once per session and kept; the reference lives as long as the session.
  [[nodiscard]] virtual Statement& prepare(const std::string& sql) = 0;
  /// A statement without parameters whose rows are not gathered before they are read, however many they are: query(),
  /// then next() until it is false. Nothing else may be asked of the session until then, or until it is gone.
  [[nodiscard]] virtual std::unique_ptr<Statement> stream(const std::string& sql) = 0;
  /// As Statement::run() of a statement of this session, but the database may work on it while the next is bound:
  /// receive() tells its count. Whatever else is asked of the session waits for what was sent, and throws its errors.
  virtual void send(Statement& statement) = 0;
  /// How many rows each statement counted that was sent since begin() or the last call, in their order. Throws the
  /// first of their errors; those behind it have been executed all the same, so that only a rollback makes sense then.
  [[nodiscard]] virtual std::vector<std::int64_t> receive() = 0;
  /// Has the database itself commit behind what was sent, if the last statement of that counts one row; a commit()
  /// after receive() then takes no round trip. Where that statement counts none, receive() tells so and nothing is
  /// committed. False where the database cannot: then commit() does it all.
  [[nodiscard]] virtual bool commit_behind() { return false; }
  enum class Answers { as_they_come, together };
  /// Lets go what was sent, where it is held back to go with what follows. Who waits for nothing but the last of the
  /// `answers` is to be woken for that alone; who has others to write for reads each while the next is worked on.
  virtual void depart(Answers answers) { static_cast<void>(answers); }
  /// Executes one or more statements without parameters or rows: DDL.
  virtual void execute(const std::string& sql) = 0;
  virtual void begin() = 0;
  virtual void commit() = 0;
  /// Does nothing outside a transaction; never throws (a lost connection has rolled back already).
  virtual void rollback() noexcept = 0;
  /// Asks the server, where there is one.
  [[nodiscard]] virtual bool is_alive() noexcept = 0;
  [[nodiscard]] virtual const Dialect& dialect() const = 0;
};

/// Rolls back unless commit() was reached.
class Transaction {
 public:
  explicit Transaction(Session& session) : session_(&session) { session.begin(); }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    if (session_ != nullptr) session_->rollback();
  }
  void commit() {
    session_->commit();
    session_ = nullptr;
  }

 private:
  Session* session_;
};

/// What a session is for: `writing` ones only ever run transactions (MySQL: autocommit off, so that BEGIN costs no
/// round trip), `reading` ones mostly single statements.
enum class SessionUse { reading, writing };

/// Makes sessions. Thread-safe.
class Connector {
 public:
  Connector() = default;
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;
  virtual ~Connector() = default;
  /// Throws SqlError.
  [[nodiscard]] virtual std::unique_ptr<Session> connect(SessionUse use) = 0;
  /// What errors call it: `mysql 127.0.0.1:3306`, a file.
  [[nodiscard]] virtual std::string where() const = 0;
  /// How many sessions may commit at once.
  [[nodiscard]] virtual int writers(int wanted) const = 0;
};

}  // namespace huiyin::db
