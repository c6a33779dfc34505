#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

#include "db/store.h"

namespace huiyin::db {

/// The server that HUIYIN_TEST_MYSQL names, no database of it. Throws where it names none.
inline MysqlOptions mysql_test_server() {
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

}  // namespace huiyin::db
