#include "adapters/wechat/wechat_crypto.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "core/handle.h"
#include "core/text.h"

namespace huiyin::wechat {
namespace {

using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;

constexpr std::size_t kAesBlock = 16;
constexpr std::size_t kMostSigned = 4;   // token, timestamp, nonce, Encrypt
constexpr std::size_t kPadBlock = 32;    // the vendor's PKCS#7 is over 32, not over AES's 16
constexpr std::size_t kHeader = 16 + 4;  // random, length

constexpr auto kIsBase64 = [] {
  std::array<bool, 256> is{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
    is[static_cast<unsigned char>(c)] = true;
  return is;
}();

/// Fetched once: EVP_sha1() and EVP_aes_256_cbc() are looked up anew, under a lock, at each use.
const EVP_MD* sha1() {
  static const Handle<EVP_MD, EVP_MD_free> fetched(EVP_MD_fetch(nullptr, "SHA1", nullptr));
  return fetched.get();
}
const EVP_CIPHER* aes_256_cbc() {
  static const Handle<EVP_CIPHER, EVP_CIPHER_free> fetched(EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr));
  return fetched.get();
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

/// Strict: whole groups of four of the alphabet, padding at the end alone.
std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return {};
  const auto body = text.substr(0, std::min(text.find('='), text.size()));
  const auto padding = text.size() - body.size();
  const bool sound =
      std::all_of(body.begin(), body.end(), [](char c) { return kIsBase64[static_cast<unsigned char>(c)]; });
  if (padding > 2 || !sound || text.substr(body.size()).find_first_not_of('=') != std::string_view::npos) return {};
  std::string out(text.size() / 4 * 3, '\0');
  if (!text.empty() && EVP_DecodeBlock(bytes_of(out), bytes_of(text), static_cast<int>(text.size())) < 0) return {};
  out.resize(out.size() - padding);
  return out;
}

std::string encode_base64(std::string_view text) {
  std::string out((text.size() + 2) / 3 * 4 + 1, '\0');  // EVP writes a NUL after it
  EVP_EncodeBlock(bytes_of(out), bytes_of(text), static_cast<int>(text.size()));
  out.pop_back();
  return out;
}

/// AES-256-CBC without padding; the key's first half is the initialisation vector, as the vendor has it.
std::string run_aes(const AesKey& key, std::string_view text, bool encrypting) {
  const CipherContext context(EVP_CIPHER_CTX_new());
  std::string out(text.size(), '\0');
  int size = 0, rest = 0;
  const bool good =
      context && aes_256_cbc() != nullptr &&
      EVP_CipherInit_ex(context.get(), aes_256_cbc(), nullptr, key.data(), key.data(), encrypting) == 1 &&
      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
      EVP_CipherUpdate(context.get(), bytes_of(out), &size, bytes_of(text), static_cast<int>(text.size())) == 1 &&
      EVP_CipherFinal_ex(context.get(), bytes_of(out) + size, &rest) == 1;
  if (!good || std::cmp_not_equal(size + rest, text.size())) throw std::runtime_error("AES-256-CBC failed");
  return out;
}

std::uint32_t read_be32(std::string_view text) {
  std::uint32_t value = 0;
  for (const char byte : text.substr(0, 4)) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

/// Without the last n bytes of value n, n in 1..32; by hand, since OpenSSL refuses more than its own block of 16.
std::optional<std::string_view> unpad(std::string_view text) {
  const auto n = static_cast<unsigned char>(text.back());
  if (n < 1 || n > kPadBlock || n > text.size()) return {};
  const auto padding = text.substr(text.size() - n);
  if (!std::all_of(padding.begin(), padding.end(), [&](char c) { return c == text.back(); })) return {};
  return text.substr(0, text.size() - n);
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
  const auto bytes = decode_base64(std::string(encoded) + "=");
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
  const auto ciphertext = decode_base64(encrypted);
  if (!ciphertext) return tl::unexpected(CryptoFault::base64);
  if (ciphertext->empty() || ciphertext->size() % kAesBlock != 0) return tl::unexpected(CryptoFault::ciphertext_size);
  const auto padded = run_aes(key, *ciphertext, false);
  const auto plain = unpad(padded);
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
  return encode_base64(run_aes(key, plain, true));
}

}  // namespace huiyin::wechat
