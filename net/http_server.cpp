#include "net/http_server.h"

#include <httplib.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <set>
#include <thread>

#include "net/forwarded.h"
#include "net/listen.h"
#include "net/worker_pool.h"

namespace huiyin {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// How long the one thread that refuses surplus connections waits for each one's request.
constexpr auto kSurplusPatience = 100ms;
// After an early answer the rest of the request is read for so long, so that a reset does not overtake the answer.
constexpr auto kLinger = 200ms;
constexpr std::size_t kLingerBytes = 8U << 20;
constexpr auto kWriteTimeout = 5s;

/// Waits for `events` on the socket until `deadline`; false when it passed.
bool wait_for(int socket, short events, steady_clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now()).count();
    pollfd waiting{socket, events, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

/// One accepted connection. The library's own stream polls every 10 ms while it is idle, sends head and body as two
/// packets, and breaks on descriptors over 1,023 (select); this one does not.
class Connection final : public httplib::Stream {
 public:
  explicit Connection(int socket) : socket_(socket) {}

  /// Waits for the first bytes of a request. A blocking recv instead of poll and recv: one call into the kernel.
  bool wait_for_request(std::chrono::milliseconds patience) {
    if (begin_ < end_) return true;
    patience = std::max(patience, std::chrono::milliseconds(1));  // 0 would be for ever
    if (patience != patience_) {
      patience_ = patience;
      const auto seconds = std::chrono::floor<std::chrono::seconds>(patience);
      const std::chrono::microseconds rest = patience - seconds;
      const timeval limit{seconds.count(), rest.count()};
      if (setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0) return false;
    }
    for (const auto deadline = steady_clock::now() + patience;;) {
      const auto got = recv(socket_, in_.data(), in_.size(), 0);
      if (got > 0) return take_in(got);
      if (got == 0 || errno != EINTR || steady_clock::now() >= deadline) return false;
    }
  }
  void read_until(steady_clock::time_point deadline) { deadline_ = deadline; }

  [[nodiscard]] bool is_readable() const override { return begin_ < end_ || wait_for(socket_, POLLIN, deadline_); }
  [[nodiscard]] bool is_writable() const override { return true; }

  ssize_t read(char* out, std::size_t size) override {
    if (begin_ == end_ && !fill()) return -1;
    if (size == 1) {  // the library reads a head byte by byte
      *out = in_[begin_++];
      return 1;
    }
    const auto count = std::min(size, end_ - begin_);
    std::copy_n(in_.begin() + static_cast<std::ptrdiff_t>(begin_), count, out);
    begin_ += count;
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* data, std::size_t size) override {
    out_.append(data, size);
    return static_cast<ssize_t>(size);
  }
  bool flush() {
    std::string_view rest = out_;
    const auto deadline = steady_clock::now() + kWriteTimeout;
    while (!rest.empty()) {
      const auto sent = send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent >= 0) {
        rest.remove_prefix(static_cast<std::size_t>(sent));
      } else if (errno != EINTR && (errno != EAGAIN || !wait_for(socket_, POLLOUT, deadline))) {
        break;
      }
    }
    const bool whole = rest.empty();
    out_.clear();
    return whole;
  }
  /// Ends our side and reads what still comes.
  void linger() {
    shutdown(socket_, SHUT_WR);
    deadline_ = steady_clock::now() + kLinger;
    for (std::size_t drained = 0; drained < kLingerBytes; drained += in_.size()) {
      begin_ = end_;
      if (!fill()) return;
    }
  }

  void get_remote_ip_and_port(std::string& ip, int& port) const override {
    if (ip_.empty()) find_peer();
    if (ip_.empty()) return;
    ip = ip_;
    port = port_;
  }
  void get_local_ip_and_port(std::string&, int&) const override {}
  [[nodiscard]] socket_t socket() const override { return socket_; }

  std::atomic<bool> idle{true};     ///< holds no request that was begun
  std::atomic<bool> served{false};  ///< has had one
  std::atomic<bool> ending{false};  ///< a request that comes yet is its last
  std::atomic<steady_clock::time_point> idle_since{};

 private:
  void find_peer() const {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> service{};
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (getpeername(socket_, generic, &size) != 0) return;
    if (getnameinfo(generic, size, host.data(), host.size(), service.data(), service.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
      return;
    }
    ip_ = host.data();
    port_ = std::atoi(service.data());
  }
  bool take_in(ssize_t got) {
    begin_ = 0;
    end_ = static_cast<std::size_t>(got);
    return true;
  }
  bool fill() {
    if (!out_.empty() && !flush()) return false;  // "100 Continue" must leave before we wait for what follows it
    for (;;) {
      const auto got = recv(socket_, in_.data(), in_.size(), MSG_DONTWAIT);
      if (got > 0) return take_in(got);
      if (got == 0) return false;
      if (errno != EINTR && (errno != EAGAIN || !wait_for(socket_, POLLIN, deadline_))) return false;
    }
  }

  int socket_;
  steady_clock::time_point deadline_{};
  std::chrono::milliseconds patience_{};  // as the socket has it
  mutable std::string ip_;                // asked for with each request, and always the same
  mutable int port_ = 0;
  std::array<char, 4096> in_{};
  std::size_t begin_ = 0, end_ = 0;
  std::string out_;
};

/// The request that this thread is serving: the library hands its handlers no place for it.
struct Exchange {
  HttpRequest request{};
  std::size_t announced = 0;  ///< bytes of body
  bool has_body = false;
  bool close = false;
};
thread_local Exchange* current = nullptr;

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

class Queue final : public httplib::TaskQueue {
 public:
  Queue(std::size_t threads, WorkerPool::MakeRoom make_room) : pool_(threads, std::move(make_room)) {}
  void enqueue(std::function<void()> job) override { pool_.run(std::move(job)); }
  void shutdown() override { pool_.shut_down(); }

 private:
  WorkerPool pool_;
};

class Server final : public httplib::Server {
 public:
  Server(const HttpServer::Options& options, const Clock& clock) : options_(options), clock_(clock) {
    new_task_queue = [this] {  // the library deletes it
      return new Queue(options_.threads, [this] { return end_an_idle_one(); });
    };
    set_pre_routing_handler([this](const auto&, auto& response) { return admit(response); });
    // Every request is presented to the library as "/": its routes are std::regex, which recurses per character.
    Get("/", [this](const auto&, auto& response) { answer(response); });
    Options("/", [this](const auto&, auto& response) { answer(response); });
    const httplib::Server::HandlerWithContentReader with_body =
        [this](const auto&, auto& response, const httplib::ContentReader& reader) { read_body(response, reader); };
    Post("/", with_body).Put("/", with_body).Patch("/", with_body).Delete("/", with_body);
    set_payload_max_length(options_.max_body_bytes);
  }

  void listen_at(int listener) { svr_sock_ = listener; }
  /// New requests are told that their connection ends with them; connections without one end now.
  void drain() {
    draining_ = true;
    const std::scoped_lock lock(mutex_);
    for (auto* connection : connections_) {
      if (connection->idle) shutdown(connection->socket(), SHUT_RD);
    }
  }

  HttpServer::Handler handler;

 private:
  /// A connection that has only waited for a while gives its thread to one that has something to say.
  bool end_an_idle_one() {
    const std::scoped_lock lock(mutex_);
    const auto idle_before = steady_clock::now() - options_.give_way;
    Connection* oldest = nullptr;
    for (auto* connection : connections_) {
      const bool can_end = connection->idle && connection->served && !connection->ending;
      if (!can_end || connection->idle_since.load() > idle_before) continue;
      if (oldest == nullptr || connection->idle_since.load() < oldest->idle_since.load()) oldest = connection;
    }
    if (oldest == nullptr) return false;
    oldest->ending = true;
    shutdown(oldest->socket(), SHUT_RD);
    return true;
  }

  bool process_and_close_socket(socket_t socket) override {
    {
      Connection connection(socket);
      {
        const std::scoped_lock lock(mutex_);
        connections_.insert(&connection);
      }
      while (serve_one(connection)) continue;
      const std::scoped_lock lock(mutex_);
      connections_.erase(&connection);
    }
    ::close(socket);
    return true;
  }

  /// One request and its answer; false when the connection should end.
  bool serve_one(Connection& connection) {
    connection.idle_since = steady_clock::now();
    connection.idle = true;
    if (draining_) return false;  // looked at after `idle` is set: drain() does it the other way round
    const bool surplus = WorkerPool::on_surplus_thread();
    const std::chrono::milliseconds patience = surplus ? kSurplusPatience : options_.keep_alive;
    if (!connection.wait_for_request(patience)) return false;
    connection.idle = false;
    connection.read_until(steady_clock::now() + (surplus ? kSurplusPatience : options_.read_timeout));
    Exchange exchange;
    exchange.close = surplus || connection.ending;
    current = &exchange;
    bool peer_closes = false;
    const bool answered = process_request(connection, false, peer_closes, [&](auto& request) { take(request); });
    current = nullptr;
    connection.served = true;
    if (!connection.flush() || !answered) return false;
    if (exchange.close) connection.linger();
    return !exchange.close && !peer_closes;
  }

  /// Moves the request to ours, and leaves the library only what frames its body: it would otherwise parse forms,
  /// decompress, cut ranges, and compress what we answer.
  void take(httplib::Request& from) {
    auto& [request, announced, has_body, close] = *current;
    const auto question = from.target.find('?');
    request.method = from.method;
    request.path = from.target.substr(0, question);
    if (question != std::string::npos) request.query = from.target.substr(question + 1);
    request.received_at = clock_.now();
    httplib::Headers framing;
    request.headers.reserve(from.headers.size());
    for (auto& [name, value] : from.headers) {
      auto low = lower(name);
      if (low == "remote_addr" || low == "remote_port" || low == "local_addr" || low == "local_port") continue;
      if (low == "content-length" || low == "transfer-encoding" || low == "expect" || low == "connection") {
        framing.emplace(name, value);
      }
      request.headers.emplace_back(std::move(low), std::move(value));
    }
    const bool chunked = !request.header("transfer-encoding").empty();
    const bool sized = !request.header("content-length").empty();
    announced = sized ? std::strtoull(std::string(request.header("content-length")).c_str(), nullptr, 10) : 0;
    has_body = chunked || sized;
    // Two framings at once, or a body where none is read: the next request could not be found with certainty.
    const bool body_is_read = request.method != "GET" && request.method != "HEAD" && request.method != "OPTIONS";
    if (draining_ || (chunked && sized) || (has_body && announced + (chunked ? 1 : 0) > 0 && !body_is_read))
      close = true;
    if (close) framing = with_close(std::move(framing));
    from.headers = std::move(framing);
    request.remote = client_address(from.remote_addr, request.header("x-forwarded-for"), options_.trusted_proxies);
    from.path = "/";
  }

  static httplib::Headers with_close(httplib::Headers headers) {
    headers.erase("Connection");
    headers.emplace("Connection", "close");
    return headers;
  }

  /// Refuses, before any body is read, what will not be served.
  static HandlerResponse refuse(httplib::Response& response, int status) {
    current->close = true;
    response.status = status;
    response.set_header("Connection", "close");
    return HandlerResponse::Handled;
  }
  HandlerResponse admit(httplib::Response& response) {
    if (WorkerPool::on_surplus_thread()) {
      response.set_header("Retry-After", "1");
      return refuse(response, 503);
    }
    if (current->announced > options_.max_body_bytes) return refuse(response, 413);
    const auto& method = current->request.method;
    if (!current->has_body && (method == "POST" || method == "PUT" || method == "PATCH")) return refuse(response, 411);
    return HandlerResponse::Unhandled;
  }

  void read_body(httplib::Response& response, const httplib::ContentReader& reader) {
    auto& body = current->request.body;
    bool too_large = false;
    body.reserve(current->announced);
    const bool whole = !current->has_body || reader([&](const char* data, std::size_t size) {
      too_large = body.size() + size > options_.max_body_bytes;
      if (!too_large) body.append(data, size);
      return !too_large;
    });
    if (whole) return answer(response);
    refuse(response, too_large || response.status == 413 ? 413 : 408);
  }

  void answer(httplib::Response& response) {
    HttpReply reply;
    try {
      reply = handler(current->request);
    } catch (...) {  // the handler logs what it knows; the peer learns nothing
      reply = {.status = 500};
    }
    response.status = reply.status;
    std::string type = "text/plain; charset=utf-8";
    for (auto& [name, value] : reply.headers) {
      if (lower(name) == "content-type") {
        type = value;
      } else {
        response.set_header(name, value);
      }
    }
    response.set_content(reply.body, type);
  }

  const HttpServer::Options options_;
  const Clock& clock_;
  std::atomic<bool> draining_{false};
  std::mutex mutex_;
  std::set<Connection*> connections_;
};

}  // namespace

struct HttpServer::Impl {
  Impl(Options given, const Clock& clock) : options(std::move(given)), server(options, clock) {}
  Options options;
  Server server;
  std::thread thread;
};

HttpServer::HttpServer(Options options, const Clock& clock)
    : impl_(std::make_unique<Impl>(std::move(options), clock)) {}
HttpServer::~HttpServer() { stop(); }

void HttpServer::handle(Handler handler) { impl_->server.handler = std::move(handler); }

Expected<int> HttpServer::start() {
  const auto listener = listen_on(impl_->options.address, impl_->options.port);
  if (!listener) return tl::unexpected(listener.error());
  impl_->server.listen_at(listener->socket);
  impl_->thread = std::thread([this] { impl_->server.listen_after_bind(); });
  while (!impl_->server.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));  // or stop() is lost
  return listener->port;
}

void HttpServer::stop() {
  if (!impl_->thread.joinable()) return;
  impl_->server.drain();
  impl_->server.stop();
  impl_->thread.join();
}

}  // namespace huiyin
