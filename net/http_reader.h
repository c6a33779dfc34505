#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/http.h"

namespace huiyin {

/// Takes requests out of the bytes of one connection, as they come (RFC 7230, 3; Boost.Beast's parser inside). No I/O.
/// Not thread-safe.
class HttpReader {
 public:
  struct Limits {
    std::size_t max_head_bytes = 16 << 10;  ///< over it: 431
    std::size_t max_body_bytes = 1 << 20;   ///< over it: 413
    /// What a request with this head may bring instead; null: the same for all. Must outlive the reader.
    const std::function<std::size_t(const HttpRequest& head)>* body_limit = nullptr;
    std::atomic<std::size_t>* all_bodies = nullptr;  ///< bytes of body that all connections hold now
    std::size_t max_all_bodies = 64 << 20;           ///< over it: 503
  };
  enum class State {
    idle,      ///< nothing of a request has come
    reading,   ///< a part of one
    complete,  ///< request() is whole
    refused    ///< refusal() says with which status; nothing more is read
  };

  /// `refuse_with`: every request is refused with this status once its head is there; 0: none.
  explicit HttpReader(const Limits& limits, int refuse_with = 0);
  ~HttpReader();
  HttpReader(const HttpReader&) = delete;
  HttpReader& operator=(const HttpReader&) = delete;

  /// Takes in what came. Bytes after the end of a request are kept for the next.
  State feed(std::string_view bytes);
  /// Lets go of the request, and begins the next with what was kept.
  State next();

  /// The request, without `remote` and `received_at`. The caller may move its parts out.
  [[nodiscard]] HttpRequest& request();
  [[nodiscard]] int refusal() const;
  /// May another request follow on this connection?
  [[nodiscard]] bool keeps_alive() const;
  /// True once where the client waits for "100 Continue" before it sends the body.
  [[nodiscard]] bool take_continue();

 private:
  class Parser;
  [[nodiscard]] bool has_head();
  State advance();

  const Limits limits_;
  const int refuse_with_;
  std::string waiting_{};     // not yet parsed
  std::size_t searched_ = 0;  // how much of it has been searched for the end of the head
  std::unique_ptr<Parser> parser_;
};

/// The bytes of an answer. A header's line break is dropped, so that no value can add a header.
[[nodiscard]] std::string format_answer(const HttpReply& reply, bool to_head, bool keep_alive);

}  // namespace huiyin
