#include "gateway/link_token.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <charconv>
#include <chrono>

#include "core/text.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMacBytes = 16;
constexpr std::size_t kMostText = 1024;
constexpr auto kCodeWindow = 5min;
constexpr std::string_view kVersion = "1";
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string mac_of(std::string_view text, const Secret& secret) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const auto& key = secret.reveal();
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest.data(), &size);
  return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string to_base64url(std::string_view bytes) {
  std::string out;
  unsigned value = 0;
  int bits = 0;
  for (const char c : bytes) {
    value = (value << 8U) | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      out += kAlphabet[(value >> static_cast<unsigned>(bits)) & 63U];
    }
    value &= 0xffffU;
  }
  if (bits > 0) out += kAlphabet[(value << static_cast<unsigned>(6 - bits)) & 63U];
  return out;
}

/// Nothing where it is not what to_base64url() writes.
std::optional<std::string> from_base64url(std::string_view text) {
  std::string out;
  unsigned value = 0;
  int bits = 0;
  for (const char c : text) {
    const auto at = kAlphabet.find(c);
    if (at == std::string_view::npos) return std::nullopt;
    value = ((value << 6U) | static_cast<unsigned>(at)) & 0xffffffU;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>((value >> static_cast<unsigned>(bits)) & 255U);
  }
  return to_base64url(out) == text ? std::optional(std::move(out)) : std::nullopt;
}

std::string_view name_of(LinkKind kind) {
  constexpr std::array kNames = {std::string_view("t"), std::string_view("s"), std::string_view("c"),
                                 std::string_view("f")};
  return kNames.at(static_cast<std::size_t>(kind));
}

std::optional<std::int64_t> read_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool good = error == std::errc() && end == text.data() + text.size();
  return good ? std::optional(value) : std::nullopt;
}

/// version, kind, id, expiry in seconds, nonce, channel, address; the address may hold anything, so it comes last.
std::string payload_of(const Link& link) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(link.expires).time_since_epoch().count();
  std::string out(kVersion);
  for (const auto& part : {std::string(name_of(link.kind)), std::to_string(link.id), std::to_string(seconds),
                           link.nonce, link.who.channel, link.who.address})
    out.append("\n").append(part);
  return out;
}

}  // namespace

std::string seal_link(const Link& link, const RotatedSecret& secret) {
  const auto payload = payload_of(link);
  return to_base64url(payload) + "." + to_base64url(mac_of(payload, secret.current).substr(0, kMacBytes));
}

std::optional<Link> open_link(std::string_view text, LinkKind kind, const RotatedSecret& secret, Time now) {
  if (text.size() > kMostText) return std::nullopt;
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto payload = from_base64url(text.substr(0, dot)), mac = from_base64url(text.substr(dot + 1));
  if (!payload || !mac) return std::nullopt;
  bool signed_by_us = false;
  for (const auto* key : {&secret.current, &secret.previous})
    if (!key->empty())
      signed_by_us = equal_constant_time(mac_of(*payload, *key).substr(0, kMacBytes), *mac) || signed_by_us;
  if (!signed_by_us) return std::nullopt;
  const auto parts = split(*payload, '\n');
  if (parts.size() != 7 || parts[0] != kVersion || parts[1] != name_of(kind)) return std::nullopt;
  const auto id = read_number(parts[2]), seconds = read_number(parts[3]);
  if (!id || !seconds) return std::nullopt;
  Link link{.kind = kind,
            .id = *id,
            .who = {std::string(parts[5]), std::string(parts[6])},
            .expires = Time(std::chrono::seconds(*seconds)),
            .nonce = std::string(parts[4])};
  return link.expires > now ? std::optional(std::move(link)) : std::nullopt;
}

std::int64_t code_window(Time now) { return now.time_since_epoch() / kCodeWindow; }

std::string sign_in_code(const Peer& who, std::int64_t window, const Secret& secret) {
  constexpr unsigned kCodes = 1'000'000;
  const auto mac = mac_of("code\n" + std::to_string(window) + "\n" + who.channel + "\n" + who.address, secret);
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = (value << 8U) | static_cast<unsigned char>(mac[i]);
  auto digits = std::to_string(value % kCodes);
  return std::string(6 - digits.size(), '0') + digits;
}

}  // namespace huiyin::gateway
