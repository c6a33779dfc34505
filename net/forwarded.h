#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace huiyin {

/// Is `address` one of `ranges`: `127.0.0.1`, `10.0.0.0/8`, `::1`, `fd00::/8`? A range or address that is none matches
/// nothing. An IPv4 address written as IPv6 (`::ffff:10.0.0.2`) is the IPv4 one.
[[nodiscard]] bool is_in_ranges(std::string_view address, const std::vector<std::string>& ranges);

/// Who sent a request that came from `address` with this X-Forwarded-For: the last hop that is none of our own proxies.
/// What stands before it is the client's own claim.
[[nodiscard]] std::string client_address(std::string address, std::string_view forwarded_for,
                                         const std::vector<std::string>& trusted_proxies);

}  // namespace huiyin
