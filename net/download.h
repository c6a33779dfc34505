#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"

namespace huiyin {

/// Where a download may go, and how far.
struct DownloadRules {
  /// Names that it may be fetched from: `mmbiz.qpic.cn`, or `*.qpic.cn` for all below a domain.
  std::vector<std::string> hosts{};
  /// `http://127.0.0.1:8099`: of our own configuration, so its address may be one of a private network. Any other host
  /// must resolve to a public address, which is looked at when the connection is made, not before.
  std::string trusted_origin{};
  std::int64_t max_bytes = 0;
  int max_redirects = 3;
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds idle_timeout{10000};  ///< without a byte
  std::chrono::milliseconds total_timeout{120000};
  const std::atomic<bool>* stop = nullptr;  ///< ends it early when it becomes true
};

struct Downloaded {
  enum class Trouble {
    none,
    transport,    ///< no whole answer came; it may the next time
    too_large,    ///< more than max_bytes, as announced or as it came
    not_allowed,  ///< a host, scheme or address outside the rules
    sink          ///< the sink took no more
  } trouble = Trouble::none;
  std::string why{};
  HttpReply reply{};       ///< `body` holds the first kHead bytes only; `failure` is `why` again
  std::int64_t bytes = 0;  ///< given to the sink
  static constexpr std::size_t kHead = 16384;
};

/// Fetches `call`, following redirects within the rules (with GET, without the call's headers), and gives the last
/// answer's body to `sink` as it comes, as sent: nothing is decompressed. No proxy is used, since the rules about
/// addresses would be the proxy's to keep. Blocks; thread-safe.
[[nodiscard]] Downloaded download(const HttpCall& call, const DownloadRules& rules,
                                  const std::function<bool(std::string_view)>& sink);

/// Is it in no network that is private, local, reserved or multicast? Also of an IPv4 address within an IPv6 one.
[[nodiscard]] bool is_public_address(std::string_view address);

/// `scheme://host:port` in lower case, the port always written; empty for what is no http or https URL.
[[nodiscard]] std::string origin_of(const std::string& url);

}  // namespace huiyin
