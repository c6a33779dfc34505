#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/secret.h"

namespace huiyin {

/// A session with an IMAP server (RFC 3501, IDLE of RFC 2177). libcurl connects, does TLS and logs in; after that the
/// protocol is ours: its own fetching loses what a message's lines look like answers (sms-and-email.md E1). Literals
/// are taken by their count of octets, never by looking at them. Not thread-safe.
class ImapConnection {
 public:
  struct Options {
    std::string url{};  ///< imaps://host:993 or imap://host:143 (then STARTTLS)
    std::string user{};
    Secret password{};
    std::string ca_file{};
    bool require_tls = true;
    std::chrono::milliseconds timeout{30000};  ///< for connecting, and for each silence within an answer
    std::size_t most_literal = 64U << 20U;     ///< a larger one is read past, and is not kept
  };
  [[nodiscard]] static Expected<std::unique_ptr<ImapConnection>> open(const Options& options);
  ~ImapConnection();
  ImapConnection(const ImapConnection&) = delete;
  ImapConnection& operator=(const ImapConnection&) = delete;

  /// An untagged line, `* 3 FETCH (UID 7 BODY[] {1234}`: its literals beside it, in order.
  struct Line {
    std::string text{};
    std::vector<std::string> literals{};
    bool too_large = false;  ///< a literal was read past
  };
  struct Answer {
    bool ok = false;
    std::string text{};  ///< of the tagged line: `NO [TRYCREATE] …`
    std::vector<Line> lines{};
  };
  /// Nothing where the connection is lost: it is of no more use then.
  [[nodiscard]] std::optional<Answer> command(const std::string& command);
  using TakeLine = std::function<void(Line)>;
  /// The same; each untagged line is handed over once it is whole, and none is kept. While `take` does not return
  /// nothing more is received: that bounds what a long answer takes.
  [[nodiscard]] std::optional<Answer> command(const std::string& command, const TakeLine& take);
  /// IDLE until the server tells of something new (true), or for `patience` (false). Nothing: the connection is lost.
  [[nodiscard]] std::optional<bool> idle(std::chrono::milliseconds patience);
  [[nodiscard]] bool can(std::string_view capability);  ///< asked for once: `IDLE`, `MOVE`, `UIDPLUS`

 private:
  struct Impl;
  explicit ImapConnection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A folder's name as a command takes it: quoted, in modified UTF-7.
[[nodiscard]] std::string imap_folder(std::string_view name);

}  // namespace huiyin
