#include "net/download.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "core/handle.h"
#include "net/forwarded.h"

namespace huiyin {
namespace {

using CurlEasy = Handle<CURL, curl_easy_cleanup>;
using CurlHeaders = Handle<curl_slist, curl_slist_free_all>;
using CurlUrl = Handle<CURLU, curl_url_cleanup>;
using Trouble = Downloaded::Trouble;

// IANA's special-purpose registries, and what embeds an IPv4 address (6to4, NAT64).
const std::vector<std::string>& special_ranges() {
  static const std::vector<std::string> ranges = {
      "0.0.0.0/8",      "10.0.0.0/8",   "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16", "172.16.0.0/12",
      "192.0.0.0/24",   "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24",
      "203.0.113.0/24", "224.0.0.0/4",  "240.0.0.0/4",    "::/96",          "64:ff9b::/96",   "64:ff9b:1::/48",
      "100::/64",       "2001::/23",    "2001:db8::/32",  "2002::/16",      "fc00::/7",       "fe80::/10",
      "fec0::/10",      "ff00::/8"};
  return ranges;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK || text == nullptr) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

struct Url {
  std::string text{};  ///< normalised
  std::string scheme{}, host{}, port{};
};

/// `text`, or what a Location of `text` means where it was answered by `base`.
std::optional<Url> parse_url(const std::string& text, const std::string& base = {}) {
  const CurlUrl url(curl_url());
  if (!url) return std::nullopt;
  if (!base.empty() && curl_url_set(url.get(), CURLUPART_URL, base.c_str(), 0) != CURLUE_OK) return std::nullopt;
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
  curl_url_set(url.get(), CURLUPART_FRAGMENT, nullptr, 0);
  Url out{.text = part_of(url.get(), CURLUPART_URL),
          .scheme = lower(part_of(url.get(), CURLUPART_SCHEME)),
          .host = lower(part_of(url.get(), CURLUPART_HOST)),
          .port = part_of(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT)};
  while (out.host.ends_with('.')) out.host.pop_back();
  if ((out.scheme != "http" && out.scheme != "https") || out.host.empty()) return std::nullopt;
  return out;
}

std::string origin(const Url& url) { return url.scheme + "://" + url.host + ":" + url.port; }

bool is_named(const std::string& host, const std::vector<std::string>& hosts) {
  return std::any_of(hosts.begin(), hosts.end(), [&](const std::string& known) {
    const auto name = lower(known);
    if (name.starts_with("*.")) return host.size() > name.size() - 1 && host.ends_with(name.substr(1));
    return host == name;
  });
}

/// One request's state, as libcurl's callbacks see it.
struct Transfer {
  const DownloadRules* rules = nullptr;
  const std::function<bool(std::string_view)>* sink = nullptr;
  CURL* curl = nullptr;
  bool trusted = false;
  Downloaded out{};
  std::string refused_address{};
  curl_off_t seen = -1;  ///< bytes of the body when it last moved
  std::chrono::steady_clock::time_point moved{};
  bool stalled = false;

  [[nodiscard]] bool is_redirect() {
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }
};

std::string address_of(const sockaddr& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.sa_family == AF_INET)
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof text);
  else if (address.sa_family == AF_INET6)
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text, sizeof text);
  return text;
}

curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* to) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (!transfer.trusted) {
    const auto address = address_of(to->addr);
    if (!is_public_address(address)) {
      transfer.refused_address = address.empty() ? "a socket that is not of the internet" : address;
      return CURL_SOCKET_BAD;
    }
  }
  return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

std::size_t take_header(const char* data, std::size_t, std::size_t size, void* user) {
  auto& reply = static_cast<Transfer*>(user)->out.reply;
  std::string line(data, size);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
  if (line.starts_with("HTTP/")) reply.headers.clear();
  const auto colon = line.find(':');
  if (colon == std::string::npos) return size;
  const auto value = line.find_first_not_of(" \t", colon + 1);
  reply.headers.emplace_back(lower(line.substr(0, colon)), value == std::string::npos ? "" : line.substr(value));
  return size;
}

std::size_t take_body(const char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.is_redirect()) return size;  // what it says is of no interest
  auto& out = transfer.out;
  const auto fail = [&](Trouble trouble) {
    out.trouble = trouble;
    return std::size_t{0};
  };
  if (out.bytes + static_cast<std::int64_t>(size) > transfer.rules->max_bytes) return fail(Trouble::too_large);
  out.reply.body.append(data, std::min(size, Downloaded::kHead - std::min(out.reply.body.size(), Downloaded::kHead)));
  if (!(*transfer.sink)({data, size})) return fail(Trouble::sink);
  out.bytes += static_cast<std::int64_t>(size);
  return size;
}

/// CURLOPT_LOW_SPEED_TIME looks at an average over seconds: it sees a download that stands still seconds too late.
bool stands_still(Transfer& transfer, curl_off_t received) {
  const auto now = std::chrono::steady_clock::now();
  if (received != transfer.seen) {
    transfer.seen = received;
    transfer.moved = now;
  }
  return now - transfer.moved > transfer.rules->idle_timeout;
}

