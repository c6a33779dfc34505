#include "net/http_server.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <condition_variable>
#include <mutex>
#include <unordered_map>

#include "net/forwarded.h"
#include "net/http_connection.h"
#include "net/listen.h"
#include "net/workers_impl.h"

namespace huiyin {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto kTidyEvery = 50ms;
constexpr auto kLinger = 200ms;
constexpr auto kWriteTimeout = 5s;
constexpr auto kSurplusPatience = 200ms;
constexpr std::size_t kMaxSurplus = 1024;  // connections that wait to be refused in words; over it they are closed
constexpr auto kAcceptPause = 50ms;        // when the system has no descriptor left
constexpr std::size_t kMaxAllBodies = 64U << 20;

/// What the last copy of a Respond leaves undone is answered here.
class Answering {
 public:
  explicit Answering(std::shared_ptr<HttpConnection> connection) : connection_(std::move(connection)) {}
  ~Answering() {
    if (connection_) connection_->answer({.status = 500});
  }
  Answering(const Answering&) = delete;
  Answering& operator=(const Answering&) = delete;
  void give(const HttpReply& reply) {
    if (const auto connection = std::move(connection_)) connection->answer(reply);
  }

 private:
  std::shared_ptr<HttpConnection> connection_;
};

}  // namespace

class HttpServer::Impl final : public HttpConnectionHost, public std::enable_shared_from_this<HttpServer::Impl> {
 public:
  Impl(Options options, const Clock& clock, asio::io_context& context)
      : options_(std::move(options)),
        clock_(clock),
        context_(context),
        acceptor_(asio::make_strand(context)),
        tidying_(context),
        pause_(acceptor_.get_executor()) {
    limits_ = {.max_body_bytes = options_.max_body_bytes,
               .body_limit = &options_.body_limit,
               .all_bodies = &all_bodies_,
               .max_all_bodies = kMaxAllBodies};
  }

  AsyncHandler handler{};

