#include "bench/drain_sink.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

#include "net/http_client.h"
#include "net/listen.h"

namespace huiyin::bench {
namespace {

using Steady = std::chrono::steady_clock;
using nlohmann::json;

/// The string after `"name":"`; the messages of this bench escape nothing.
std::string_view value_of(std::string_view body, std::string_view name) {
  const auto at = body.find(name);
  if (at == std::string_view::npos) return {};
  const auto begin = at + name.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

class Counter {
 public:
  /// Is the message taken?
  bool take(std::string_view body) {
    const auto now = Steady::now();
    if (counts_.requests++ == 0) first_ = now;
    const std::string key(value_of(body, "\"key\":\""));
    auto& state = keys_[key];
    const bool unlucky = std::hash<std::string>{}(key) % 100 < fail_percent_;
    if (unlucky && state == 0) {
      state = 1;
      return false;
    }
    ++counts_.accepted;
    if (state == 2) ++counts_.doubled;
    const bool is_new = state != 2;
    state = 2;
    if (is_new) check_order(body);
    counts_.seconds = std::chrono::duration<double>(now - first_).count();
    return true;
  }
  void reset(unsigned fail_percent) {
    counts_ = {};
    keys_.clear();
    next_.clear();
    fail_percent_ = fail_percent;
  }
  [[nodiscard]] std::string text() const {
    return json{{"requests", counts_.requests},
                {"accepted", counts_.accepted},
                {"doubled", counts_.doubled},
                {"order_violations", counts_.order_violations},
                {"seconds", counts_.seconds}}
        .dump();
  }

 private:
  void check_order(std::string_view body) {
    const auto text = value_of(body, "\"text\":\"");
    int number = -1;
    std::from_chars(text.data(), text.data() + text.size(), number);
    auto& next = next_[std::string(value_of(body, "\"to\":\""))];
    if (number != next) ++counts_.order_violations;
    next = std::max(next, number + 1);
  }

  SinkCounts counts_;
  unsigned fail_percent_ = 0;
  std::unordered_map<std::string, char> keys_;  // 1: failed once, 2: accepted
  std::unordered_map<std::string, int> next_;
  Steady::time_point first_{};
};

struct Connection {
  int socket = -1;
  std::string in{};
};

std::string answer(int status, std::string_view body) {
  std::string out = status == 200 ? "HTTP/1.1 200 OK" : "HTTP/1.1 503 Busy";
  out += "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return out.append(body);
}

std::string handle(Counter& counter, std::string_view path, std::string_view body) {
  if (path == "/send") {
    if (!counter.take(body)) return answer(503, "");
    return answer(200, R"({"id":"1"})");
  }
  if (path.starts_with("/reset?fail=")) {
    unsigned percent = 0;
    std::from_chars(path.data() + 12, path.data() + path.size(), percent);
    counter.reset(percent);
  }
  return answer(200, counter.text());
}

/// Answers every whole request that has come in. False where the connection has ended.
bool serve(Connection& connection, Counter& counter) {
  std::array<char, 65536> part{};
  const auto got = recv(connection.socket, part.data(), part.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (got <= 0) return false;
  auto& in = connection.in;
  in.append(part.data(), static_cast<std::size_t>(got));
  std::string out;
  for (;;) {
    const auto end = in.find("\r\n\r\n");
    if (end == std::string::npos) break;
    const std::string_view head(in.data(), end);
    std::size_t size = 0;
    if (const auto at = head.find("Content-Length: "); at != std::string_view::npos)
      std::from_chars(head.data() + at + 16, head.data() + head.size(), size);
    if (in.size() < end + 4 + size) break;
    const auto path = head.find(' ') + 1;
    out += handle(counter, head.substr(path, head.find(' ', path) - path), std::string_view(in.data() + end + 4, size));
    in.erase(0, end + 4 + size);
  }
  return out.empty() ||
         send(connection.socket, out.data(), out.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(out.size());
}

}  // namespace

int run_sink() {
  const auto listener = listen_on("127.0.0.1", 0);
  if (!listener) throw std::runtime_error(describe(listener.error()));
  std::cout << listener->port << std::endl;  // NOLINT(performance-avoid-endl): the parent waits for it
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  const auto watch = [epoll](int socket) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = socket}};
    epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event);
  };
  watch(listener->socket);
  Counter counter;
  std::unordered_map<int, Connection> connections;
  std::array<epoll_event, 256> events{};
  for (;;) {
    const int count = epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      const int socket = events[static_cast<std::size_t>(i)].data.fd;
      if (socket == listener->socket) {
        const int taken = accept4(socket, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (taken < 0) continue;
        const int one = 1;
        setsockopt(taken, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        connections[taken].socket = taken;
        watch(taken);
      } else if (!serve(connections[socket], counter)) {
        connections.erase(socket);
        close(socket);
      }
    }
  }
}

namespace {
std::string sink_url(int port, const std::string& path) { return "http://127.0.0.1:" + std::to_string(port) + path; }
}  // namespace

SinkCounts read_counts(int port) {
  HttpClient client;
  const auto reply = client.call({.url = sink_url(port, "/counts"), .method = "GET"});
  if (reply.failure) throw std::runtime_error("the sink does not answer: " + *reply.failure);
  const auto counts = json::parse(reply.body);
  return {counts.at("requests"), counts.at("accepted"), counts.at("doubled"), counts.at("order_violations"),
          counts.at("seconds")};
}

void reset_sink(int port, int fail_percent) {
  HttpClient client;
  const auto reply = client.call({.url = sink_url(port, "/reset?fail=" + std::to_string(fail_percent)), .body = "{}"});
  if (reply.failure) throw std::runtime_error("the sink does not answer: " + *reply.failure);
}

}  // namespace huiyin::bench
