#include "simulators/wechat_envelope.h"

#include <openssl/aes.h>
#include <openssl/bio.h>
#include <openssl/buffer.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <vector>

#include "core/handle.h"
#include "core/text.h"

namespace huiyin::simulators {
namespace {

using Bio = Handle<BIO, BIO_free_all>;
using Cipher = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

std::string to_base64(const std::string& bytes) {
  Bio encoder(BIO_new(BIO_f_base64()));
  BIO_set_flags(encoder.get(), BIO_FLAGS_BASE64_NO_NL);
  BIO* sink = BIO_push(encoder.get(), BIO_new(BIO_s_mem()));
  BIO_write(sink, bytes.data(), static_cast<int>(bytes.size()));
  static_cast<void>(BIO_flush(sink));
  BUF_MEM* memory = nullptr;
  BIO_get_mem_ptr(sink, &memory);
  return {memory->data, memory->length};
}

/// Refuses whatever to_base64 would not have written, but for the slack bits of the last character.
std::optional<std::string> from_base64(const std::string& text) {
  Bio decoder(BIO_new(BIO_f_base64()));
  BIO_set_flags(decoder.get(), BIO_FLAGS_BASE64_NO_NL);
  BIO* source = BIO_push(decoder.get(), BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  std::string out(text.size(), '\0');
  const int size = BIO_read(source, out.data(), static_cast<int>(out.size()));
  if (size <= 0) return {};
  out.resize(static_cast<std::size_t>(size));
  const auto again = to_base64(out);
  const auto last = again.find_last_not_of('=');
  const bool same = again.size() == text.size() && again.compare(0, last, text, 0, last) == 0;
  return same ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<std::string> aes(const SharedKey& key, const std::string& in, int encrypting) {
  const Cipher cipher(EVP_CIPHER_CTX_new());
  std::string out(in.size() + AES_BLOCK_SIZE, '\0');
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  int first = 0, last = 0;
  EVP_CipherInit_ex(cipher.get(), EVP_aes_256_cbc(), nullptr, key.data(), key.data(), encrypting);
  EVP_CIPHER_CTX_set_padding(cipher.get(), 0);
  if (EVP_CipherUpdate(cipher.get(), to, &first, reinterpret_cast<const unsigned char*>(in.data()),
                       static_cast<int>(in.size())) != 1 ||
      EVP_CipherFinal_ex(cipher.get(), to + first, &last) != 1) {
    return {};
  }
  out.resize(static_cast<std::size_t>(first) + static_cast<std::size_t>(last));
  return out;
}

}  // namespace

std::optional<SharedKey> shared_key(const std::string& encoding_aes_key) {
  if (encoding_aes_key.size() != 43) return {};
  const auto bytes = from_base64(encoding_aes_key + "=");
  SharedKey key{};
  if (!bytes || bytes->size() != key.size()) return {};
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return key;
}

std::string signature_of(const std::string& token, const std::string& timestamp, const std::string& nonce,
                         const std::string& encrypted) {
  std::vector<std::string> parts{token, timestamp, nonce};
  if (!encrypted.empty()) parts.push_back(encrypted);
  std::sort(parts.begin(), parts.end());
  std::string joined;
  for (const auto& part : parts) joined += part;
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(joined.data()), joined.size(), digest.data());
  std::string hex;
  for (const auto byte : digest) {
    for (const auto half : {byte >> 4, byte & 15}) hex += "0123456789abcdef"[half];
  }
  return hex;
}

std::string seal(const SharedKey& key, const std::string& app_id, const std::string& random16,
                 const std::string& message) {
  const auto size = static_cast<std::uint32_t>(message.size());
  std::string plain = random16;
  for (const auto shift : {24U, 16U, 8U, 0U}) plain += static_cast<char>((size >> shift) & 255U);
  plain += message + app_id;
  const std::size_t missing = 32 - plain.size() % 32;
  plain += std::string(missing, static_cast<char>(missing));
  return to_base64(aes(key, plain, 1).value());
}

std::optional<std::string> unseal(const SharedKey& key, const std::string& app_id, const std::string& sealed) {
  const auto bytes = from_base64(sealed);
  if (!bytes || bytes->size() % 32 != 0) return {};  // the platform's own are multiples of 32: it expects no less
  const auto plain = aes(key, *bytes, 0);
  if (!plain) return {};
  const auto padding = static_cast<unsigned char>(plain->back());
  if (padding < 1 || padding > 32 || plain->size() < 20U + padding) return {};
  if (plain->find_last_not_of(plain->back()) + padding >= plain->size()) return {};
  const auto rest = plain->substr(20, plain->size() - 20 - padding);
  std::size_t size = 0;
  for (std::size_t i = 16; i < 20; ++i) size = size * 256 + static_cast<unsigned char>((*plain)[i]);
  if (size > rest.size() || rest.substr(size) != app_id) return {};
  auto message = rest.substr(0, size);
  return is_valid_utf8(message) ? std::optional(std::move(message)) : std::nullopt;
}

}  // namespace huiyin::simulators
