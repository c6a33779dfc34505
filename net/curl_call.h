#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "net/http.h"

struct curl_mime;
struct curl_slist;

namespace huiyin {

/// What libcurl calls CURL*: a void*.
using CurlHandle = void*;

/// Initialises libcurl once per process; called before its first handle is made.
void use_curl();

/// One request on one easy handle, from its options to its HttpReply. Must stay where it is between prepare() and
/// finish(): libcurl points into it. Not thread-safe.
class CurlCall {
 public:
  struct Limits {
    std::chrono::milliseconds connect_timeout{};
    std::chrono::milliseconds total_timeout{};
    std::size_t max_body_bytes = 0;
  };
  CurlCall() = default;
  CurlCall(const CurlCall&) = delete;
  CurlCall& operator=(const CurlCall&) = delete;
  ~CurlCall() = default;

  void prepare(CurlHandle curl, HttpCall call, const Limits& limits);
  /// `code`: the CURLcode with which the transfer ended. Empties this, ready for the next prepare().
  [[nodiscard]] HttpReply finish(CurlHandle curl, int code);
  /// The reply of a request that was given up: whether it had left is told as finish() tells it.
  [[nodiscard]] HttpReply give_up(CurlHandle curl, std::string why);

 private:
  static std::size_t take_body(const char* data, std::size_t one, std::size_t size, void* user);
  static std::size_t take_header(const char* data, std::size_t one, std::size_t size, void* user);
  static std::size_t take_line(const char* data, std::size_t one, std::size_t size, void* user);
  static std::size_t give_body(char* room, std::size_t one, std::size_t size, void* user);
  void prepare_smtp(CurlHandle curl);
  static int before_request(void* user, char*, char*, int, int);

  struct FreeList {
    void operator()(curl_slist* list) const noexcept;
  };
  using HeaderList = std::unique_ptr<curl_slist, FreeList>;
  struct FreeMime {
    void operator()(curl_mime* mime) const noexcept;
  };
  [[nodiscard]] static HeaderList header_list(const HttpCall& call);
  void attach(CurlHandle curl, const HttpUpload& upload, const Fields& form);

  HttpCall call_{};
  std::string body_{};
  HeaderList headers_{};  ///< of SMTP: the recipient
  std::unique_ptr<curl_mime, FreeMime> mime_{};
  HttpReply reply_{};
  std::size_t max_body_bytes_ = 0;
  std::size_t given_ = 0;  ///< bytes of a mail that libcurl took
  bool too_large_ = false;
  bool all_given_ = false;  ///< libcurl took the end of a mail: the server may have it
  bool begun_ = false;      ///< a connection was handed the request
  bool repeated_ = false;   ///< libcurl wanted to send it once more
};

}  // namespace huiyin