  Expected<int> start() {
    const auto listener = listen_on(options_.address, options_.port);
    if (!listener) return tl::unexpected(listener.error());
    const bool is_v6 = options_.address.find(':') != std::string::npos;
    acceptor_.assign(is_v6 ? tcp::v6() : tcp::v4(), listener->socket);
    running_ = true;
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
      self->accept();
      self->tidy_later();
    });
    return listener->port;
  }

  void stop() {
    if (!running_) return;
    running_ = false;
    draining_ = true;
    std::unique_lock lock(mutex_);
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
      boost::system::error_code ignored;
      self->acceptor_.close(ignored);
      const std::lock_guard stopping(self->mutex_);
      self->accepting_ = false;
      self->changed_.notify_all();
    });
    for (const auto& [key, connection] : connections_)
      if (const auto open = connection.lock()) open->end_when_idle();
    changed_.wait(lock, [this] { return !accepting_ && connections_.empty(); });
    stopped_ = true;
    lock.unlock();
    asio::post(context_, [self = shared_from_this()] { self->tidying_.cancel(); });
  }

  void serve(HttpRequest request, const std::shared_ptr<HttpConnection>& connection) override {
    request.received_at = clock_.now();
    request.remote = client_address(connection->peer(), request.header("x-forwarded-for"), options_.trusted_proxies);
    const auto answering = std::make_shared<Answering>(connection);
    try {
      handler(std::move(request), [answering](const HttpReply& reply) { answering->give(reply); });
    } catch (...) {  // the handler logs what it knows; the peer learns nothing
      answering->give({.status = 500});
    }
  }
  void ended(const HttpConnection& connection) override {
    const std::lock_guard lock(mutex_);
    connections_.erase(&connection);
    if (connections_.empty()) changed_.notify_all();
  }
  bool is_draining() const override { return draining_; }

 private:
  // On the acceptor's strand: stop() closes it while a connection may be arriving. The connections are not on it.
  void accept() {
    acceptor_.async_accept(asio::any_io_executor(context_.get_executor()),
                           [self = shared_from_this()](const boost::system::error_code& error, tcp::socket socket) {
                             if (error == asio::error::operation_aborted || !self->acceptor_.is_open()) return;
                             if (error) return self->accept_later();
                             self->take(std::move(socket));
                             self->accept();
                           });
  }
  void accept_later() {
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([self = shared_from_this()](const auto& cancelled) {
      if (!cancelled && self->acceptor_.is_open()) self->accept();
    });
  }

  void take(tcp::socket socket) {
    const bool surplus = !has_room();
    if (surplus && options_.on_surplus) options_.on_surplus();
    std::shared_ptr<HttpConnection> connection;
    {
      const std::lock_guard lock(mutex_);
      if (connections_.size() >= options_.max_connections + kMaxSurplus) return;
      connection = std::make_shared<HttpConnection>(std::move(socket), shared_from_this(), limits_, surplus ? 503 : 0);
      connections_.emplace(connection.get(), connection);
    }
    connection->start();
  }

  /// A connection that has only waited for a while ends for one that has something to say.
  bool has_room() {
    const std::lock_guard lock(mutex_);
    if (connections_.size() < options_.max_connections) return true;
    const auto idle_before = HttpConnection::Steady::now() - options_.give_way;
    std::shared_ptr<HttpConnection> oldest;
    auto oldest_since = idle_before;
    for (const auto& [key, weak] : connections_) {
      const auto connection = weak.lock();
      const auto since = connection ? connection->waits_since() : std::nullopt;
      if (!since || *since > oldest_since) continue;
      oldest = connection;
      oldest_since = *since;
    }
    if (oldest) oldest->end_when_idle();
    return oldest != nullptr;
  }

  void tidy_later() {
    tidying_.expires_after(kTidyEvery);
    tidying_.async_wait([self = shared_from_this()](const auto& cancelled) {
      if (cancelled || self->stopped_) return;
      self->tidy();
      self->tidy_later();
    });
  }
  void tidy() {
    const std::lock_guard lock(mutex_);
    const HttpConnection::Patience patience{.idle = options_.keep_alive,
                                            .surplus = kSurplusPatience,
                                            .reading = options_.read_timeout,
                                            .lingering = kLinger,
                                            .writing = kWriteTimeout};
    const auto now = HttpConnection::Steady::now();
    for (const auto& [key, weak] : connections_)
      if (const auto connection = weak.lock()) connection->tidy(patience, now);
  }

  const Options options_;
  const Clock& clock_;
  asio::io_context& context_;
  tcp::acceptor acceptor_;
  asio::steady_timer tidying_, pause_;
  HttpReader::Limits limits_{};
  std::atomic<std::size_t> all_bodies_{0};
  std::atomic<bool> draining_{false}, stopped_{false};
  bool running_ = false;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool accepting_ = true;
  // Weak: what is under way holds a connection, and lets go of it when it ended.
  std::unordered_map<const HttpConnection*, std::weak_ptr<HttpConnection>> connections_;
};

HttpServer::HttpServer(Options options, const Clock& clock)
    : own_workers_(std::make_unique<Workers>(options.threads, "http")) {
  impl_ = std::make_shared<Impl>(std::move(options), clock, own_workers_->impl().context);
}
HttpServer::HttpServer(Options options, const Clock& clock, Workers& workers)
    : impl_(std::make_shared<Impl>(std::move(options), clock, workers.impl().context)) {}
HttpServer::~HttpServer() { stop(); }

void HttpServer::handle(Handler handler) {
  handle_async([handler = std::move(handler)](const HttpRequest& request, const Respond& respond) {
    respond(handler(request));
  });
}
void HttpServer::handle_async(AsyncHandler handler) { impl_->handler = std::move(handler); }
Expected<int> HttpServer::start() { return impl_->start(); }
void HttpServer::stop() { impl_->stop(); }

}  // namespace huiyin
