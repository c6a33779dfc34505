#include "db/mysql_session.h"

#include <mysql.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

#include "db/mysql_bindings.h"
#include "db/mysql_error.h"
#include "db/mysql_flight.h"

namespace huiyin::db {
namespace {

using Kind = SqlError::Kind;

struct Closer {
  void operator()(MYSQL* connection) const { mysql_close(connection); }
  void operator()(MYSQL_STMT* statement) const { mysql_stmt_close(statement); }
  void operator()(MYSQL_RES* rows) const { mysql_free_result(rows); }
};
using Connection = std::unique_ptr<MYSQL, Closer>;

class MysqlStatement final : public Statement {
 public:
  MysqlStatement(MYSQL* connection, const std::string& sql, MysqlBindingsPool& pool, MysqlFlight& flight)
      : statement_(mysql_stmt_init(connection)),
        pool_(pool),
        flight_(flight),
        answer_bytes_(sql.starts_with("UPDATE") ? MysqlFlight::kUpdatedBytes : MysqlFlight::kOkBytes) {
    if (!statement_) fail(connection);
    if (mysql_stmt_prepare(statement_.get(), sql.data(), sql.size()) != 0) fail(statement_.get());
  }

  /// As run(), without the answer: that comes with the flight.
  void send() {
    rewind();
    auto bound = hand_over();
    flight_.send(statement_.get(), answer_bytes_);
    if (bound) pool_.give(std::move(bound));
  }

 protected:
  void do_bind(int position, std::int64_t value) override { bindings(position).put(value); }
  void do_bind(int position, std::string_view text, bool bytes) override { bindings(position).put(text, bytes); }
  void do_bind_null(int position) override { bindings(position).put_null(); }
  std::int64_t do_run() override {
    execute();
    return static_cast<std::int64_t>(mysql_stmt_affected_rows(statement_.get()));
  }
  void do_query() override {
    execute();
    if (mysql_stmt_store_result(statement_.get()) != 0) fail(statement_.get());
  }
  bool do_next() override {
    const auto code = mysql_stmt_fetch(statement_.get());
    if (code == 0 || code == MYSQL_DATA_TRUNCATED) return true;
    if (code != MYSQL_NO_DATA) fail(statement_.get());
    mysql_stmt_free_result(statement_.get());
    return false;
  }
  bool is_null(int column) override {
    std::int64_t unused = 0;
    return !read(column, MYSQL_TYPE_LONGLONG, &unused, sizeof unused);
  }
  std::int64_t do_integer(int column) override {
    std::int64_t out = 0;
    return read(column, MYSQL_TYPE_LONGLONG, &out, sizeof out) ? out : 0;
  }
  std::string do_text(int column) override {
    std::array<char, 512> room{};
    const auto length = read(column, MYSQL_TYPE_STRING, room.data(), room.size());
    if (!length) return {};
    if (*length <= room.size()) return {room.data(), *length};
    std::string out(*length, '\0');
    read(column, MYSQL_TYPE_STRING, out.data(), out.size());
    return out;
  }

 private:
  MysqlBindings& bindings(int position) {
    if (!bindings_) bindings_ = pool_.take();
    if (position == 0) bindings_->clear();
    return *bindings_;
  }

  void execute() {
    flight_.land();
    auto bound = hand_over();
    if (mysql_stmt_execute(statement_.get()) != 0) fail(statement_.get());
    if (bound) pool_.give(std::move(bound));
  }

  /// Gives the client library what was bound; it must live until the execution is sent.
  [[nodiscard]] std::unique_ptr<MysqlBindings> hand_over() {
    auto bound = std::move(bindings_);
    const auto count = bound ? bound->size() : 0;
    if (count != mysql_stmt_param_count(statement_.get()))
      throw SqlError(Kind::broken, 0, std::to_string(count) + " parameters are not what the statement takes");
    mysql_stmt_free_result(statement_.get());
    if (bound && mysql_stmt_bind_param(statement_.get(), bound->binds()) != 0) fail(statement_.get());
    return bound;
  }

