#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/yaml.h"

namespace huiyin {

/// What comes by the clock: the monthly pack for managers, and the nightly audit of the tables.
struct ReportConfig {
  bool monthly = false;
  int day = 1;                        ///< of the month, up to 28
  int minute = 9 * 60;                ///< of that day, where the estate is
  std::vector<std::string> to{};      ///< `channel/address`; empty: the estate's managers
  std::optional<int> audit_minute{};  ///< of every day, by the installation's clock; nothing: never
};

/// Reads `reports:`, which may be absent: then nothing comes by itself.
[[nodiscard]] ReportConfig read_reports(YamlReader& root, std::vector<Error>& errors);

/// The same of a whole configuration that parse_config() has accepted; the defaults where it is no YAML.
[[nodiscard]] ReportConfig reports_of(std::string_view configuration);

}  // namespace huiyin
