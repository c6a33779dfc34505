#include "net/imap_connection.h"

#include <curl/curl.h>

#include <poll.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>

#include "core/handle.h"
#include "core/text.h"
#include "net/curl_call.h"

namespace huiyin {
namespace {

using CurlEasy = Handle<CURL, curl_easy_cleanup>;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kMostLine = 1U << 20U;  // SEARCH answers on one line

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

/// `… {1234}` at a line's end: how many octets follow.
std::optional<std::size_t> literal_size(const std::string& line) {
  const auto open = line.rfind('{');
  if (!line.ends_with('}') || open == std::string::npos) return std::nullopt;
  std::size_t size = 0;
  const char* const end = line.data() + line.size() - 1;
  const auto [stop, fault] = std::from_chars(line.data() + open + 1, end, size);
  return fault == std::errc() && stop == end ? std::optional(size) : std::nullopt;
}

}  // namespace

struct ImapConnection::Impl {
  Options options{};
  CurlEasy curl{};
  std::string kept{};  // received, not looked at yet
  int commands = 0;
  std::string capabilities{};

  [[nodiscard]] bool wait(short events, std::chrono::milliseconds patience) const;
  bool send(std::string_view bytes);
  /// 1: something came; 0: nothing within the patience; -1: lost.
  int receive(std::chrono::milliseconds patience);
  std::optional<std::string> line();
  bool literal(std::size_t size, Line& into);
  std::optional<Line> whole_line();
};

bool ImapConnection::Impl::wait(short events, std::chrono::milliseconds patience) const {
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(curl.get(), CURLINFO_ACTIVESOCKET, &socket);
  pollfd waiting{.fd = socket, .events = events, .revents = 0};
  return socket != CURL_SOCKET_BAD && ::poll(&waiting, 1, static_cast<int>(patience.count())) > 0;
}

bool ImapConnection::Impl::send(std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t sent = 0;
    const auto code = curl_easy_send(curl.get(), bytes.data(), bytes.size(), &sent);
    if (code == CURLE_AGAIN) {
      if (!wait(POLLOUT, options.timeout)) return false;
    } else if (code != CURLE_OK) {
      return false;
    }
    bytes.remove_prefix(sent);
  }
  return true;
}

int ImapConnection::Impl::receive(std::chrono::milliseconds patience) {
  std::array<char, 1U << 16U> room{};
  for (;;) {
    std::size_t got = 0;
    const auto code = curl_easy_recv(curl.get(), room.data(), room.size(), &got);
    if (code == CURLE_OK && got > 0) {
      kept.append(room.data(), got);
      return 1;
    }
    if (code != CURLE_AGAIN) return -1;
    // TLS may hold decrypted bytes: only where there are none is the socket waited for.
    if (!wait(POLLIN, patience)) return 0;
  }
}

/// Without its line end; nothing where the connection is lost or silent.
std::optional<std::string> ImapConnection::Impl::line() {
  for (;;) {
    if (const auto end = kept.find('\n'); end != std::string::npos) {
      auto out = kept.substr(0, end);
      kept.erase(0, end + 1);
      if (out.ends_with('\r')) out.pop_back();
      return out;
    }
    if (kept.size() > kMostLine || receive(options.timeout) <= 0) return std::nullopt;
  }
}

bool ImapConnection::Impl::literal(std::size_t size, Line& into) {
  const bool keep = size <= options.most_literal;
  std::string out;
  if (keep) out.reserve(size);
  into.too_large = into.too_large || !keep;
  for (std::size_t left = size; left > 0;) {
    if (kept.empty() && receive(options.timeout) <= 0) return false;
    const auto now = std::min(left, kept.size());
    if (keep) out.append(kept, 0, now);
    kept.erase(0, now);
    left -= now;
  }
  into.literals.push_back(std::move(out));
  return true;
}

std::optional<ImapConnection::Line> ImapConnection::Impl::whole_line() {
  Line out;
  for (;;) {
    auto piece = line();
    if (!piece) return std::nullopt;
    const auto size = literal_size(*piece);
    out.text += *piece;
    if (!size) return out;
    if (!literal(*size, out)) return std::nullopt;
  }
}

ImapConnection::ImapConnection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ImapConnection::~ImapConnection() = default;

