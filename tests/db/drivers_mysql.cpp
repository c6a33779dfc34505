#include <unistd.h>

#include <cstdlib>
#include <regex>

#include "db/mysql_session.h"
#include "tests/db/drivers.h"

namespace huiyin::db {
namespace {

MysqlOptions server() {
  const char* const named = std::getenv("HUIYIN_TEST_MYSQL");
  if (named == nullptr) {
    throw std::runtime_error(
        "HUIYIN_TEST_MYSQL names no server: user:password@host:port. "
        "`script/mariadb run ctest --preset dev -L db` starts one");
  }
  std::cmatch part;
  if (!std::regex_match(named, part, std::regex("([^:@]+)(?::([^@]*))?@([^:@]+):([0-9]+)")))
    throw std::runtime_error("HUIYIN_TEST_MYSQL should be user:password@host:port");
  MysqlOptions options;
  options.user = part[1];
  options.password = Secret(part[2]);
  options.host = part[3];
  options.port = std::stoi(part[4]);
  return options;
}

class MysqlSchema final : public Schema {
 public:
  MysqlSchema() : mysql_(server()) {
    static int count = 0;
    const auto name = "huiyin_test_" + std::to_string(getpid()) + "_" + std::to_string(count++);
    administer("CREATE DATABASE " + name);
    mysql_.database = name;
  }
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
    make_mysql_connector(server(), std::chrono::seconds(10))->connect(SessionUse::reading)->execute(sql);
  }
  MysqlOptions mysql_;
};

}  // namespace

std::vector<Driver> drivers() {
  return {{"mysql", []() -> std::unique_ptr<Schema> { return std::make_unique<MysqlSchema>(); }}};
}

}  // namespace huiyin::db
