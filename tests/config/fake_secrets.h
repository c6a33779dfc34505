#pragma once

#include <map>
#include <string>

#include "config/config.h"

namespace huiyin {

/// Secrets out of two maps: environment variables and files.
inline SecretSources fake_secrets(const std::map<std::string, std::string>& environment = {},
                                  const std::map<std::string, std::string>& files = {}) {
  return {.environment = [environment](const std::string& name) -> std::optional<std::string> {
            const auto found = environment.find(name);
            if (found == environment.end()) return std::nullopt;
            return found->second;
          },
          .file = [files](const std::string& name) -> Expected<std::string> {
            const auto found = files.find(name);
            if (found == files.end()) return tl::unexpected(Error{name, "cannot be opened", "Check the path"});
            return found->second;
          }};
}

/// Every complaint, a line each, as an operator reads them.
inline std::string lines(const std::vector<Error>& errors) {
  std::string out;
  for (const auto& error : errors) out += describe(error) + "\n";
  return out;
}

}  // namespace huiyin
