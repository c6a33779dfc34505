#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include "db/migrations.h"
#include "db/sql_store.h"
#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;

class StoreMigration : public testing::TestWithParam<Driver> {
 protected:
  std::unique_ptr<Session> session() { return make_connector(options_).value()->connect(SessionUse::reading); }
  int latest() { return migrations_of(session()->dialect().name()).back().number; }
  std::string error_of_open() {
    const auto store = open_store(options_);
    return store ? "opened" : huiyin::describe(store.error());
  }

  std::unique_ptr<Schema> schema_ = GetParam().make_empty();
  StoreOptions options_ = schema_->options();
};

using testing::HasSubstr;

TEST_P(StoreMigration, AnEmptyDatabaseIsBroughtUpOnce) {
  EXPECT_THAT(error_of_open(), HasSubstr("Run `huiyin migrate`"));
  const auto first = migrate(options_).value();
  EXPECT_EQ(first.from, 0);
  EXPECT_EQ(first.to, latest());
  const auto second = migrate(options_).value();
  EXPECT_EQ(second.from, latest());
  EXPECT_EQ(second.to, latest());
  EXPECT_EQ(error_of_open(), "opened");
}

TEST_P(StoreMigration, AStepThatRanButWasNotRecordedRunsAgain) {
  ASSERT_TRUE(migrate(options_));
  session()->execute("DELETE FROM schema_migrations WHERE number>3");
  EXPECT_EQ(migrate(options_).value().from, 3);
  EXPECT_EQ(error_of_open(), "opened");
}

TEST_P(StoreMigration, ANewerSchemaIsRefusedWithWords) {
  ASSERT_TRUE(migrate(options_));
  session()->execute(
      "INSERT INTO schema_migrations (number,name,applied) VALUES (999,'later','2027-01-01 00:00:00.000')");
  EXPECT_THAT(error_of_open(), HasSubstr("newer than this program"));
  EXPECT_FALSE(open_store_when_reachable(options_));
  EXPECT_EQ(migrate(options_).value().to, 999) << "left as it is";
}

TEST_P(StoreMigration, SeveralAtOnceDoItOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> done{0}, whole{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      const auto report = migrate(options_);  // a connector of its own each, as processes have
      if (!report) {
        ADD_FAILURE() << huiyin::describe(report.error());
        return;
      }
      ++done;
      if (report->from == 0) ++whole;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(done, 4);
  EXPECT_EQ(whole, 1) << "the others waited";
  EXPECT_EQ(schema_version(*session()), latest());
}

TEST_P(StoreMigration, ALeaseThatItsHolderLeftBehindRunsOut) {
  ASSERT_TRUE(migrate(options_));
  const auto connection = session();
  connection->execute("DELETE FROM schema_migrations WHERE number>20");
  auto& clock = connection->prepare("SELECT " + std::string(connection->dialect().now()));
  clock.query();
  Time expires{};
  while (clock.next()) expires = clock.time() + 700ms;
  connection->execute("UPDATE leases SET owner='gone',expires='" + format_utc(expires) + "' WHERE name='migrate'");
  EXPECT_EQ(migrate(options_).value().from, 20);
  EXPECT_GE(open_store(options_).value()->server_time().value(), expires) << "and not before";
}

/// What the schema is, one line a column or index.
std::string describe_schema(Session& session) {
  const bool mysql = session.dialect().name() == "mysql";
  auto& statement = session.prepare(
      mysql
          ? "SELECT CONCAT(table_name,'.',column_name,' "
            "',data_type,COALESCE(CONCAT('(',character_maximum_length,')'),''),"
            "COALESCE(CONCAT('(',datetime_precision,')'),''),IF(is_nullable='NO',' NOT NULL',''),"
            "COALESCE(CONCAT(' ',collation_name),'')) FROM information_schema.columns WHERE table_schema=DATABASE()"
            " AND table_name NOT IN ('leases','schema_migrations') UNION ALL SELECT CONCAT(table_name,' ',"
            "IF(non_unique=0,'unique ',''),'key ',index_name,' (',GROUP_CONCAT(column_name ORDER BY seq_in_index),')')"
            " FROM information_schema.statistics WHERE table_schema=DATABASE() AND table_name NOT IN"
            " ('leases','schema_migrations') GROUP BY table_name,index_name,non_unique ORDER BY 1"
          : "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT IN ('leases','schema_migrations') ORDER "
            "BY tbl_name,"
            "type DESC,name");
  std::string out;
  statement.query();
  while (statement.next()) out += statement.text() + "\n";
  return out;
}

TEST_P(StoreMigration, TheSchemaIsTheGoldenOne) {
  ASSERT_TRUE(migrate(options_));
  const auto connection = session();
  const auto schema = describe_schema(*connection);
  const auto file = "tests/golden/schema." + std::string(connection->dialect().name()) + ".txt";
  if (std::getenv("HUIYIN_UPDATE_GOLDEN") != nullptr) std::ofstream(file) << schema;
  std::ifstream in(file);
  ASSERT_TRUE(in) << file;
  EXPECT_EQ(schema, std::string(std::istreambuf_iterator<char>(in), {})) << "HUIYIN_UPDATE_GOLDEN=1 rewrites " << file;
}

HUIYIN_FOR_EACH_DRIVER(StoreMigration);

}  // namespace
}  // namespace huiyin::db