  /// The value's length; nothing for NULL. What is longer than `size` is cut.
  std::optional<unsigned long> read(int column, enum_field_types type, void* into, unsigned long size) {
    my_bool null = 0, error = 0;
    unsigned long length = 0;
    MYSQL_BIND bind{};
    bind.buffer_type = type;
    bind.buffer = into;
    bind.buffer_length = size;
    bind.length = &length;
    bind.is_null = &null;
    bind.error = &error;
    if (mysql_stmt_fetch_column(statement_.get(), &bind, static_cast<unsigned>(column), 0) != 0) fail(statement_.get());
    return null != 0 ? std::nullopt : std::optional(length);
  }

  std::unique_ptr<MYSQL_STMT, Closer> statement_;
  MysqlBindingsPool& pool_;
  MysqlFlight& flight_;
  std::size_t answer_bytes_;
  std::unique_ptr<MysqlBindings> bindings_{};  ///< between the first parameter and the execution
};

/// Rows as text, taken from the connection one at a time: of a prepared statement all would be gathered first.
class MysqlStream final : public Statement {
 public:
  MysqlStream(MYSQL* connection, std::string sql) : connection_(connection), sql_(std::move(sql)) {}

 protected:
  void do_bind(int, std::int64_t) override { refuse_parameter(); }
  void do_bind(int, std::string_view, bool) override { refuse_parameter(); }
  void do_bind_null(int) override { refuse_parameter(); }
  std::int64_t do_run() override { throw SqlError(Kind::broken, 0, "a stream is for rows"); }
  void do_query() override {
    rows_.reset();
    if (mysql_real_query(connection_, sql_.data(), sql_.size()) != 0) fail(connection_);
    rows_.reset(mysql_use_result(connection_));
    if (!rows_) fail(connection_);
  }
  bool do_next() override {
    row_ = mysql_fetch_row(rows_.get());
    if (row_ != nullptr) {
      lengths_ = mysql_fetch_lengths(rows_.get());
      return true;
    }
    if (mysql_errno(connection_) != 0) fail(connection_);
    rows_.reset();
    return false;
  }
  bool is_null(int column) override { return row_[column] == nullptr; }
  std::int64_t do_integer(int column) override {
    std::int64_t out = 0;
    if (row_[column] != nullptr) std::from_chars(row_[column], row_[column] + lengths_[column], out);
    return out;
  }
  std::string do_text(int column) override {
    return row_[column] == nullptr ? std::string() : std::string(row_[column], lengths_[column]);
  }

 private:
  [[noreturn]] static void refuse_parameter() { throw SqlError(Kind::broken, 0, "a stream takes no parameters"); }

  MYSQL* connection_;
  std::string sql_;
  std::unique_ptr<MYSQL_RES, Closer> rows_{};
  MYSQL_ROW row_ = nullptr;
  unsigned long* lengths_ = nullptr;
};

class MysqlSession final : public Session {
 public:
  MysqlSession(Connection connection, SessionUse use)
      : connection_(std::move(connection)), flight_(connection_.get()), use_(use) {
    prepare_commit_behind();
  }

