#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include "net/http.h"

namespace huiyin {

/// Outbound HTTP with many calls in flight: one thread, one curl_multi on epoll; connections are kept and used again,
/// and shared where the server offers HTTP/2. No call waits for another, but for a connection to its own host.
/// Thread-safe.
class HttpMulti {
 public:
  struct Options {
    std::chrono::milliseconds connect_timeout{3000};
    std::size_t max_body_bytes = 4U << 20;  ///< of an answer; over it the call has failed
    /// To one host (and port); further calls wait for one of them, their time running.
    std::size_t connections_per_host = 64;
  };
  HttpMulti() : HttpMulti(Options()) {}
  explicit HttpMulti(Options options);
  ~HttpMulti();  ///< stop() without patience
  HttpMulti(const HttpMulti&) = delete;
  HttpMulti& operator=(const HttpMulti&) = delete;

  using Done = std::function<void(HttpReply)>;
  /// Begins a call and returns at once. `done` is called exactly once, on the loop's thread: it must neither block nor
  /// throw, and may begin further calls. A call that is not answered within `timeout` fails. A request is never sent
  /// twice (but GET): one whose connection ended without an answer fails, and `request_left` says that it had left.
  void call(HttpCall call, std::chrono::milliseconds timeout, Done done);

  [[nodiscard]] std::size_t in_flight() const;
  /// Waits at most `patience` for the calls in flight, then gives them up: each fails, `request_left` as it is. Calls
  /// begun later fail at once. Idempotent.
  void stop(std::chrono::milliseconds patience = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace huiyin
