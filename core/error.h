#pragma once

#include <string>
#include <tl/expected.hpp>

namespace huiyin {

/// What went wrong, in words for the person who can mend it: where, what, and what to do.
struct Error {
  std::string where;   ///< `huiyin.yaml:41`, `mysql 127.0.0.1:3306`; may be empty
  std::string what;    ///< `channels[2] sms:estate: hook_token is missing`
  std::string remedy;  ///< `Set it to {env: …}; openssl rand -hex 16 makes one`; may be empty
};

template <class T>
using Expected = tl::expected<T, Error>;

/// `where: what. remedy.` on one line.
[[nodiscard]] std::string describe(const Error& error);

}  // namespace huiyin
