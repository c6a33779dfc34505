#pragma once

#include <string>
#include <string_view>

namespace huiyin::sms {

/// Bytes, for signatures. Pure; thread-safe.
[[nodiscard]] std::string hmac_sha1(std::string_view key, std::string_view data);
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view data);
[[nodiscard]] std::string sha256(std::string_view data);

[[nodiscard]] std::string to_hex(std::string_view bytes);  ///< lower case
[[nodiscard]] std::string to_base64(std::string_view bytes);

}  // namespace huiyin::sms
