#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "bench/load_owners.h"

namespace huiyin::bench {

/// Writes the platform's requests and opens the account's answers, with randomness made beforehand. Not thread-safe.
class LoadMessages {
 public:
  LoadMessages(const HookAccount& account, const Clock& clock);

  /// One text of an owner, with a message id of its own.
  [[nodiscard]] std::string message(const std::string& openid, const std::string& text);
  /// A whole HTTP request that delivers it, encrypted and signed anew each time.
  [[nodiscard]] std::string delivery(const std::string& openid, const std::string& message);
  /// The Content of an encrypted answer, or what is wrong with it.
  [[nodiscard]] tl::expected<std::string, std::string> open(const std::string& body) const;
  [[nodiscard]] bool chance(double of_one) { return std::uniform_real_distribution<>(0, 1)(engine_) < of_one; }

 private:
  [[nodiscard]] std::string seconds() const;

  const HookAccount& account_;
  const Clock& clock_;
  std::mt19937_64 engine_{20261123};
  std::vector<wechat::Random16> random_;
  std::uint64_t next_ = 0;
  std::uint64_t next_id_;
};

}  // namespace huiyin::bench
