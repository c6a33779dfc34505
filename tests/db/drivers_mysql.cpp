#include <unistd.h>

#include <cstdlib>
#include <string_view>

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
  const std::string_view text(named);
  const auto at = text.rfind('@'), port = text.rfind(':');
  if (at == std::string_view::npos || port == std::string_view::npos || port < at)
    throw std::runtime_error("HUIYIN_TEST_MYSQL should be user:password@host:port");
  const auto account = text.substr(0, at);
  const auto colon = account.find(':');
  MysqlOptions options;
  options.user = account.substr(0, colon);
  if (colon != std::string_view::npos) options.password = Secret(std::string(account.substr(colon + 1)));
  options.host = text.substr(at + 1, port - at - 1);
  options.port = std::stoi(std::string(text.substr(port + 1)));
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
