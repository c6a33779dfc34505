#include "bench/load_server.h"

#include <cstdlib>
#include <stdexcept>

#include "bench/load_process.h"
#include "db/mysql_session.h"

namespace huiyin::bench {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

/// `user:password@host:port`
db::MysqlOptions parse(const std::string& text) {
  const auto colon = text.find(':'), at = text.rfind('@'), port = text.rfind(':');
  if (colon == std::string::npos || at == std::string::npos || port < at || colon > at) {
    throw std::runtime_error("HUIYIN_TEST_MYSQL is not user:password@host:port");
  }
  db::MysqlOptions options;
  options.user = text.substr(0, colon);
  options.password = Secret(text.substr(colon + 1, at - colon - 1));
  options.host = text.substr(at + 1, port - at - 1);
  options.port = std::stoi(text.substr(port + 1));
  return options;
}

}  // namespace

BenchServer::BenchServer(const std::string& folder) {
  auto mysql = environment("HUIYIN_TEST_MYSQL"), pid = environment("HUIYIN_MARIADB_PID");
  if (mysql.empty()) {
    own_folder_ = folder + "/mariadb";
    // Promise 1 asks for it; --sync-binlog and the like stay as they come.
    const auto out = printed_by("script/mariadb start '" + own_folder_ + "' --innodb-flush-log-at-trx-commit=1");
    mysql = value_of(out, "HUIYIN_TEST_MYSQL");
    pid = value_of(out, "HUIYIN_MARIADB_PID");
    if (mysql.empty()) throw std::runtime_error("script/mariadb could not start a server (run from the tree's root)");
  }
  options_ = parse(mysql);
  pid_ = pid.empty() ? 0 : std::stoi(pid);
}

BenchServer::~BenchServer() {
  if (!own_folder_.empty()) static_cast<void>(printed_by("script/mariadb stop '" + own_folder_ + "'"));
}

db::MysqlOptions BenchServer::make_database(const std::string& name) {
  auto options = options_;
  options.database = "mysql";
  const auto session = db::make_mysql_connector(options, std::chrono::seconds(30))->connect(db::SessionUse::reading);
  session->execute("DROP DATABASE IF EXISTS " + name);
  session->execute("CREATE DATABASE " + name + " CHARACTER SET utf8mb4");
  options.database = name;
  return options;
}

}  // namespace huiyin::bench
