#include "tests/db/answer_thief.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace huiyin::db {
namespace {

constexpr int kPollMs = 50;
constexpr int kSilenceMs = 1000;  // after which all of several statements have been answered

sockaddr_in loopback(const std::string& host, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  return address;
}

int connect_to(const std::string& host, int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(host, port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(fd);
    return -1;
  }
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

std::string receive(int fd) {
  std::array<char, 1 << 16> buffer{};
  const auto got = recv(fd, buffer.data(), buffer.size(), 0);
  return got <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(got));
}

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// Is the last of several packets COM_STMT_EXECUTE of a statement without parameters? Only the COMMIT behind what was
/// sent is one: three bytes of length, one of sequence, the command, the statement's id, no flags, one iteration.
bool ends_on_commit_behind(std::string_view request) {
  using namespace std::string_view_literals;
  constexpr auto kBegins = "\x0a\0\0\0\x17"sv, kEnds = "\0\x01\0\0\0"sv;
  constexpr std::size_t kBytes = 14;
  if (request.size() <= kBytes) return false;
  const auto last = request.substr(request.size() - kBytes);
  return last.starts_with(kBegins) && last.ends_with(kEnds);
}

}  // namespace

AnswerThief::AnswerThief(std::string host, int port) : host_(std::move(host)), server_port_(port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto address = loopback("127.0.0.1", 0);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("the proxy cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { accept_all(); });
}

AnswerThief::~AnswerThief() {
  stopping_ = true;
  thread_.join();
  for (auto& connection : connections_) connection.join();
  close(listener_);
}

void AnswerThief::accept_all() {
  while (!stopping_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (poll(&waiting, 1, kPollMs) <= 0) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = client < 0 ? -1 : connect_to(host_, server_port_);
    if (server < 0) {
      if (client >= 0) close(client);
      continue;
    }
    connections_.emplace_back([this, client, server] { pass_on(client, server); });
  }
}

void AnswerThief::pass_on(int client, int server) {
  std::array<pollfd, 2> ends = {pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
  while (!stopping_) {
    if (poll(ends.data(), ends.size(), kPollMs) <= 0) continue;
    if (ends[1].revents != 0) {
      const auto answer = receive(server);
      if (answer.empty()) break;
      send_all(client, answer);
    }
    if (ends[0].revents != 0) {
      const auto request = receive(client);
      if (request.empty() || steals(server, request)) break;
      send_all(server, request);
    }
  }
  close(client);
  close(server);
}

bool AnswerThief::steals(int server, const std::string& request) {
  // A packet of the protocol: three bytes of length, one of sequence, then COM_QUERY and the text.
  constexpr std::string_view kCommit(
      "\x07\x00\x00\x00\x03"
      "COMMIT",
      11);
  const bool behind = ends_on_commit_behind(request);
  if ((request != kCommit && !behind) || !armed_.exchange(false)) return false;
  if (at_ == At::answer) {
    send_all(server, request);
    // It is committed, and nobody hears of it.
    pollfd answers{server, POLLIN, 0};
    do static_cast<void>(receive(server));
    while (behind && poll(&answers, 1, kSilenceMs) > 0);
  }
  ++stolen_;
  return true;
}

}  // namespace huiyin::db
