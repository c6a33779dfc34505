#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "adapters/email/mail_parser.h"

namespace huiyin::email {

inline std::string read_mail_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

/// The company whose mails tests/data/email holds.
inline MailOptions test_options() {
  return {.trusted_servers = {"mx.wuye.example.cn"},
          .own = {.instance = "huiyin-test", .domains = {"wuye.example.cn"}}};
}

}  // namespace huiyin::email