/// Called with each piece that arrives, and about once a second where none does.
int look_whether_to_stop(void* user, curl_off_t expected, curl_off_t received, curl_off_t, curl_off_t) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (stands_still(transfer, received)) {
    transfer.stalled = true;
    return 1;
  }
  if (transfer.rules->stop != nullptr && transfer.rules->stop->load(std::memory_order_relaxed)) return 1;
  if (expected > transfer.rules->max_bytes && !transfer.is_redirect()) {  // announced: not a byte of it is needed
    transfer.out.trouble = Trouble::too_large;
    return 1;
  }
  return 0;
}

CurlHeaders header_list(const Fields& headers) {
  CurlHeaders list;
  for (const auto& [name, value] : headers)
    if (auto* longer = curl_slist_append(list.get(), (name + ": " + value).c_str())) {
      static_cast<void>(list.release());
      list.reset(longer);
    }
  return list;
}

void set_limits(CURL* curl, const DownloadRules& rules) {
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(rules.connect_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(rules.total_timeout.count()));
}

void set_callbacks(CURL* curl, Transfer& transfer) {
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_whether_to_stop);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
}

Downloaded failed(Trouble trouble, std::string why) {
  Downloaded out{.trouble = trouble, .why = std::move(why)};
  out.reply.status = 0;
  out.reply.failure = out.why;
  return out;
}

void say_what_failed(Transfer& transfer, CURLcode code) {
  auto& out = transfer.out;
  if (!transfer.refused_address.empty()) {
    out.trouble = Trouble::not_allowed;
    out.why = transfer.refused_address + " is no public address";
  } else if (out.trouble == Trouble::too_large) {
    out.why = "larger than " + std::to_string(transfer.rules->max_bytes) + " bytes";
  } else if (out.trouble == Trouble::sink) {
    out.why = "it could not be written";
  } else if (transfer.stalled) {
    out.trouble = Trouble::transport;
    out.why = "nothing came any more";
  } else {
    out.trouble = Trouble::transport;
    out.why = curl_easy_strerror(code);
  }
  out.reply.failure = out.why;
}

/// One request, without following anything.
Downloaded fetch(const HttpCall& call, const Url& url, const DownloadRules& rules,
                 const std::function<bool(std::string_view)>& sink) {
  const bool trusted = !rules.trusted_origin.empty() && origin(url) == origin_of(rules.trusted_origin);
  if (!trusted && !is_named(url.host, rules.hosts))
    return failed(Trouble::not_allowed, "media are not fetched from " + url.host);
  const CurlEasy handle(curl_easy_init());
  if (!handle) return failed(Trouble::transport, "out of memory for a connection");
  auto* curl = handle.get();
  Transfer transfer{.rules = &rules, .sink = &sink, .curl = curl, .trusted = trusted};
  const auto headers = header_list(call.headers);
  const auto body = call.body.empty() && !call.form.empty() ? with_query("", call.form).substr(1) : call.body;
  set_limits(curl, rules);
  set_callbacks(curl, transfer);
  curl_easy_setopt(curl, CURLOPT_URL, url.text.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  if (call.method != "GET") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call.method.c_str());
  }
  const auto code = curl_easy_perform(curl);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  transfer.out.reply.status = static_cast<int>(status);
  transfer.out.reply.request_left = status != 0;
  if (code != CURLE_OK) say_what_failed(transfer, code);
  return std::move(transfer.out);
}

const std::string* location_of(const Downloaded& fetched) {
  const auto status = fetched.reply.status;
  if (fetched.trouble != Trouble::none || status < 301 || status > 308 || (status > 303 && status < 307))
    return nullptr;
  for (const auto& [name, value] : fetched.reply.headers)
    if (name == "location") return &value;
  return nullptr;
}

}  // namespace

bool is_public_address(std::string_view address) {
  const std::string text(address);
  in6_addr ignored{};
  if (inet_pton(AF_INET, text.c_str(), &ignored) != 1 && inet_pton(AF_INET6, text.c_str(), &ignored) != 1) return false;
  return !is_in_ranges(address, special_ranges());
}

std::string origin_of(const std::string& url) {
  const auto parsed = parse_url(url);
  return parsed ? origin(*parsed) : std::string();
}

Downloaded download(const HttpCall& call, const DownloadRules& rules,
                    const std::function<bool(std::string_view)>& sink) {
  HttpCall next = call;
  auto url = parse_url(call.url);
  if (!url) return failed(Trouble::not_allowed, "no http or https URL");
  for (int redirects = 0;; ++redirects) {
    auto fetched = fetch(next, *url, rules, sink);
    const auto* location = location_of(fetched);
    if (location == nullptr) return fetched;
    if (redirects == rules.max_redirects) return failed(Trouble::not_allowed, "too many redirects");
    url = parse_url(*location, url->text);
    if (!url) return failed(Trouble::not_allowed, "a redirect to no http or https URL");
    next = HttpCall{.method = "GET"};
  }
}

}  // namespace huiyin
