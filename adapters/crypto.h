#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace huiyin {

/// Bytes, for signatures and ciphers. Pure; thread-safe.
[[nodiscard]] std::string hmac_sha1(std::string_view key, std::string_view data);
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view data);
[[nodiscard]] std::string sha1(std::string_view data);
[[nodiscard]] std::string sha256(std::string_view data);

[[nodiscard]] std::string to_hex(std::string_view bytes);  ///< lower case
[[nodiscard]] std::string to_base64(std::string_view bytes);
/// Strict: whole groups of four of the alphabet, padding at the end alone.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

/// AES-256-CBC without padding: `key` of 32 bytes, `iv` of 16, `text` of whole blocks of 16. Throws std::runtime_error
/// where OpenSSL cannot.
[[nodiscard]] std::string run_aes(std::string_view key, std::string_view iv, std::string_view text, bool encrypting);
/// PKCS#7 undone by hand: without the last n bytes of value n, n in 1..`block`. Nothing where they are not there.
[[nodiscard]] std::optional<std::string_view> unpad(std::string_view text, std::size_t block);

}  // namespace huiyin
