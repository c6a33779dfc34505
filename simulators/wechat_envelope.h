#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace huiyin::simulators {

/// WeChat's message encryption as the platform does it: written apart from adapters/, so that each checks the other.

using SharedKey = std::array<unsigned char, 32>;
[[nodiscard]] std::optional<SharedKey> shared_key(const std::string& encoding_aes_key);

/// Hex SHA-1 of the parts, sorted and joined. An empty `encrypted` is left out.
[[nodiscard]] std::string signature_of(const std::string& token, const std::string& timestamp, const std::string& nonce,
                                       const std::string& encrypted = {});

/// `random16` has 16 bytes.
[[nodiscard]] std::string seal(const SharedKey& key, const std::string& app_id, const std::string& random16,
                               const std::string& message);

/// The message, or nothing where any step of the vendor's description fails.
[[nodiscard]] std::optional<std::string> unseal(const SharedKey& key, const std::string& app_id,
                                                const std::string& sealed);

}  // namespace huiyin::simulators
