#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace huiyin {

/// A client's end on loopback that sends and reads bytes as they are, so that a test can misbehave.
class RawConnection {
 public:
  explicit RawConnection(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    const timeval patience{5, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;
  ~RawConnection() { close(socket_); }

  [[nodiscard]] bool connected() const { return connected_; }
  bool write(std::string_view text) {
    while (!text.empty()) {
      const auto sent = send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// One answer with a Content-Length, head and body; what came of it where it ends early.
  std::string read_answer() {
    for (;;) {
      const auto head = in_.find("\r\n\r\n");
      if (head != std::string::npos) {
        const auto size = content_length(in_.substr(0, head));
        if (in_.size() >= head + 4 + size) {
          auto answer = in_.substr(0, head + 4 + size);
          in_.erase(0, answer.size());
          return answer;
        }
      }
      if (!more()) return std::exchange(in_, {});
    }
  }
  /// Reads to the end; false when the peer has not closed within the receive timeout.
  bool read_to_end() {
    while (more()) continue;
    return ended_;
  }
  [[nodiscard]] int local_port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }

 private:
  static std::size_t content_length(const std::string& head) {
    const auto at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
  }
  bool more() {
    std::array<char, 4096> buffer{};
    const auto got = recv(socket_, buffer.data(), buffer.size(), 0);
    ended_ = got == 0;
    if (got > 0) in_.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  int socket_;
  bool connected_ = false;
  bool ended_ = false;
  std::string in_;
};

}  // namespace huiyin
