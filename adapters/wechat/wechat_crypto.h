#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace huiyin::wechat {

/// The vendor's "WXBizMsgCrypt", as the official account and WeCom use it. Pure functions; thread-safe.

using AesKey = std::array<unsigned char, 32>;
using Random16 = std::array<std::byte, 16>;

/// The step of decrypt() that refused. All are answered alike: a difference would be an oracle.
enum class CryptoFault { base64, ciphertext_size, padding, length, receiveid, utf8 };
[[nodiscard]] std::string_view to_string(CryptoFault fault);

/// The key behind the console's EncodingAESKey: 43 characters of base64. The last one carries two bits too many, which
/// the vendor's generator does not always leave zero: they are ignored. Nothing for any other text.
[[nodiscard]] std::optional<AesKey> parse_encoding_aes_key(std::string_view encoded);

/// Lower-case hex SHA-1 over the parts, sorted bytewise and joined: `signature` of (token, timestamp, nonce),
/// `msg_signature` with Encrypt as the fourth part.
[[nodiscard]] std::string sign(std::span<const std::string_view> parts);

/// The message inside `encrypted` (base64). `receiveid` is the AppID, or WeCom's CorpID. Verify msg_signature first.
[[nodiscard]] tl::expected<std::string, CryptoFault> decrypt(const AesKey& key, std::string_view encrypted,
                                                             std::string_view receiveid);

/// What decrypt() reads, as base64.
[[nodiscard]] std::string encrypt(const AesKey& key, std::string_view message, std::string_view receiveid,
                                  const Random16& random);

}  // namespace huiyin::wechat
