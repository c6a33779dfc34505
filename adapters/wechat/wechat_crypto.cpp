#include "adapters/wechat/wechat_crypto.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "adapters/crypto.h"
#include "core/handle.h"
#include "core/text.h"

namespace huiyin::wechat {
namespace {

using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;

constexpr std::size_t kAesBlock = 16;
constexpr std::size_t kMostSigned = 4;  // token, timestamp, nonce, Encrypt
// The vendor's PKCS#7 is over 32, not over AES's 16: OpenSSL refuses that, so it is undone by hand.
constexpr std::size_t kPadBlock = 32;
constexpr std::size_t kHeader = 16 + 4;  // random, length

/// Fetched once: EVP_sha1() is looked up anew, under a lock, at each use.
const EVP_MD* sha1() {
  static const Handle<EVP_MD, EVP_MD_free> fetched(EVP_MD_fetch(nullptr, "SHA1", nullptr));
  return fetched.get();
}

/// The key's first half is the initialisation vector, as the vendor has it.
std::string run_aes(const AesKey& key, std::string_view text, bool encrypting) {
  const std::string_view bytes(reinterpret_cast<const char*>(key.data()), key.size());
  return huiyin::run_aes(bytes, bytes.substr(0, kAesBlock), text, encrypting);
}

std::uint32_t read_be32(std::string_view text) {
  std::uint32_t value = 0;
  for (const char byte : text.substr(0, 4)) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

std::string_view to_string(CryptoFault fault) {
  switch (fault) {
    case CryptoFault::base64:
      return "base64";
    case CryptoFault::ciphertext_size:
      return "ciphertext_size";
    case CryptoFault::padding:
      return "padding";
    case CryptoFault::length:
      return "length";
    case CryptoFault::receiveid:
      return "receiveid";
    case CryptoFault::utf8:
      return "utf8";
  }
  return "base64";
}

std::optional<AesKey> parse_encoding_aes_key(std::string_view encoded) {
  constexpr std::size_t kLength = 43;
  if (encoded.size() != kLength) return {};
  const auto bytes = from_base64(std::string(encoded) + "=");
  if (!bytes || bytes->size() != std::tuple_size_v<AesKey>) return {};
  AesKey key{};
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return key;
}

std::string sign(std::span<const std::string_view> parts) {
  std::array<std::string_view, kMostSigned> all{};
  if (parts.size() > all.size()) throw std::invalid_argument("more than four parts to sign");
  const auto sorted = std::span(all).first(parts.size());
  std::copy(parts.begin(), parts.end(), sorted.begin());
  std::sort(sorted.begin(), sorted.end());
  // One for each thread: to make and free it takes longer than what it computes.
  thread_local const DigestContext context(EVP_MD_CTX_new());
  bool good = context && sha1() != nullptr && EVP_DigestInit_ex(context.get(), sha1(), nullptr) == 1;
  for (const auto part : sorted) good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (!good || EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) throw std::runtime_error("SHA-1 failed");
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * std::size_t{size});
  for (const auto byte : std::span(digest).first(size)) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 0xFU];
  }
  return hex;
}

tl::expected<std::string, CryptoFault> decrypt(const AesKey& key, std::string_view encrypted,
                                               std::string_view receiveid) {
  const auto ciphertext = from_base64(encrypted);
  if (!ciphertext) return tl::unexpected(CryptoFault::base64);
  if (ciphertext->empty() || ciphertext->size() % kAesBlock != 0) return tl::unexpected(CryptoFault::ciphertext_size);
  const auto padded = run_aes(key, *ciphertext, false);
  const auto plain = unpad(padded, kPadBlock);
  if (!plain) return tl::unexpected(CryptoFault::padding);
  if (plain->size() < kHeader) return tl::unexpected(CryptoFault::length);
  const auto length = read_be32(plain->substr(16));
  const auto rest = plain->substr(kHeader);
  if (length > rest.size()) return tl::unexpected(CryptoFault::length);
  if (rest.substr(length) != receiveid) return tl::unexpected(CryptoFault::receiveid);
  const auto message = rest.substr(0, length);
  if (!is_valid_utf8(message)) return tl::unexpected(CryptoFault::utf8);
  return std::string(message);
}

std::string encrypt(const AesKey& key, std::string_view message, std::string_view receiveid, const Random16& random) {
  std::string plain;
  plain.reserve(kHeader + message.size() + receiveid.size() + kPadBlock);
  plain.append(reinterpret_cast<const char*>(random.data()), random.size());
  for (int shift = 24; shift >= 0; shift -= 8) plain += static_cast<char>((message.size() >> shift) & 0xFFU);
  plain.append(message).append(receiveid);
  const auto padding = kPadBlock - plain.size() % kPadBlock;
  plain.append(padding, static_cast<char>(padding));
  return to_base64(run_aes(key, plain, true));
}

}  // namespace huiyin::wechat
