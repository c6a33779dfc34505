#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "core/time.h"
#include "core/error.h"
#include "net/http.h"

namespace huiyin {

/// The HTTP server: cpp-httplib inside, with the settings that make it fast and keep it bounded (docs/decisions).
/// Handlers run on many threads at once; one that throws is answered 500 without detail.
class HttpServer {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    int port = 0;                        ///< 0: a free one
    std::size_t threads = 160;           ///< a kept-alive connection holds one
    std::size_t max_body_bytes = 1 << 20;  ///< over it: 413
    std::chrono::milliseconds read_timeout{5000};
    std::chrono::milliseconds keep_alive{30000};
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
