#include <unistd.h>

#include "db/mysql_session.h"
#include "tests/db/drivers.h"
#include "tests/db/mysql_server.h"

namespace huiyin::db {
namespace {

class MysqlSchema final : public Schema {
 public:
  MysqlSchema() : mysql_(mysql_test_server()) {
    static int count = 0;
    const auto name = "huiyin_test_" + std::to_string(getpid()) + "_" + std::to_string(count++);
    administer("CREATE DATABASE " + name);
    mysql_.database = name;
  }
  MysqlSchema(const MysqlSchema&) = delete;
  MysqlSchema& operator=(const MysqlSchema&) = delete;
  ~MysqlSchema() override {
    try {
      administer("DROP DATABASE IF EXISTS " + mysql_.database);
    } catch (const SqlError&) {  // a test may have taken the server away
    }
  }
  StoreOptions options() const override {
    StoreOptions options;
    options.mysql = mysql_;
    return options;
  }

 private:
  static void administer(const std::string& sql) {
    make_mysql_connector(mysql_test_server(), std::chrono::seconds(10))->connect(SessionUse::reading)->execute(sql);
  }
  MysqlOptions mysql_;
};

}  // namespace

std::vector<Driver> drivers() {
  return {{"mysql", []() -> std::unique_ptr<Schema> { return std::make_unique<MysqlSchema>(); }}};
}

}  // namespace huiyin::db
