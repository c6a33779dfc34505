#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace huiyin {

/// A password, token or key. It does not print, and is compared in constant time only.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  /// The value itself, for the one place that hands it to a protocol.
  [[nodiscard]] const std::string& reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

/// A secret with the value before it, so that it can be rotated while both are in use. `previous` may be empty.
struct RotatedSecret {
  Secret current;
  Secret previous;
};

/// Compares without telling by its time where the two differ. The lengths are not secret.
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace huiyin
