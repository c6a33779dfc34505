#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "config/life.h"
#include "core/error.h"
#include "core/yaml.h"

namespace huiyin {

/// Reads `departments:`, `service_times:`, `calendar:`, `escalation:`, `survey:`, `duplicates:`, `scope:` and
/// `after_photo:`, all of which may be absent. Every complaint has its line and what to do.
[[nodiscard]] LifeConfig read_life(YamlReader& root, std::vector<Error>& errors);

/// `90s`, `30m`, `2h`, `3d`, 「30分钟」, 「2小时」, 「3天」. Nothing for other texts and for more than a year.
[[nodiscard]] std::optional<Millis> parse_duration(std::string_view text);

}  // namespace huiyin
