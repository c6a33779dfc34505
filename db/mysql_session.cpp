#include "db/mysql_session.h"

#include <cppconn/connection.h>
#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/statement.h>

#include <algorithm>
#include <mutex>
#include <unordered_map>

namespace huiyin::db {
namespace {

using Kind = SqlError::Kind;

Kind kind_of(int code) {
  switch (code) {
    case 1205:  // lock wait timeout: it alone undoes only the statement, so the caller rolls back
    case 1213:  // deadlock; Galera's certification failure comes as this
    case 1020:  // record has changed since last read (MariaDB's snapshot isolation)
    case 3572:  // NOWAIT
      return Kind::contended;
    case 1040:  // too many connections
    case 1053:  // server shutdown in progress
    case 1080:
    case 1152:
    case 1158:
    case 1159:
    case 1160:
    case 1161:
    case 1184:
    case 1203:
    case 1317:  // interrupted
    case 1927:  // connection was killed
    case 1969:  // max_statement_time
    case 3024:  // max_execution_time
      return Kind::lost;
    case 1021:  // disk full
    case 1037:
    case 1041:
    case 1047:  // Galera: not ready
    case 1114:  // table full
    case 1290:  // read-only
    case 1792:
    case 1836:
      return Kind::away;
    case 1048:  // NULL
    case 1062:  // duplicate key
    case 1153:  // packet too large
    case 1264:  // out of range
    case 1265:
    case 1292:  // not a time
    case 1366:  // not utf8mb4
    case 1406:  // too long
    case 1451:
    case 1452:  // foreign key
    case 3140:
    case 3819:  // CHECK, MySQL
    case 4025:  // CHECK, MariaDB
      return Kind::refused;
    default:
      // 2000 to 2999 are the client library's: refused, gone away, lost during the query, timed out, malformed.
      return code >= 2000 && code < 3000 ? Kind::lost : Kind::broken;
  }
}

[[noreturn]] void rethrow(const sql::SQLException& error) {
  // Connector/C++ itself complains with code 0 of a connection that it knows to be closed.
  const auto code = error.getErrorCode();
  const auto closed = code == 0 && std::string_view(error.what()).find("onnection") != std::string_view::npos;
  throw SqlError(closed ? Kind::lost : kind_of(code), code, error.what());
}

template <class Action>
auto guarded(Action action) {
  try {
    return action();
  } catch (const sql::SQLException& error) {
    rethrow(error);
  }
}

class MysqlDialect final : public Dialect {
 public:
  std::string upsert(const Table& table, std::size_t rows) const override {
    auto out = insert_into(table, rows) + " ON DUPLICATE KEY UPDATE ";
    for (std::size_t i = table.fixed; i < table.columns.size(); ++i) {
      const std::string column(table.columns[i]);
      out += (i == table.fixed ? "" : ",") + column + "=";
      out += table.lowers_only ? "LEAST(" + column + ",VALUES(" + column + "))" : "VALUES(" + column + ")";
    }
    return out;
  }
  std::string advance(const Table& table, std::size_t rows) const override {
    const auto advanced = [](std::string_view column) {
      std::string out(column);
      return out.append("=IF(version=VALUES(version)-1,VALUES(").append(column).append("),").append(column).append(")");
    };
    auto out = insert_into(table, rows) + " ON DUPLICATE KEY UPDATE ";
    for (std::size_t i = table.fixed; i < table.columns.size(); ++i)
      if (table.columns[i] != "version") out.append(advanced(table.columns[i])).append(",");
    return out + advanced("version");  // last: assignments see those before them
  }
  std::string insert_new(const Table& table, std::size_t rows) const override {
    // Never INSERT IGNORE, which stores cut text and zeros with a warning.
    auto out = insert_into(table, rows) + " ON DUPLICATE KEY UPDATE ";
    return out.append(table.name)
        .append(".")
        .append(table.columns[0])
        .append("=")
        .append(table.name)
        .append(".")
        .append(table.columns[0]);
  }
  std::string lock_rows(std::string_view table, std::string_view columns, std::size_t rows) const override {
    std::string out = "SELECT ";
    out.append(columns).append(" FROM ").append(table).append(" FORCE INDEX (PRIMARY) WHERE id IN (");
    return out + placeholder_list(rows) + ") ORDER BY id FOR UPDATE";
  }
  std::string lease(std::string_view table, std::size_t rows) const override {
    std::string out = "UPDATE ";
    out.append(table).append(" FORCE INDEX (PRIMARY) SET lease_owner=?,lease_expires=?,claim=? WHERE id IN (");
    return out + placeholder_list(rows) + ") AND lease_expires<=?";
  }
  std::string update_rows(std::string_view table, std::string_view assignments, std::size_t rows) const override {
    std::string out = "UPDATE ";
    out.append(table).append(" FORCE INDEX (PRIMARY) SET ").append(assignments).append(" WHERE id IN (");
    return out + placeholder_list(rows) + ")";
  }
  std::string_view ddl_type(ColumnType type) const override {
    switch (type) {
      case ColumnType::id:
      case ColumnType::integer:
        return "bigint";
      case ColumnType::key:
        return "varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
      case ColumnType::time:
        return "datetime(3)";
    }
    return "";
  }
  std::string_view now() const override { return "UTC_TIMESTAMP(3)"; }
  std::string_view name() const override { return "mysql"; }
};

/// How the rows of a result are read, whatever asked for them.
class MysqlRows : public Statement {
 protected:
  bool do_next() override {
    const bool more = guarded([&] { return rows_->next(); });
    if (!more) rows_.reset();
    return more;
  }
  bool is_null(int column) override {
    return guarded([&] { return rows_->isNull(index(column)); });
  }
  std::int64_t do_integer(int column) override {
    return guarded([&] { return static_cast<std::int64_t>(rows_->getInt64(index(column))); });
  }
  std::string do_text(int column) override {
    return guarded([&] { return std::string(rows_->getString(index(column))); });
  }

