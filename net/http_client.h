#pragma once

#include <chrono>
#include <memory>

#include "net/http.h"

namespace huiyin {

/// The one client for outbound HTTP (libcurl). call() blocks; the dispatcher's many calls in flight are an addition of
/// the sending issue. Thread-safe.
class HttpClient {
 public:
  struct Options {
    std::chrono::milliseconds connect_timeout{3000};
    std::chrono::milliseconds total_timeout{10000};
    std::size_t max_body_bytes = 4 << 20;
  };
  HttpClient() : HttpClient(Options()) {}
  explicit HttpClient(Options options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Never throws on what the network does: a reply with `failure` says that none came.
  [[nodiscard]] HttpReply call(const HttpCall& call);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace huiyin
