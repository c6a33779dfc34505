#include "net/http_multi.h"

#include <curl/curl.h>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/handle.h"
#include "core/thread_name.h"
#include "net/curl_call.h"

namespace huiyin {
namespace {

using Steady = std::chrono::steady_clock;
using CurlEasy = Handle<CURL, curl_easy_cleanup>;
using CurlMulti = Handle<CURLM, curl_multi_cleanup>;

constexpr auto kStopped = "the client was stopped";
constexpr long kIdleConnections = 256;  // over all hosts
constexpr std::size_t kIdleHandles = 256;
constexpr int kMostEvents = 256;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {
    if (number < 0) throw std::runtime_error("no file descriptor for the HTTP client");
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

struct Transfer {
  CurlEasy handle{};
  CurlCall call{};
  HttpMulti::Done done{};
};

struct Request {
  HttpCall call{};
  std::chrono::milliseconds timeout{};
  HttpMulti::Done done{};
};

}  // namespace

struct HttpMulti::Impl {
  explicit Impl(Options given);
  ~Impl() { stop({}); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void begin(Request request);
  void stop(std::chrono::milliseconds patience);

  void work();
  void start(Request request);
  bool take_requests();
  void wait();
  void collect();
  void end(std::unique_ptr<Transfer> transfer, HttpReply reply);
  void give_all_up();
  void wake() const;

  static int on_socket(CURL*, curl_socket_t socket, int what, void* user, void* known);
  static int on_timer(CURLM*, long timeout_ms, void* user);

  const Options options;
  Descriptor epoll{::epoll_create1(EPOLL_CLOEXEC)};
  Descriptor wakes{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};

  std::mutex mutex{};
  std::condition_variable idle{};
  std::vector<Request> requests{};
  std::size_t under_way = 0;  ///< begun, and not done yet
  bool stopping = false;

  // The loop's own.
  CurlMulti multi{};
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> transfers{};
  std::vector<std::unique_ptr<Transfer>> spare{};
  std::optional<Steady::time_point> timer{};
  std::thread thread{};
};

HttpMulti::Impl::Impl(Options given) : options(given) {
  use_curl();
  multi.reset(curl_multi_init());
  if (!multi) throw std::runtime_error("libcurl could not be initialised");
  curl_multi_setopt(multi.get(), CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi.get(), CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi.get(), CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(multi.get(), CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi.get(), CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(options.connections_per_host));
  curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, kIdleConnections);
  curl_multi_setopt(multi.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  epoll_event event{.events = EPOLLIN, .data = {.fd = wakes.number()}};
  ::epoll_ctl(epoll.number(), EPOLL_CTL_ADD, wakes.number(), &event);
  thread = std::thread([this] { work(); });
}

void HttpMulti::Impl::wake() const {
  const std::uint64_t one = 1;
  // It fails only where the counter is full: the loop has been woken often enough then.
  static_cast<void>(::write(wakes.number(), &one, sizeof one) == 0);
}

void HttpMulti::Impl::begin(Request request) {
  std::unique_lock lock(mutex);
  if (stopping) {
    lock.unlock();
    return request.done({.status = 0, .failure = kStopped});
  }
  ++under_way;
  const bool first = requests.empty();
  requests.push_back(std::move(request));
  lock.unlock();
  if (first) wake();
}

void HttpMulti::Impl::stop(std::chrono::milliseconds patience) {
  {
    std::unique_lock lock(mutex);
    idle.wait_for(lock, patience, [this] { return under_way == 0; });
    stopping = true;
  }
  wake();
  if (thread.joinable()) thread.join();
}

void HttpMulti::Impl::work() {
  name_thread("http-out");
  while (take_requests()) {
    collect();
    wait();
    collect();
  }
  give_all_up();
}

/// False once the client was stopped.
bool HttpMulti::Impl::take_requests() {
  std::vector<Request> taken;
  {
    const std::lock_guard lock(mutex);
    if (stopping) return false;
    taken.swap(requests);
  }
  for (auto& request : taken) start(std::move(request));
  return true;
}

void HttpMulti::Impl::start(Request request) {
  std::unique_ptr<Transfer> transfer;
  if (spare.empty()) {
    transfer = std::make_unique<Transfer>();
    transfer->handle.reset(curl_easy_init());
  } else {
    transfer = std::move(spare.back());
    spare.pop_back();
  }
  transfer->done = std::move(request.done);
  auto* curl = transfer->handle.get();
  if (curl == nullptr) return end(std::move(transfer), {.status = 0, .failure = "out of memory for a connection"});
  const bool may_share = request.call.url.starts_with("https:");
  transfer->call.prepare(curl, std::move(request.call),
                         {options.connect_timeout, request.timeout, options.max_body_bytes});
  // Wait for a connection that is being made, as it may turn out to be one of HTTP/2: one for all.
  curl_easy_setopt(curl, CURLOPT_PIPEWAIT, may_share ? 1L : 0L);
  if (const auto code = curl_multi_add_handle(multi.get(), curl); code != CURLM_OK)
    return end(std::move(transfer), {.status = 0, .failure = curl_multi_strerror(code)});
  transfers.emplace(curl, std::move(transfer));
}

int HttpMulti::Impl::on_socket(CURL*, curl_socket_t socket, int what, void* user, void* known) {
  auto& self = *static_cast<Impl*>(user);
  if (what == CURL_POLL_REMOVE) {
    ::epoll_ctl(self.epoll.number(), EPOLL_CTL_DEL, socket, nullptr);
    curl_multi_assign(self.multi.get(), socket, nullptr);
    return 0;
  }
  epoll_event event{};
  event.events = ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
  event.data.fd = socket;
  ::epoll_ctl(self.epoll.number(), known == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
  if (known == nullptr) curl_multi_assign(self.multi.get(), socket, &self);
  return 0;
}

int HttpMulti::Impl::on_timer(CURLM*, long timeout_ms, void* user) {
  auto& self = *static_cast<Impl*>(user);
  self.timer.reset();
  if (timeout_ms >= 0) self.timer = Steady::now() + std::chrono::milliseconds(timeout_ms);
  return 0;
}

/// Waits for sockets, the timer or wake(), and lets libcurl do what it can.
void HttpMulti::Impl::wait() {
  int patience = -1;
  if (timer) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*timer - Steady::now()).count();
    patience = static_cast<int>(std::max<std::int64_t>(0, left));
  }
  std::array<epoll_event, kMostEvents> events{};
  const int count = ::epoll_wait(epoll.number(), events.data(), kMostEvents, patience);
  int running = 0;
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    if (event.data.fd == wakes.number()) {
      std::uint64_t counted = 0;
      static_cast<void>(::read(wakes.number(), &counted, sizeof counted) == 0);
      continue;
    }
    const int ready = ((event.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                      ((event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                      ((event.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
    curl_multi_socket_action(multi.get(), event.data.fd, ready, &running);
  }
  if (timer && Steady::now() >= *timer) {
    timer.reset();
    curl_multi_socket_action(multi.get(), CURL_SOCKET_TIMEOUT, 0, &running);
  }
}

void HttpMulti::Impl::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    auto* curl = message->easy_handle;
    const auto code = message->data.result;  // goes with the handle
    const auto found = transfers.find(curl);
    auto transfer = std::move(found->second);
    transfers.erase(found);
    curl_multi_remove_handle(multi.get(), curl);
    auto reply = transfer->call.finish(curl, code);
    end(std::move(transfer), std::move(reply));
  }
}

void HttpMulti::Impl::end(std::unique_ptr<Transfer> transfer, HttpReply reply) {
  const auto done = std::exchange(transfer->done, {});
  if (transfer->handle && spare.size() < kIdleHandles) {
    curl_easy_reset(transfer->handle.get());
    spare.push_back(std::move(transfer));
  }
  done(std::move(reply));
  const std::lock_guard lock(mutex);
  if (--under_way == 0) idle.notify_all();
}

void HttpMulti::Impl::give_all_up() {
  for (auto& [curl, transfer] : std::exchange(transfers, {})) {
    curl_multi_remove_handle(multi.get(), curl);
    auto reply = transfer->call.give_up(curl, kStopped);
    end(std::move(transfer), std::move(reply));
  }
  std::vector<Request> left;
  {
    const std::lock_guard lock(mutex);
    left.swap(requests);
    under_way -= left.size();
  }
  for (auto& request : left) request.done({.status = 0, .failure = kStopped});
  idle.notify_all();
}

HttpMulti::HttpMulti(Options options) : impl_(std::make_unique<Impl>(options)) {}
HttpMulti::~HttpMulti() = default;

void HttpMulti::call(HttpCall call, std::chrono::milliseconds timeout, Done done) {
  impl_->begin({std::move(call), timeout, std::move(done)});
}

std::size_t HttpMulti::in_flight() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->under_way;
}

void HttpMulti::stop(std::chrono::milliseconds patience) { impl_->stop(patience); }

}  // namespace huiyin
