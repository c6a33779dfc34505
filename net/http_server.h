#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/time.h"
#include "net/http.h"
#include "net/workers.h"

namespace huiyin {

/// The HTTP server: every connection waits without a thread of its own (Boost.Asio), and a request may be answered
/// later than its handler returns. Bodies come as they were sent (no form or multipart parsing, no decompression):
/// signatures are made over them.
class HttpServer {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    int port = 0;                          ///< 0: a free one
    std::size_t threads = 4;               ///< of the server's own workers, where it is given none
    std::size_t max_connections = 1024;    ///< one more is answered 503, unless an idle one can give way
    std::size_t max_body_bytes = 1 << 20;  ///< over it: 413
    /// What a request with this head may bring instead, where some routes take more than others; called on the
    /// network's thread. Empty: the same for all.
    std::function<std::size_t(const HttpRequest& head)> body_limit{};
    std::chrono::milliseconds read_timeout{5000};  ///< for a whole request, however slowly its bytes drip in: 408
    std::chrono::milliseconds keep_alive{30000};   ///< how long a connection may stay without a request
    /// When there are too many connections, one that has been without a request for so long ends for a new one.
    std::chrono::milliseconds give_way{1000};
    /// Addresses and ranges (`10.0.0.0/8`) of reverse proxies: of a request from one of them, `remote` is what
    /// X-Forwarded-For says.
    std::vector<std::string> trusted_proxies{};
    std::function<void()> on_surplus{};  ///< called for each connection that is one too many
  };
  using Handler = std::function<HttpReply(const HttpRequest&)>;
  /// To be called once, from any thread, also after the handler returned. Where the last copy goes uncalled, the client
  /// is answered 500.
  using Respond = std::function<void(HttpReply)>;
  using AsyncHandler = std::function<void(HttpRequest, Respond)>;

  /// With workers of its own. `clock` must outlive the server.
  HttpServer(Options options, const Clock& clock);
  /// On the threads of `workers`, which must outlive the server.
  HttpServer(Options options, const Clock& clock, Workers& workers);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Every request goes to `handler`, whatever its method and path; it runs on a worker, many at once. One that throws
  /// is answered 500 without detail. Call one of the two before start().
  void handle(Handler handler);
  void handle_async(AsyncHandler handler);
  /// Binds and begins to listen; returns the port. A port in use is an Error that says so.
  [[nodiscard]] Expected<int> start();
  /// Takes no new requests, finishes those that were taken. Idempotent. Not from a worker.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Workers> own_workers_;
  std::shared_ptr<Impl> impl_;
};

}  // namespace huiyin