Expected<std::unique_ptr<ImapConnection>> ImapConnection::open(const Options& options) {
  use_curl();
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  impl->curl.reset(curl_easy_init());
  auto* curl = impl->curl.get();
  if (curl == nullptr) return tl::unexpected(Error{options.url, "out of memory for a connection", ""});
  curl_easy_setopt(curl, CURLOPT_URL, options.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "imap,imaps");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.timeout.count()));
  curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(options.require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
  curl_easy_setopt(curl, CURLOPT_USERNAME, options.user.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, options.password.reveal().c_str());
  if (!options.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
  if (const auto code = curl_easy_perform(curl); code != CURLE_OK) {
    const bool login = code == CURLE_LOGIN_DENIED;
    return tl::unexpected(
        Error{options.url, login ? "refuses the login" : curl_easy_strerror(code),
              login ? "Check user and password (QQ, 163: an authorisation code)" : "Is it reachable?"});
  }
  return std::unique_ptr<ImapConnection>(new ImapConnection(std::move(impl)));
}

std::optional<ImapConnection::Answer> ImapConnection::command(const std::string& command) {
  std::vector<Line> lines;
  auto answer = this->command(command, [&lines](Line line) { lines.push_back(std::move(line)); });
  if (answer) answer->lines = std::move(lines);
  return answer;
}

std::optional<ImapConnection::Answer> ImapConnection::command(const std::string& command, const TakeLine& take) {
  const auto tag = "hy" + std::to_string(++impl_->commands);
  if (!impl_->send(tag + " " + command + "\r\n")) return std::nullopt;
  Answer answer;
  for (;;) {
    auto line = impl_->whole_line();
    if (!line) return std::nullopt;
    if (line->text.starts_with(tag + " ")) {
      answer.text = line->text.substr(tag.size() + 1);
      answer.ok = upper(answer.text.substr(0, 2)) == "OK";
      return answer;
    }
    if (line->text.starts_with("* BYE")) return std::nullopt;
    take(*std::move(line));
  }
}

std::optional<bool> ImapConnection::idle(std::chrono::milliseconds patience) {
  const auto tag = "hy" + std::to_string(++impl_->commands);
  if (!impl_->send(tag + " IDLE\r\n")) return std::nullopt;
  const auto until = Steady::now() + patience;
  bool news = false, ended = false;
  for (;;) {
    const auto end = impl_->kept.find('\n');
    if (end != std::string::npos) {
      const auto line = impl_->line().value_or("");
      if (line.starts_with(tag)) return line.find(" OK") != std::string::npos ? std::optional(news) : std::nullopt;
      news = news || line.find(" EXISTS") != std::string::npos || line.find(" RECENT") != std::string::npos;
      if (line.starts_with("* BYE")) return std::nullopt;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now());
    if (!ended && (news || left.count() <= 0)) {
      if (!impl_->send("DONE\r\n")) return std::nullopt;
      ended = true;
    }
    if (impl_->kept.find('\n') != std::string::npos) continue;
    const auto got = impl_->receive(ended ? impl_->options.timeout : std::max(left, std::chrono::milliseconds(1)));
    if (got < 0 || (got == 0 && ended)) return std::nullopt;
  }
}

bool ImapConnection::can(std::string_view capability) {
  if (impl_->capabilities.empty()) {
    const auto answer = command("CAPABILITY");
    if (!answer) return false;
    for (const auto& line : answer->lines) impl_->capabilities += " " + upper(line.text) + " ";
  }
  return impl_->capabilities.find(" " + std::string(capability) + " ") != std::string::npos;
}

std::string imap_folder(std::string_view name) {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
  std::string out = "\"";
  std::string units;  // UTF-16, big-endian, of a run that is not ASCII
  const auto flush = [&] {
    if (units.empty()) return;
    out += '&';
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : units) {
      bits = (bits << 8U) | static_cast<unsigned char>(c);
      for (count += 8; count >= 6; count -= 6) out += kLetters[(bits >> (count - 6)) & 63U];
    }
    if (count > 0) out += kLetters[(bits << (6 - count)) & 63U];
    out += '-';
    units.clear();
  };
  for (std::size_t i = 0; i < name.size();) {
    const auto lead = static_cast<unsigned char>(name[i]);
    if (lead < 0x80) {
      flush();
      if (lead == '"' || lead == '\\') out += '\\';
      if (lead >= 0x20 && lead != 0x7F) out += static_cast<char>(lead);
      if (lead == '&') out += '-';
      ++i;
      continue;
    }
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    std::uint32_t point = lead & (0xFFU >> (size + 1));
    for (std::size_t k = 1; k < size && i + k < name.size(); ++k)
      point = (point << 6U) | (static_cast<unsigned char>(name[i + k]) & 0x3FU);
    const auto put = [&](std::uint32_t unit) {
      units += static_cast<char>(unit >> 8U);
      units += static_cast<char>(unit & 0xFFU);
    };
    if (point >= 0x10000) {
      put(0xD800U + ((point - 0x10000U) >> 10U));
      put(0xDC00U + ((point - 0x10000U) & 0x3FFU));
    } else {
      put(point);
    }
    i += size;
  }
  flush();
  return out + "\"";
}

}  // namespace huiyin
