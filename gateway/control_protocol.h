#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace huiyin::gateway {

/// What second processes (`huiyin deliver`) and the daemon say to each other over its unix socket. Version 1:
///
///     request  huiyin 1 <command> <bytes of the body>\n  <name>: <value>\n …  \n  <body>
///     reply    huiyin 1 <exit code of sysexits.h> <bytes of the text>\n  <text>
///
/// One exchange a connection. Of the standard library alone: the small front program links nothing else.
struct ControlRequest {
  std::string command{};
  std::vector<std::pair<std::string, std::string>> fields{};  ///< at most kMostFieldBytes together, one line each
  std::string body{};

  /// Empty where there is none.
  [[nodiscard]] std::string field(const std::string& name) const;
};
struct ControlReply {
  int code = 0;
  std::string text{};
};

inline constexpr std::size_t kMostFieldBytes = 16U << 10U;
inline constexpr std::size_t kMostControlBody = 512U << 20U;
inline constexpr std::size_t kMostControlText = 1U << 20U;

/// Connects to the daemon's socket; -1 where nobody listens there.
[[nodiscard]] int connect_control(const std::string& path);
/// False where the other side went away, or took longer than `patience` for a step.
[[nodiscard]] bool send_request(int socket, const ControlRequest& request, std::chrono::milliseconds patience);
[[nodiscard]] bool send_reply(int socket, const ControlReply& reply, std::chrono::milliseconds patience);
/// Nothing for what is no such message, is of another version, or exceeds a limit (`most_body` of a request's body).
[[nodiscard]] std::optional<ControlRequest> read_request(int socket, std::size_t most_body,
                                                         std::chrono::milliseconds patience);
[[nodiscard]] std::optional<ControlReply> read_reply(int socket, std::chrono::milliseconds patience);

}  // namespace huiyin::gateway
