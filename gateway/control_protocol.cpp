#include "gateway/control_protocol.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace huiyin::gateway {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kVersion = "huiyin 1 ";
constexpr std::size_t kStep = 256U << 10U;

bool wait_for(int socket, short events, milliseconds patience) {
  pollfd waiting{.fd = socket, .events = events, .revents = 0};
  int ready = 0;
  do {
    ready = ::poll(&waiting, 1, static_cast<int>(patience.count()));
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

bool send_all(int socket, std::string_view bytes, milliseconds patience) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), std::min(bytes.size(), kStep), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (!wait_for(socket, POLLOUT, patience)) return false;
    } else if (sent == 0 || errno != EINTR) {
      return false;
    }
  }
  return true;
}

/// Reads a message's head byte by the bufferful, and its body.
class Reader {
 public:
  Reader(int socket, milliseconds patience) : socket_(socket), patience_(patience) {}

  std::optional<std::string> line(std::size_t most) {
    for (;;) {
      if (const auto end = kept_.find('\n'); end != std::string::npos) {
        if (end > most) return std::nullopt;
        auto out = kept_.substr(0, end);
        kept_.erase(0, end + 1);
        return out;
      }
      if (kept_.size() > most || !fill()) return std::nullopt;
    }
  }

  std::optional<std::string> bytes(std::size_t count) {
    std::string out;
    out.reserve(count);
    out.append(kept_, 0, std::min(count, kept_.size()));
    kept_.erase(0, out.size());
    const auto had = out.size();
    out.resize(count);
    for (auto at = had; at < count;) {
      const auto got = receive(out.data() + at, count - at);
      if (got <= 0) return std::nullopt;
      at += static_cast<std::size_t>(got);
    }
    return out;
  }

 private:
  ssize_t receive(char* room, std::size_t size) {
    if (!wait_for(socket_, POLLIN, patience_)) return -1;
    ssize_t got = 0;
    do {
      got = ::recv(socket_, room, size, 0);
    } while (got < 0 && errno == EINTR);
    return got;
  }
  bool fill() {
    std::array<char, 4096> room{};
    const auto got = receive(room.data(), room.size());
    if (got <= 0) return false;
    kept_.append(room.data(), static_cast<std::size_t>(got));
    return true;
  }

  int socket_;
  milliseconds patience_;
  std::string kept_{};
};

template <class Number>
bool read_number(std::string_view text, Number& value) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  return fault == std::errc() && end == text.data() + text.size() && !text.empty();
}

/// `huiyin 1 <word> <number>`
struct Head {
  std::string word{};
  std::size_t bytes = 0;
};
std::optional<Head> parse_head(const std::optional<std::string>& line) {
  if (!line || !line->starts_with(kVersion)) return std::nullopt;
  const auto rest = std::string_view(*line).substr(kVersion.size());
  const auto space = rest.find(' ');
  Head head;
  if (space == std::string_view::npos || space == 0 || !read_number(rest.substr(space + 1), head.bytes))
    return std::nullopt;
  head.word = std::string(rest.substr(0, space));
  return head;
}

std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return text;
}

}  // namespace

std::string ControlRequest::field(const std::string& name) const {
  for (const auto& [its_name, value] : fields)
    if (its_name == name) return value;
  return {};
}

int connect_control(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return -1;
  path.copy(address.sun_path, path.size());
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return -1;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
  ::close(socket);
  return -1;
}

bool send_request(int socket, const ControlRequest& request, milliseconds patience) {
  std::string head = std::string(kVersion) + request.command + " " + std::to_string(request.body.size()) + "\n";
  for (const auto& [name, value] : request.fields) head += name + ": " + one_line(value) + "\n";
  return send_all(socket, head + "\n", patience) && send_all(socket, request.body, patience);
}

bool send_reply(int socket, const ControlReply& reply, milliseconds patience) {
  const auto head = std::string(kVersion) + std::to_string(reply.code) + " " + std::to_string(reply.text.size()) + "\n";
  return send_all(socket, head + reply.text, patience);
}

std::optional<ControlRequest> read_request(int socket, std::size_t most_body, milliseconds patience) {
  Reader reader(socket, patience);
  const auto head = parse_head(reader.line(256));
  if (!head || head->bytes > most_body) return std::nullopt;
  ControlRequest request{.command = head->word};
  for (std::size_t total = 0;;) {
    const auto line = reader.line(kMostFieldBytes);
    if (!line || (total += line->size()) > kMostFieldBytes) return std::nullopt;
    if (line->empty()) break;
    const auto colon = line->find(": ");
    if (colon == std::string::npos) return std::nullopt;
    request.fields.emplace_back(line->substr(0, colon), line->substr(colon + 2));
  }
  auto body = reader.bytes(head->bytes);
  if (!body) return std::nullopt;
  request.body = *std::move(body);
  return request;
}

std::optional<ControlReply> read_reply(int socket, milliseconds patience) {
  Reader reader(socket, patience);
  const auto head = parse_head(reader.line(256));
  ControlReply reply;
  if (!head || head->bytes > kMostControlText || !read_number(head->word, reply.code)) return std::nullopt;
  auto text = reader.bytes(head->bytes);
  if (!text) return std::nullopt;
  reply.text = *std::move(text);
  return reply;
}

}  // namespace huiyin::gateway
