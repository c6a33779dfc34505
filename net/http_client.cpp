#include "net/http_client.h"

#include <curl/curl.h>

#include <mutex>
#include <vector>

#include "core/handle.h"
#include "net/curl_call.h"

namespace huiyin {
namespace {

using CurlEasy = Handle<CURL, curl_easy_cleanup>;

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

HttpClient::HttpClient(Options options) : impl_(std::make_unique<Impl>(options)) { use_curl(); }
HttpClient::~HttpClient() = default;

HttpReply HttpClient::call(const HttpCall& call) {
  auto handle = impl_->take();
  if (!handle) return {.status = 0, .failure = "out of memory for a connection"};
  CurlCall one;
  one.prepare(handle.get(), call,
              {impl_->options.connect_timeout, impl_->options.total_timeout, impl_->options.max_body_bytes});
  auto reply = one.finish(handle.get(), curl_easy_perform(handle.get()));
  impl_->give_back(std::move(handle));
  return reply;
}

}  // namespace huiyin
