#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace huiyin {

/// A server on loopback whose answers are written byte by byte by the test, so that it can misbehave. Each connection
/// carries one request.
class RawServer {
 public:
  /// The server's end of a connection, after the request's head was read.
  class Peer {
   public:
    Peer(int socket, std::string head, const std::atomic<bool>& stopping)
        : socket_(socket), head_(std::move(head)), stopping_(stopping) {}
    /// `GET /photo?x=1`
    [[nodiscard]] std::string request() const { return head_.substr(0, head_.find(" HTTP/")); }
    [[nodiscard]] const std::string& head() const { return head_; }
    /// False once the other side is gone.
    bool write(std::string_view bytes) {
      while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      }
      return true;
    }
    /// A whole answer.
    void answer(int status, std::string_view headers, std::string_view body) {
      write("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) +
            "\r\nConnection: close\r\n" + std::string(headers) + "\r\n");
      write(body);
    }
    /// Says nothing for so long, or until the server is stopped.
    void wait(std::chrono::milliseconds how_long) const {
      const auto limit = std::chrono::steady_clock::now() + how_long;
      while (!stopping_ && std::chrono::steady_clock::now() < limit)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }

   private:
    int socket_;
    std::string head_;
    const std::atomic<bool>& stopping_;
  };
  using Handler = std::function<void(Peer&)>;

  explicit RawServer(Handler handler)
      : handler_(std::move(handler)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(listener_, 64) != 0)
      throw std::runtime_error("no loopback port to listen on");
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~RawServer() {
    stopping_ = true;
    acceptor_.join();
    for (auto& thread : threads_) thread.join();
    ::close(listener_);
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  [[nodiscard]] int requests() const { return requests_; }

 private:
  void accept_all() {
    while (!stopping_) {
      pollfd waiting{listener_, POLLIN, 0};
      if (::poll(&waiting, 1, 20) <= 0) continue;
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket >= 0) threads_.emplace_back([this, socket] { serve(socket); });
    }
  }
  bool has_input(int socket) {
    pollfd waiting{socket, POLLIN, 0};
    while (!stopping_)
      if (::poll(&waiting, 1, 20) > 0) return true;
    return false;  // whoever is connected and says nothing is not waited for
  }
  void serve(int socket) {
    std::string head;
    char buffer[4096];
    while (head.find("\r\n\r\n") == std::string::npos) {
      const auto got = has_input(socket) ? ::recv(socket, buffer, sizeof buffer, 0) : 0;
      if (got <= 0) break;
      head.append(buffer, static_cast<std::size_t>(got));
    }
    ++requests_;
    Peer peer(socket, std::move(head), stopping_);
    handler_(peer);
    ::close(socket);
  }

  Handler handler_;
  int listener_;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> requests_{0};
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace huiyin