  static unsigned index(int position) { return static_cast<unsigned>(position) + 1; }

  std::unique_ptr<sql::ResultSet> rows_;
};

class MysqlStatement final : public MysqlRows {
 public:
  explicit MysqlStatement(std::unique_ptr<sql::PreparedStatement> statement) : statement_(std::move(statement)) {}
  MysqlStatement(const MysqlStatement&) = delete;
  MysqlStatement& operator=(const MysqlStatement&) = delete;
  ~MysqlStatement() override { rows_.reset(); }  // before the statement that it is of

 protected:
  void do_bind(int position, std::int64_t value) override {
    guarded([&] { statement_->setInt64(index(position), value); });
  }
  void do_bind(int position, std::string_view text, bool) override {
    text_->assign(text);
    guarded([&] { statement_->setString(index(position), text_); });
  }
  void do_bind_null(int position) override {
    guarded([&] { statement_->setNull(index(position), 0); });
  }
  std::int64_t do_run() override {
    rows_.reset();
    return guarded([&] { return static_cast<std::int64_t>(statement_->executeUpdate()); });
  }
  void do_query() override {
    rows_.reset();
    guarded([&] { rows_.reset(statement_->executeQuery()); });
  }

 private:
  std::unique_ptr<sql::PreparedStatement> statement_;
  sql::SQLString text_{};  ///< bound last; kept, since its room is used again
};

/// A plain statement: of prepared ones Connector/C++ gathers all rows, whatever type of result they are given.
class MysqlStream final : public MysqlRows {
 public:
  MysqlStream(std::unique_ptr<sql::Statement> statement, std::string sql)
      : statement_(std::move(statement)), sql_(std::move(sql)) {}
  MysqlStream(const MysqlStream&) = delete;
  MysqlStream& operator=(const MysqlStream&) = delete;
  ~MysqlStream() override { rows_.reset(); }  // before the statement that it is of

 protected:
  void do_bind(int, std::int64_t) override { refuse_parameter(); }
  void do_bind(int, std::string_view, bool) override { refuse_parameter(); }
  void do_bind_null(int) override { refuse_parameter(); }
  std::int64_t do_run() override { throw SqlError(Kind::broken, 0, "a stream is for rows"); }
  void do_query() override {
    guarded([&] {
      statement_->setResultSetType(sql::ResultSet::TYPE_FORWARD_ONLY);
      rows_.reset(statement_->executeQuery(sql_));
    });
  }

 private:
  [[noreturn]] static void refuse_parameter() { throw SqlError(Kind::broken, 0, "a stream takes no parameters"); }

  std::unique_ptr<sql::Statement> statement_;
  std::string sql_;
};

class MysqlSession final : public Session {
 public:
  MysqlSession(std::unique_ptr<sql::Connection> connection, SessionUse use)
      : connection_(std::move(connection)), plain_(connection_->createStatement()), use_(use) {}

