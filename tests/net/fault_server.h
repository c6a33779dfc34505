#pragma once

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/listen.h"
#include "tests/net/raw_connection.h"

namespace huiyin {

/// An HTTP server as providers are on their bad days: what it answers is bytes that the test chooses. A thread for each
/// connection; connections are kept.
class FaultServer {
 public:
  struct Request {
    std::string path{};
    std::string body{};
    int number = 0;         ///< over all connections, from 1
    int on_connection = 0;  ///< from 1
  };
  /// What goes back, and what then becomes of the connection.
  struct Answer {
    std::string bytes{};
    bool closes = false;
    bool hangs = false;  ///< nothing more comes until the server ends
  };
  using Handler = std::function<Answer(const Request&)>;

  explicit FaultServer(Handler handler) : handler_(std::move(handler)) {
    const auto listener = listen_on("127.0.0.1", 0).value();
    socket_ = listener.socket;
    port_ = listener.port;
    accepting_ = std::thread([this] { accept_all(); });
  }
  ~FaultServer() {
    ending_ = true;
    accepting_.join();
    for (auto& thread : connections_) thread.join();
    close(socket_);
  }
  FaultServer(const FaultServer&) = delete;
  FaultServer& operator=(const FaultServer&) = delete;

  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  [[nodiscard]] int requests() const { return requests_; }
  [[nodiscard]] int connections() const { return accepted_; }

  [[nodiscard]] static Answer whole(const std::string& body, const std::string& status = "200 OK",
                                    const std::string& more = {}) {
    return {"HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more + "\r\n" +
            body};
  }

 private:
  [[nodiscard]] bool is_readable(int socket) const {
    pollfd one{.fd = socket, .events = POLLIN, .revents = 0};
    while (!ending_) {
      if (poll(&one, 1, 20) > 0) return true;
    }
    return false;
  }
  void accept_all() {
    while (is_readable(socket_)) {
      const int taken = accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
      if (taken < 0) continue;
      ++accepted_;
      connections_.emplace_back([this, taken] {
        serve(taken);
        close(taken);
      });
    }
  }
  void serve(int socket) {
    std::string in;
    for (int count = 1;; ++count) {
      Request request{.on_connection = count};
      if (!read(socket, in, request)) return;
      request.number = ++requests_;
      const auto answer = handler_(request);
      if (!answer.bytes.empty())
        static_cast<void>(send(socket, answer.bytes.data(), answer.bytes.size(), MSG_NOSIGNAL));
      while (answer.hangs && !ending_) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      if (answer.closes || answer.hangs) return;
    }
  }
  bool read(int socket, std::string& in, Request& request) const {
    for (;;) {
      const auto end = in.find("\r\n\r\n");
      if (end != std::string::npos) {
        std::string head = in.substr(0, end);
        std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
        const auto at = head.find("content-length:");
        const auto size = at == std::string::npos ? 0U : std::stoul(head.substr(at + 15));
        if (in.size() >= end + 4 + size) {
          const auto path = in.find(' ') + 1;
          request.path = in.substr(path, in.find(' ', path) - path);
          request.body = in.substr(end + 4, size);
          in.erase(0, end + 4 + size);
          return true;
        }
      }
      std::array<char, 16384> part{};
      if (!is_readable(socket)) return false;
      const auto got = recv(socket, part.data(), part.size(), 0);
      if (got <= 0) return false;
      in.append(part.data(), static_cast<std::size_t>(got));
    }
  }

  Handler handler_;
  int socket_ = -1;
  int port_ = 0;
  std::atomic<bool> ending_{false};
  std::atomic<int> requests_{0}, accepted_{0};
  std::vector<std::thread> connections_;  // of the accepting thread, until it has ended
  std::thread accepting_;
};

}  // namespace huiyin
