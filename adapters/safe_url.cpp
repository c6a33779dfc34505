#include "adapters/safe_url.h"

#include <array>

namespace huiyin {

bool is_safe_url(std::string_view url) {
  if (url.starts_with("https://")) return true;
  constexpr std::array kLoopback = {std::string_view("http://127.0.0.1"), std::string_view("http://localhost"),
                                    std::string_view("http://[::1]")};
  for (const auto host : kLoopback) {
    if (!url.starts_with(host)) continue;
    const auto rest = url.substr(host.size());
    if (rest.empty() || rest.front() == ':' || rest.front() == '/') return true;
  }
  return false;
}

}  // namespace huiyin
