#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace huiyin {

/// What is readable of a configuration, and every complaint about the rest: for whoever has more to say about its parts
/// (channels, flows, texts) and wants to say all of it at once.
struct ReadConfig {
  Config config{};
  std::vector<Error> errors{};  ///< as those of parse_config(); where there is one, `config` is not to be used
};
[[nodiscard]] ReadConfig read_config(std::string_view text, const std::string& name, const SecretSources& secrets);

/// By line, for complaints about one file that come from several readers; what has no line comes first.
void sort_by_line(std::vector<Error>& errors);

}  // namespace huiyin
