#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/secret.h"
#include "core/time.h"

namespace huiyin {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// A request to one of our hooks. A value, so that it can be spooled and parsed again an hour later to the same effect.
struct HttpRequest {
  std::string method{};  ///< upper case
  std::string path{};    ///< undecoded, without the query
  std::string query{};   ///< as it came, undecoded: signatures are made over it
  Fields headers{};      ///< names in lower case
  std::string body{};
  std::string remote{};  ///< the peer's address, after trusted proxies
  Time received_at{};    ///< the only time that an adapter may use

  /// The query parameter after exactly one URL-decode (a raw `+` stays `+`); empty where there is none.
  [[nodiscard]] std::string param(std::string_view name) const;
  [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;
};

/// An answer: ours to a provider's request, or the provider's to ours.
struct HttpReply {
  int status = 200;
  std::string body{};
  Fields headers{};
  std::optional<std::string> failure{};  ///< of the transport: no answer came; then status means nothing
  bool request_left = false;             ///< with a failure: the provider may have got the request
};

/// A file of ours that goes with a request, as multipart/form-data.
struct HttpUpload {
  std::string field{};
  std::string file{};  ///< where it lies; one that cannot be read makes the call fail
  std::string name{};  ///< what the other side is told that it is called
  std::string type{};  ///< `image/jpeg`
};

/// A mail to be sent: what SMTP needs beside its bytes.
struct SmtpEnvelope {
  std::string from{};  ///< empty: the null return path
  std::string to{};
  std::string user{};  ///< empty: without logging in
  Secret password{};
  bool require_tls = true;  ///< STARTTLS where the URL is smtp://
  std::string ca_file{};    ///< PEM; empty: the system's
};

/// A request that we make. With `smtp` it is a mail: `url` is smtp://host:port/our.name or smtps://…, `body` the
/// message with CR LF; its answer's status is SMTP's, its body the server's last line.
struct HttpCall {
  std::string url{};
  Fields form{};  ///< sent as application/x-www-form-urlencoded, unless there is a body
  std::string body{};
  Fields headers{};
  std::string method{"POST"};
  std::optional<HttpUpload> upload{};  ///< then no body is sent, and the form as its other fields
  std::optional<SmtpEnvelope> smtp{};
};

/// For the spool: the request as bytes, and back. decode throws std::runtime_error on what encode did not write.
[[nodiscard]] std::string encode(const HttpRequest& request);
[[nodiscard]] HttpRequest decode_http_request(std::string_view bytes);

/// One URL-decode; `+` becomes a space only where `plus_is_space` says so. A broken escape stays as it is.
[[nodiscard]] std::string url_decode(std::string_view text, bool plus_is_space);
[[nodiscard]] std::string url_encode(std::string_view text);
/// `url` with `fields` appended to its query, encoded.
[[nodiscard]] std::string with_query(std::string url, const Fields& fields);

}  // namespace huiyin
