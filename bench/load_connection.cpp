#include "bench/load_connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

namespace huiyin::bench {

bool LoadConnection::connect_to(int port) {
  disconnect();
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int yes = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return true;
  disconnect();
  return false;
}

void LoadConnection::disconnect() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
  in_.clear();
}

bool LoadConnection::send_all(std::string_view request) {
  // A request is far smaller than the socket's buffer, and there is never a second one under way: this does not block.
  return send(socket_, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size());
}

bool LoadConnection::receive() {
  std::array<char, 16384> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by recv
  const auto got = recv(socket_, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got > 0) in_.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

std::optional<HttpAnswer> LoadConnection::take_answer() {
  constexpr std::string_view kLength = "Content-Length: ";
  const auto end = in_.find("\r\n\r\n");
  if (end == std::string::npos) return {};
  const auto length_at = in_.find(kLength);
  const auto length = length_at < end ? std::strtoull(in_.c_str() + length_at + kLength.size(), nullptr, 10) : 0;
  if (in_.size() < end + 4 + length) return {};
  HttpAnswer answer{std::atoi(in_.c_str() + 9), in_.substr(end + 4, length)};  // after `HTTP/1.1 `
  in_.erase(0, end + 4 + length);
  return answer;
}

}  // namespace huiyin::bench
