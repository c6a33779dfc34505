#include "net/forwarded.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace huiyin {
namespace {

using Bytes = std::array<unsigned char, 16>;
constexpr int kBits = 128;
constexpr int kMappedBits = 96;  // before an IPv4 address in its IPv6 form

/// IPv4 as `::ffff:a.b.c.d`, so that both kinds compare alike.
std::optional<Bytes> parse_address(const std::string& text) {
  Bytes bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  bytes = {};
  bytes[10] = bytes[11] = 0xFF;
  if (inet_pton(AF_INET, text.c_str(), bytes.data() + 12) == 1) return bytes;
  return {};
}

bool share_bits(const Bytes& a, const Bytes& b, int bits) {
  for (std::size_t i = 0; i < a.size() && bits > 0; ++i, bits -= 8) {
    const auto mask = bits >= 8 ? 0xFFU : 0xFFU << (8 - bits);
    if (((a[i] ^ b[i]) & mask & 0xFFU) != 0) return false;
  }
  return true;
}

bool is_in_range(const Bytes& address, const std::string& range) {
  const auto slash = range.find('/');
  const auto base = parse_address(range.substr(0, slash));
  if (!base) return false;
  if (slash == std::string::npos) return address == *base;
  int bits = 0;
  const auto* end = range.data() + range.size();
  const auto result = std::from_chars(range.data() + slash + 1, end, bits);
  if (result.ec != std::errc() || result.ptr != end || bits < 0) return false;
  if (range.find(':') == std::string::npos) bits += kMappedBits;
  return bits <= kBits && share_bits(address, *base, bits);
}

}  // namespace

bool is_in_ranges(std::string_view address, const std::vector<std::string>& ranges) {
  const auto bytes = parse_address(std::string(address));
  return bytes &&
         std::any_of(ranges.begin(), ranges.end(), [&](const auto& range) { return is_in_range(*bytes, range); });
}

std::string client_address(std::string address, std::string_view forwarded_for,
                           const std::vector<std::string>& trusted_proxies) {
  while (!forwarded_for.empty() && is_in_ranges(address, trusted_proxies)) {
    const auto comma = forwarded_for.rfind(',');
    std::string hop(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1));
    forwarded_for = forwarded_for.substr(0, comma == std::string_view::npos ? 0 : comma);
    std::erase_if(hop, [](char c) { return c == ' ' || c == '\t'; });
    if (!hop.empty()) address = std::move(hop);
  }
  return address;
}

}  // namespace huiyin
