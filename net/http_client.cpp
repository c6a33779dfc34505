#include "net/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <mutex>
#include <vector>

#include "core/handle.h"

namespace huiyin {
namespace {

using CurlEasy = Handle<CURL, curl_easy_cleanup>;
using CurlHeaders = Handle<curl_slist, curl_slist_free_all>;

struct CurlLibrary {
  CurlLibrary() { curl_global_init(CURL_GLOBAL_DEFAULT); }
};

struct Incoming {
  HttpReply reply{};
  std::size_t max_body_bytes = 0;
  bool too_large = false;
};

std::size_t take_body(const char* data, std::size_t, std::size_t size, void* user) {
  auto& incoming = *static_cast<Incoming*>(user);
  incoming.too_large = incoming.reply.body.size() + size > incoming.max_body_bytes;
  if (incoming.too_large) return 0;
  incoming.reply.body.append(data, size);
  return size;
}

std::size_t take_header(const char* data, std::size_t, std::size_t size, void* user) {
  auto& headers = static_cast<Incoming*>(user)->reply.headers;
  std::string line(data, size);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
  if (line.starts_with("HTTP/")) headers.clear();  // a new head: what came before was a 100 Continue
  const auto colon = line.find(':');
  if (colon == std::string::npos) return size;
  auto name = line.substr(0, colon);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto value = line.find_first_not_of(" \t", colon + 1);
  headers.emplace_back(std::move(name), value == std::string::npos ? std::string() : line.substr(value));
  return size;
}

std::string form_body(const Fields& form) { return form.empty() ? std::string() : with_query("", form).substr(1); }

CurlHeaders header_list(const HttpCall& call) {
  CurlHeaders list;
  const auto add = [&list](const std::string& line) {
    if (auto* longer = curl_slist_append(list.get(), line.c_str())) {
      static_cast<void>(list.release());
      list.reset(longer);
    }
  };
  for (const auto& [name, value] : call.headers) add(name + ": " + value);
  add("Expect:");  // no waiting for 100 Continue, which many providers never send
  return list;
}

}  // namespace

struct HttpClient::Impl {
  explicit Impl(Options given) : options(given) {}

  /// Idle handles keep their connections open; there are never more than calls were made at once.
  CurlEasy take() {
    {
      const std::scoped_lock lock(mutex);
      if (!idle.empty()) {
        auto handle = std::move(idle.back());
        idle.pop_back();
        return handle;
      }
    }
    return CurlEasy(curl_easy_init());
  }
  void give_back(CurlEasy handle) {
    curl_easy_reset(handle.get());
    const std::scoped_lock lock(mutex);
    idle.push_back(std::move(handle));
  }

  const Options options;
  std::mutex mutex;
  std::vector<CurlEasy> idle;
};

HttpClient::HttpClient(Options options) : impl_(std::make_unique<Impl>(options)) { static const CurlLibrary library; }
HttpClient::~HttpClient() = default;

HttpReply HttpClient::call(const HttpCall& call) {
  auto handle = impl_->take();
  if (!handle) return {.status = 0, .failure = "out of memory for a connection"};
  auto* curl = handle.get();
  Incoming incoming{.max_body_bytes = impl_->options.max_body_bytes};
  const auto headers = header_list(call);
  const auto body = call.body.empty() ? form_body(call.form) : call.body;

  curl_easy_setopt(curl, CURLOPT_URL, call.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(impl_->options.connect_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(impl_->options.total_timeout.count()));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &incoming);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &incoming);
  if (call.method == "GET") {
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
  } else {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call.method.c_str());
  }

  const auto code = curl_easy_perform(curl);
  long status = 0, sent = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent);
  auto& reply = incoming.reply;
  reply.status = static_cast<int>(status);
  reply.request_left = sent > 0;
  if (code != CURLE_OK) {
    reply.failure = incoming.too_large ? "the answer is larger than we take" : curl_easy_strerror(code);
  }
  impl_->give_back(std::move(handle));
  return std::move(reply);
}

}  // namespace huiyin
