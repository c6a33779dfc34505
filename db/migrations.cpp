#include "db/migrations.h"

#include <array>
#include <random>
#include <string_view>
#include <thread>

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;

constexpr auto kHeld = 60s;      // of the lease; taken anew before each step
constexpr auto kPatience = 90s;  // longer than the lease, so that a process that died holding it stops nobody
constexpr auto kPoll = 100ms;

constexpr int kNoSuchTableMysql = 1146;
constexpr int kDuplicateColumnMysql = 1060;
constexpr int kDuplicateIndexMysql = 1061;
constexpr int kNothingToDropMysql = 1091;
constexpr int kErrorSqlite = 1;  // SQLITE_ERROR, which "no such table" comes as

constexpr std::array kLeaseColumns = {std::string_view("name"), std::string_view("owner"), std::string_view("expires")};
constexpr Table kLeases{"leases", kLeaseColumns};
constexpr std::array kStepColumns = {std::string_view("number"), std::string_view("name"), std::string_view("applied")};
constexpr Table kSteps{"schema_migrations", kStepColumns};

Time now_of(Session& session) {
  auto& statement = session.prepare("SELECT " + std::string(session.dialect().now()));
  statement.query();
  Time now{};
  while (statement.next()) now = statement.time();
  return now;
}

/// The two tables that must be there before any step: which steps ran, and who runs them now.
void make_bookkeeping(Session& session) {
  const auto type = [&](ColumnType column) { return std::string(session.dialect().ddl_type(column)); };
  Transaction transaction(session);
  session.execute("CREATE TABLE IF NOT EXISTS schema_migrations (number " + type(ColumnType::id) +
                  " NOT NULL PRIMARY KEY, name " + type(ColumnType::key) + " NOT NULL, applied " +
                  type(ColumnType::time) + " NOT NULL)");
  session.execute("CREATE TABLE IF NOT EXISTS leases (name " + type(ColumnType::key) + " NOT NULL PRIMARY KEY, owner " +
                  type(ColumnType::key) + " NOT NULL, expires " + type(ColumnType::time) + " NOT NULL)");
  session.prepare(session.dialect().insert_new(kLeases, 1)).bind("migrate").bind("").bind(Time{}).run();
  transaction.commit();
}

bool take_lease(Session& session, const std::string& owner) {
  const auto now = now_of(session);
  auto& statement =
      session.prepare("UPDATE leases SET owner=?,expires=? WHERE name='migrate' AND (owner=? OR expires<=?)");
  statement.bind(owner).bind(now + kHeld).bind(owner).bind(now).run();
  auto& holder = session.prepare("SELECT owner FROM leases WHERE name='migrate'");
  holder.query();
  bool ours = false;
  while (holder.next()) ours = holder.text() == owner;
  return ours;
}

void wait_for_lease(Session& session, const std::string& owner) {
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  while (!take_lease(session, owner)) {
    if (std::chrono::steady_clock::now() > give_up)
      throw SqlError(SqlError::Kind::contended, 0, "another process has been migrating for too long");
    std::this_thread::sleep_for(kPoll);
  }
}

/// There is no IF (NOT) EXISTS for it: an earlier try got so far, and was not recorded.
bool is_done_already(const SqlError& error) {
  const bool column_sqlite =
      error.code() == kErrorSqlite && std::string_view(error.what()).find("duplicate column name") != std::string::npos;
  return column_sqlite || error.code() == kDuplicateColumnMysql || error.code() == kDuplicateIndexMysql ||
         error.code() == kNothingToDropMysql;
}

void run_step(Session& session, const Migration& step) {
  Transaction transaction(session);  // of use to SQLite; MySQL's DDL ends it
  try {
    session.execute(std::string(step.sql));
  } catch (const SqlError& error) {
    if (!is_done_already(error)) throw;
  }
  session.prepare(session.dialect().insert_new(kSteps, 1))
      .bind(step.number)
      .bind(step.name)
      .bind(now_of(session))
      .run();
  transaction.commit();
}

}  // namespace

int schema_version(Session& session) {
  try {
    auto& statement = session.prepare("SELECT COALESCE(MAX(number),0) FROM schema_migrations");
    statement.query();
    int version = 0;
    while (statement.next()) version = statement.small();
    return version;
  } catch (const SqlError& error) {
    if (error.code() == kNoSuchTableMysql || error.code() == kErrorSqlite) return 0;
    throw;
  }
}

std::optional<Error> check_schema(Session& session, const std::string& where) {
  const auto have = schema_version(session);
  const auto want = migrations_of(session.dialect().name()).back().number;
  if (have == want) return std::nullopt;
  const auto versions = "schema " + std::to_string(have) + ", this program's is " + std::to_string(want);
  if (have < want)
    return Error{where, "the database is older than this program (" + versions + ")", "Run `huiyin migrate`"};
  return Error{where, "the database is newer than this program (" + versions + ")", "Run the newer huiyin"};
}

MigrationReport run_migrations(Session& session) {
  const auto steps = migrations_of(session.dialect().name());
  MigrationReport report{.from = schema_version(session), .to = steps.back().number};
  if (report.from >= report.to) return {.from = report.from, .to = report.from};
  make_bookkeeping(session);
  const auto owner = "migrate-" + std::to_string(std::random_device{}()) + "-" + std::to_string(std::random_device{}());
  wait_for_lease(session, owner);
  report.from = schema_version(session);  // the process that we waited for has done the work
  for (const auto& step : steps) {
    if (step.number <= report.from) continue;
    wait_for_lease(session, owner);
    run_step(session, step);
  }
  session.prepare("UPDATE leases SET owner='',expires=? WHERE name='migrate' AND owner=?")
      .bind(Time{})
      .bind(owner)
      .run();
  return report;
}

}  // namespace huiyin::db
