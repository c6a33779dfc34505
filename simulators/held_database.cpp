#include "simulators/held_database.h"

#include <array>
#include <string_view>

namespace huiyin::simulators {
namespace {

/// For the shell: in single quotes, as one word.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string(R"('\'')") : std::string(1, c);
  return out + "'";
}

}  // namespace

HeldDatabase::HeldDatabase(const std::string& file, std::chrono::seconds held) {
  const auto command = "sqlite3 -bail " + quoted(file) +
                       " '.timeout 5000' 'BEGIN IMMEDIATE' '.shell echo held; sleep " + std::to_string(held.count()) +
                       "' 'ROLLBACK'";
  shell_ = ::popen(command.c_str(), "r");
  std::array<char, 16> line{};
  held_ = shell_ != nullptr && std::fgets(line.data(), line.size(), shell_) != nullptr && line.front() == 'h';
}

HeldDatabase::~HeldDatabase() {
  if (shell_ != nullptr) ::pclose(shell_);
}

}  // namespace huiyin::simulators