  Statement& prepare(const std::string& sql) override {
    auto& slot = statements_[sql];
    if (!slot) {
      flight_.land();
      slot = std::make_unique<MysqlStatement>(connection_.get(), sql, pool_, flight_);
    }
    slot->rewind();
    return *slot;
  }
  std::unique_ptr<Statement> stream(const std::string& sql) override {
    flight_.land();
    return std::make_unique<MysqlStream>(connection_.get(), sql);
  }
  void send(Statement& statement) override {
    auto* const own = dynamic_cast<MysqlStatement*>(&statement);
    if (own == nullptr) throw SqlError(Kind::broken, 0, "a statement of another session");
    own->send();
  }
  std::vector<std::int64_t> receive() override {
    const bool behind = std::exchange(behind_, false);
    auto counts = flight_.take();
    if (!behind) return counts;
    counts.pop_back();
    committed_ = (connection_->server_status & SERVER_STATUS_IN_TRANS) == 0;
    return counts;
  }
  bool commit_behind() override {
    if (!commit_behind_) return false;
    commit_behind_->send();
    return behind_ = true;
  }
  void depart(Answers answers) override { flight_.depart(answers == Answers::together); }
  void execute(const std::string& sql) override {
    flight_.land();
    if (mysql_real_query(connection_.get(), sql.data(), sql.size()) != 0) fail(connection_.get());
    const std::unique_ptr<MYSQL_RES, Closer> rows(mysql_store_result(connection_.get()));
    if (!rows && mysql_errno(connection_.get()) != 0) fail(connection_.get());
  }
  void begin() override {
    flight_.forget();
    behind_ = committed_ = false;
    if (use_ == SessionUse::reading) execute("START TRANSACTION");
    open_ = true;
  }
  void commit() override {
    if (!std::exchange(committed_, false)) execute("COMMIT");
    open_ = false;
  }
  void rollback() noexcept override {
    if (!open_) return;
    open_ = false;
    flight_.forget();
    try {
      execute("ROLLBACK");
    } catch (const SqlError&) {  // gone: the server rolls back by itself
    }
  }
  bool is_alive() noexcept override {
    flight_.forget();
    return mysql_ping(connection_.get()) == 0;
  }
  const Dialect& dialect() const override { return mysql_dialect(); }

 private:
  /// Where the server has such blocks: MariaDB, not MySQL.
  void prepare_commit_behind() try {
    if (use_ != SessionUse::writing) return;
    commit_behind_ = std::make_unique<MysqlStatement>(
        connection_.get(), "BEGIN NOT ATOMIC IF ROW_COUNT()=1 THEN COMMIT; END IF; END", pool_, flight_);
  } catch (const SqlError& error) {
    if (error.kind() == Kind::lost) throw;
  }

  Connection connection_;
  MysqlBindingsPool pool_{};
  MysqlFlight flight_;
  std::unordered_map<std::string, std::unique_ptr<MysqlStatement>> statements_{};  // go before the connection
  std::unique_ptr<MysqlStatement> commit_behind_{};
  SessionUse use_;
  bool open_ = false;
  bool behind_ = false;     ///< a COMMIT is on its way behind the statements
  bool committed_ = false;  ///< it was carried out
};

class MysqlConnector final : public Connector {
 public:
  MysqlConnector(MysqlOptions options, std::chrono::milliseconds timeout)
      : options_(std::move(options)), timeout_(timeout) {}

  std::unique_ptr<Session> connect(SessionUse use) override {
    auto session = std::make_unique<MysqlSession>(open(), use);
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
  Connection open() {
    Connection connection(mysql_init(nullptr));
    if (!connection) throw SqlError(Kind::broken, 0, "no memory for a connection");
    const auto seconds = static_cast<unsigned>(std::max<std::int64_t>(1, (timeout_.count() + 999) / 1000));
    const unsigned no_files_of_ours = 0;
    // "localhost" would else be taken for a socket.
    const unsigned protocol = options_.socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
    mysql_options(connection.get(), MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
    mysql_options(connection.get(), MYSQL_OPT_READ_TIMEOUT, &seconds);
    mysql_options(connection.get(), MYSQL_OPT_WRITE_TIMEOUT, &seconds);
    mysql_options(connection.get(), MYSQL_OPT_PROTOCOL, &protocol);
    mysql_options(connection.get(), MYSQL_OPT_LOCAL_INFILE, &no_files_of_ours);
    mysql_options(connection.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
    const auto name_or_null = [](const std::string& text) { return text.empty() ? nullptr : text.c_str(); };
    if (mysql_real_connect(connection.get(), name_or_null(options_.host), options_.user.c_str(),
                           options_.password.reveal().c_str(), options_.database.c_str(),
                           static_cast<unsigned>(options_.port), name_or_null(options_.socket), 0) == nullptr)
      fail(connection.get());
    return connection;
  }

  MysqlOptions options_;
  std::chrono::milliseconds timeout_;
};

}  // namespace

std::unique_ptr<Connector> make_mysql_connector(const MysqlOptions& options, std::chrono::milliseconds timeout) {
  return std::make_unique<MysqlConnector>(options, timeout);
}

}  // namespace huiyin::db
