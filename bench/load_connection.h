#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace huiyin::bench {

struct HttpAnswer {
  int status = 0;
  std::string body{};
};

/// A kept connection to loopback that knows just enough HTTP. Not thread-safe.
class LoadConnection {
 public:
  LoadConnection() = default;
  LoadConnection(const LoadConnection&) = delete;
  LoadConnection& operator=(const LoadConnection&) = delete;
  ~LoadConnection() { disconnect(); }

  /// False where nobody listens.
  bool connect_to(int port);
  void disconnect();
  [[nodiscard]] bool is_connected() const { return socket_ >= 0; }
  [[nodiscard]] int socket() const { return socket_; }
  /// All of `request` at once; false when the peer is gone.
  bool send_all(std::string_view request);
  /// Takes what has come; false when the peer closed.
  bool receive();
  /// The answer, once all of it is here.
  [[nodiscard]] std::optional<HttpAnswer> take_answer();

 private:
  int socket_ = -1;
  std::string in_;
};

}  // namespace huiyin::bench
