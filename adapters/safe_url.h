#pragma once

#include <string_view>

namespace huiyin {

/// https, or http to this machine: plain http over a network carries secrets and messages in clear.
[[nodiscard]] bool is_safe_url(std::string_view url);

}  // namespace huiyin
