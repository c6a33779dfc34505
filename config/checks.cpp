#include "config/checks.h"

#include <arpa/inet.h>
#include <date/tz.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace huiyin {
namespace {

constexpr std::size_t kMaxNameBytes = 64;  // channel and estate names are keys in the database

bool is_ascii_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool is_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxNameBytes || text[0] == '-' || text[0] == '_') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_ascii_lower(c) || is_digit(c) || c == '-' || c == '_'; });
}

bool is_ip_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> buffer{};
  return inet_pton(AF_INET, text.c_str(), buffer.data()) == 1 || inet_pton(AF_INET6, text.c_str(), buffer.data()) == 1;
}

bool is_ip_range(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos) return is_ip_address(text);
  const int most = text.find(':') == std::string::npos ? 32 : 128;
  int bits = -1;
  const char* const end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data() + slash + 1, end, bits);
  return fault == std::errc() && stop == end && bits >= 0 && bits <= most && is_ip_address(text.substr(0, slash));
}

bool is_time_zone(const std::string& name) {
  try {
    return date::locate_zone(name) != nullptr;
  } catch (const std::runtime_error&) {
    return false;
  }
}

std::optional<int> minute_of_day(const std::string& text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const auto i : {0U, 1U, 3U, 4U})
    if (!is_digit(text[i])) return std::nullopt;
  const int hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

}  // namespace huiyin
