#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

namespace huiyin::workchat {

/// The vectors of `tests/data/workchat/vectors.json` whose names begin so.
[[nodiscard]] std::vector<nlohmann::json> vectors_of(std::string_view prefix);

}  // namespace huiyin::workchat