  Statement& prepare(const std::string& sql) override {
    auto& slot = statements_[sql];
    if (!slot) {
      slot = guarded([&] {
        return std::make_unique<MysqlStatement>(
            std::unique_ptr<sql::PreparedStatement>(connection_->prepareStatement(sql)));
      });
    }
    slot->rewind();
    return *slot;
  }
  std::unique_ptr<Statement> stream(const std::string& sql) override {
    return guarded([&] {
      return std::make_unique<MysqlStream>(std::unique_ptr<sql::Statement>(connection_->createStatement()), sql);
    });
  }
  void execute(const std::string& sql) override {
    guarded([&] { plain_->execute(sql); });
  }
  void begin() override {
    if (use_ == SessionUse::reading) execute("START TRANSACTION");
    open_ = true;
  }
  void commit() override {
    // Not Connection::commit(), which does not look at what the server answers: a COMMIT that failed, or that never
    // arrived, would pass for done.
    execute("COMMIT");
    open_ = false;
  }
  void rollback() noexcept override {
    if (!open_) return;
    open_ = false;
    try {
      execute("ROLLBACK");
    } catch (const SqlError&) {  // gone: the server rolls back by itself
    }
  }
  bool is_alive() noexcept override {
    try {
      return connection_->isValid();
    } catch (const sql::SQLException&) {
      return false;
    }
  }
  const Dialect& dialect() const override { return mysql_dialect(); }

 private:
  std::unique_ptr<sql::Connection> connection_;
  std::unique_ptr<sql::Statement> plain_;
  std::unordered_map<std::string, std::unique_ptr<MysqlStatement>> statements_;  // go before the connection
  SessionUse use_;
  bool open_ = false;
};

class MysqlConnector final : public Connector {
 public:
  MysqlConnector(MysqlOptions options, std::chrono::milliseconds timeout)
      : options_(std::move(options)), timeout_(timeout) {}

  std::unique_ptr<Session> connect(SessionUse use) override {
    auto connection = guarded([&] { return open(); });
    auto session = std::make_unique<MysqlSession>(std::move(connection), use);
    // The server gives up a lock before we give up the connection.
    const auto lock_wait =
        std::max<std::int64_t>(1, std::chrono::duration_cast<std::chrono::seconds>(timeout_).count() / 2);
    session->execute(
        "SET NAMES utf8mb4, SESSION sql_mode='STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',"
        "time_zone='+00:00',SESSION innodb_lock_wait_timeout=" +
        std::to_string(lock_wait) + (use == SessionUse::writing ? ",autocommit=0" : ",autocommit=1"));
    session->execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    return session;
  }
  std::string where() const override {
    return "mysql " +
           (options_.socket.empty() ? options_.host + ":" + std::to_string(options_.port) : options_.socket) + "/" +
           options_.database;
  }
  int writers(int wanted) const override { return std::max(1, wanted); }

 private:
  std::unique_ptr<sql::Connection> open() {
    const auto seconds = static_cast<int>(std::max<std::int64_t>(1, (timeout_.count() + 999) / 1000));
    sql::ConnectOptionsMap map;
    map["hostName"] = options_.socket.empty() ? "tcp://" + options_.host + ":" + std::to_string(options_.port)
                                              : "unix://" + options_.socket;
    map["userName"] = options_.user;
    map["password"] = options_.password.reveal();
    map["schema"] = options_.database;
    map["OPT_CONNECT_TIMEOUT"] = seconds;
    map["OPT_READ_TIMEOUT"] = seconds;
    map["OPT_WRITE_TIMEOUT"] = seconds;
    map["OPT_CHARSET_NAME"] = "utf8mb4";
    return std::unique_ptr<sql::Connection>(driver()->connect(map));
  }

  // Its table of drivers is not guarded; connecting is (a slow connect must not hold up the others).
  static sql::Driver* driver() {
    static std::mutex first;
    const std::lock_guard lock(first);
    return get_driver_instance();
  }

  MysqlOptions options_;
  std::chrono::milliseconds timeout_;
};

}  // namespace

const Dialect& mysql_dialect() {
  static const MysqlDialect dialect;
  return dialect;
}

std::unique_ptr<Connector> make_mysql_connector(const MysqlOptions& options, std::chrono::milliseconds timeout) {
  return std::make_unique<MysqlConnector>(options, timeout);
}

}  // namespace huiyin::db
