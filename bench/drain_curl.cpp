#include "bench/drain_curl.h"

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <vector>

#include "core/handle.h"

namespace huiyin::bench {
namespace {

struct Slot {
  Handle<CURL, curl_easy_cleanup> handle{curl_easy_init()};
  std::string body{};
};

std::size_t drop(const char*, std::size_t, std::size_t size, void*) { return size; }

/// As large as what the daemon sends. The number of each destination's message is always 0: none is in order.
std::string message(int number) {
  return R"({"key":"curl-)" + std::to_string(number) + R"(","to":"curl-)" + std::to_string(number) +
         R"(","text":"0","template":"bench.drain","data":{},"locale":"zh-CN"})";
}

}  // namespace

double run_curl_alone(const std::string& url, int messages, int concurrency) {
  using Steady = std::chrono::steady_clock;
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const Handle<CURLM, curl_multi_cleanup> multi(curl_multi_init());
  Handle<curl_slist, curl_slist_free_all> headers(curl_slist_append(nullptr, "Content-Type: application/json"));
  curl_slist_append(headers.get(), "Idempotency-Key: 123456789012345678");
  curl_slist_append(headers.get(), "Expect:");
  int begun = 0, ended = 0;
  const auto begin = [&](Slot& slot) {
    auto* curl = slot.handle.get();
    slot.body = message(begun++);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(slot.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, slot.body.c_str());
    curl_multi_add_handle(multi.get(), curl);
  };
  std::vector<std::unique_ptr<Slot>> slots;
  const auto started = Steady::now();
  for (int i = 0; i < concurrency; ++i) {
    auto& slot = *slots.emplace_back(std::make_unique<Slot>());
    auto* curl = slot.handle.get();
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(curl, CURLOPT_PRIVATE, &slot);
    begin(slot);
  }
  while (ended < messages) {
    int running = 0, left = 0;
    curl_multi_perform(multi.get(), &running);
    while (const auto* done = curl_multi_info_read(multi.get(), &left)) {
      if (done->data.result != CURLE_OK) throw std::runtime_error(curl_easy_strerror(done->data.result));
      auto* curl = done->easy_handle;
      Slot* slot = nullptr;
      curl_easy_getinfo(curl, CURLINFO_PRIVATE, &slot);
      curl_multi_remove_handle(multi.get(), curl);
      ++ended;
      if (begun < messages) begin(*slot);
    }
    if (ended < messages) curl_multi_poll(multi.get(), nullptr, 0, 100, nullptr);
  }
  const auto took = std::chrono::duration<double>(Steady::now() - started).count();
  return static_cast<double>(messages) / took;
}

}  // namespace huiyin::bench
