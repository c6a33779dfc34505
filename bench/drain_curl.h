#pragma once

#include <string>

namespace huiyin::bench {

/// Sends `messages` POSTs of the webhook channel's form to `url` by curl_multi alone, `concurrency` in flight on kept
/// connections: what any sender on this machine could at most do. Returns how many a second.
[[nodiscard]] double run_curl_alone(const std::string& url, int messages, int concurrency);

}  // namespace huiyin::bench
