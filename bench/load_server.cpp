#include "bench/load_server.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "core/handle.h"
#include "db/mysql_session.h"

namespace huiyin::bench {
namespace {

std::string value_of(const std::string& text, const std::string& name) {
  const auto at = text.find(name + "=");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 1;
  return text.substr(begin, text.find_first_of("\r\n", begin) - begin);
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

std::string output_of(const std::string& command) {
  const Handle<FILE, pclose> pipe(popen(command.c_str(), "r"));
  std::string out;
  std::array<char, 512> part{};
  while (pipe && std::fgets(part.data(), part.size(), pipe.get()) != nullptr) out += part.data();
  return out;
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
    const auto out = output_of("script/mariadb start '" + own_folder_ + "' --innodb-flush-log-at-trx-commit=1");
    mysql = value_of(out, "HUIYIN_TEST_MYSQL");
    pid = value_of(out, "HUIYIN_MARIADB_PID");
    if (mysql.empty()) throw std::runtime_error("script/mariadb could not start a server (run from the tree's root)");
  }
  options_ = parse(mysql);
  pid_ = pid.empty() ? 0 : std::stoi(pid);
}

BenchServer::~BenchServer() {
  if (!own_folder_.empty()) static_cast<void>(output_of("script/mariadb stop '" + own_folder_ + "'"));
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
