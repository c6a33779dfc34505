#include "gateway/verification.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "core/secret.h"

namespace huiyin::gateway {
namespace {

constexpr std::uint64_t kCodes = 1'000'000;
constexpr int kRounds = 20'000;  // some 10 ms: a stolen row gives its code within hours, when it has long run out
constexpr std::size_t kHashBytes = 32;

std::string slow_hash(std::string_view salt, std::string_view code) {
  std::array<unsigned char, kHashBytes> out{};
  PKCS5_PBKDF2_HMAC(code.data(), static_cast<int>(code.size()), reinterpret_cast<const unsigned char*>(salt.data()),
                    static_cast<int>(salt.size()), kRounds, EVP_sha256(), static_cast<int>(out.size()), out.data());
  std::string hex;
  for (const auto byte : out) hex += fmt::format("{:02x}", byte);
  return hex;
}

}  // namespace

std::string draw_code(Random& random) {
  constexpr std::uint64_t kFair = UINT64_MAX - UINT64_MAX % kCodes;
  auto drawn = random.next();
  while (drawn >= kFair) drawn = random.next();
  return fmt::format("{:06}", drawn % kCodes);
}

std::string hash_code(std::string_view code, Random& random) {
  const auto salt = fmt::format("{:016x}{:016x}", random.next(), random.next());
  return salt + ":" + slow_hash(salt, code);
}

bool fits_code(const std::string& hash, std::string_view code) {
  const auto colon = hash.find(':');
  if (colon == std::string::npos) return false;
  return equal_constant_time(slow_hash(hash.substr(0, colon), code), hash.substr(colon + 1));
}

}  // namespace huiyin::gateway
