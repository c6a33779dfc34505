#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/time.h"
#include "net/http.h"

namespace huiyin {

/// The HTTP server: cpp-httplib inside for the protocol, with sockets, waiting and threads of our own where the
/// library's are slow or without a bound. Handlers run on many threads at once; one that throws is answered 500 without
/// detail. Bodies come as they were sent (no form or multipart parsing, no decompression): signatures are made over
/// them.
class HttpServer {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    int port = 0;                                  ///< 0: a free one
    std::size_t threads = 160;                     ///< a kept-alive connection holds one
    std::size_t max_body_bytes = 1 << 20;          ///< over it: 413
    std::chrono::milliseconds read_timeout{5000};  ///< for a whole request, however slowly its bytes drip in: 408
    std::chrono::milliseconds keep_alive{30000};   ///< how long a connection may stay without a request
    /// When all threads are taken, a connection that has been without a request for so long gives its own to a new one.
    std::chrono::milliseconds give_way{1000};
    /// Addresses and ranges (`10.0.0.0/8`) of reverse proxies: of a request from one of them, `remote` is what
    /// X-Forwarded-For says.
    std::vector<std::string> trusted_proxies{};
  };
  using Handler = std::function<HttpReply(const HttpRequest&)>;

  /// `clock` must outlive the server.
  HttpServer(Options options, const Clock& clock);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Every request goes to `handler`, whatever its method and path. Call before start().
  void handle(Handler handler);
  /// Binds and begins to listen on a thread of its own; returns the port. A port in use is an Error that says so.
  [[nodiscard]] Expected<int> start();
  /// Takes no new requests, finishes those that were taken, joins. Idempotent.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace huiyin
