#include "adapters/crypto.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "core/handle.h"

namespace huiyin {
namespace {

using CipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr auto kIsBase64 = [] {
  std::array<bool, 256> is{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
    is[static_cast<unsigned char>(c)] = true;
  return is;
}();

/// Fetched once: EVP_aes_256_cbc() is looked up anew, under a lock, at each use.
const EVP_CIPHER* aes_256_cbc() {
  static const Handle<EVP_CIPHER, EVP_CIPHER_free> fetched(EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr));
  return fetched.get();
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string hmac(const EVP_MD* kind, std::string_view key, std::string_view data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  HMAC(kind, key.data(), static_cast<int>(key.size()), bytes_of(data), data.size(), out.data(), &size);
  return {reinterpret_cast<const char*>(out.data()), size};
}

}  // namespace

std::string hmac_sha1(std::string_view key, std::string_view data) { return hmac(EVP_sha1(), key, data); }
std::string hmac_sha256(std::string_view key, std::string_view data) { return hmac(EVP_sha256(), key, data); }

std::string sha1(std::string_view data) {
  std::array<unsigned char, SHA_DIGEST_LENGTH> out{};
  SHA1(bytes_of(data), data.size(), out.data());
  return {reinterpret_cast<const char*>(out.data()), out.size()};
}

std::string sha256(std::string_view data) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> out{};
  SHA256(bytes_of(data), data.size(), out.data());
  return {reinterpret_cast<const char*>(out.data()), out.size()};
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    out += kDigits[static_cast<unsigned char>(byte) >> 4U];
    out += kDigits[static_cast<unsigned char>(byte) & 0xFU];
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3), '\0');
  EVP_EncodeBlock(bytes_of(out), bytes_of(bytes), static_cast<int>(bytes.size()));
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
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

std::string run_aes(std::string_view key, std::string_view iv, std::string_view text, bool encrypting) {
  constexpr std::size_t kKey = 32, kBlock = 16;
  const CipherContext context(EVP_CIPHER_CTX_new());
  std::string out(text.size(), '\0');
  int size = 0, rest = 0;
  const bool good =
      context && aes_256_cbc() != nullptr && key.size() == kKey && iv.size() == kBlock &&
      EVP_CipherInit_ex(context.get(), aes_256_cbc(), nullptr, bytes_of(key), bytes_of(iv), encrypting) == 1 &&
      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
      EVP_CipherUpdate(context.get(), bytes_of(out), &size, bytes_of(text), static_cast<int>(text.size())) == 1 &&
      EVP_CipherFinal_ex(context.get(), bytes_of(out) + size, &rest) == 1;
  if (!good || std::cmp_not_equal(size + rest, text.size())) throw std::runtime_error("AES-256-CBC failed");
  return out;
}

std::optional<std::string_view> unpad(std::string_view text, std::size_t block) {
  if (text.empty()) return {};
  const auto n = static_cast<unsigned char>(text.back());
  if (n < 1 || n > block || n > text.size()) return {};
  const auto padding = text.substr(text.size() - n);
  if (!std::all_of(padding.begin(), padding.end(), [&](char c) { return c == text.back(); })) return {};
  return text.substr(0, text.size() - n);
}

}  // namespace huiyin
