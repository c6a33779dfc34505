#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "core/random.h"

namespace huiyin::gateway {

/// How long a code that was sent to a phone is good.
inline constexpr std::chrono::minutes kCodeLife{10};

/// Six digits, each code as likely as any other.
[[nodiscard]] std::string draw_code(Random& random);

/// What is kept of a code: a salt and a slow hash (PBKDF2-HMAC-SHA256), `salt:hash` in hex.
[[nodiscard]] std::string hash_code(std::string_view code, Random& random);

/// Is `code` the one of that hash? Compared in constant time; false for what is no hash.
[[nodiscard]] bool fits_code(const std::string& hash, std::string_view code);

}  // namespace huiyin::gateway
