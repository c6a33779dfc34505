#include "bench/sms_responder.h"

#include <atomic>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <stdexcept>

#include "core/time.h"
#include "net/http_multi.h"
#include "net/http_server.h"

namespace huiyin::bench {
namespace {

using namespace std::chrono_literals;

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

/// What Huiyin says to the three messages of the bench, word for word but for the ticket's number.
std::string answer_to(std::string_view text) {
  if (text == "报修")
    return "【压测物业】您的信息仅用于处理此事，不同意请回复“不同意”。\n请一次回复：地址,问题。例如：3栋2单元602,"
           "厨房水管漏水";
  if (text == "进度") return "【压测物业】工单HY1024-4待受理：厨房水管漏水（11-26 15:22登记）";
  return "【压测物业】已登记，工单号HY1024-"
         "4：3栋2单元1024，厨房水管漏水。请回复您的称呼，更正或补充也直接回复，查进度回复“进度”。";
}

}  // namespace

int run_responder(int port, const std::string& send_url) {
  const SystemClock clock;
  HttpMulti sendsms;
  std::atomic<std::uint64_t> key{0};
  HttpServer server({.port = port, .threads = 1}, clock);
  const auto reports = "http://127.0.0.1:" + std::to_string(port) + "/hook/sms/kannel/bench/dlr?key=";
  server.handle([&](const HttpRequest& request) {
    if (request.path.ends_with("/dlr")) return HttpReply{.status = 200};
    HttpCall call{.url = send_url, .body = answer_to(request.param("text"))};
    call.headers = {{"Content-Type", "text/plain; charset=UTF-8"},
                    {"X-Kannel-Username", "huiyin"},
                    {"X-Kannel-Password", "huiyin-test"},
                    {"X-Kannel-From", "10690000"},
                    {"X-Kannel-To", request.param("from")},
                    {"X-Kannel-Coding", "2"},
                    {"X-Kannel-DLR-Mask", "19"},
                    {"X-Kannel-DLR-Url", reports + std::to_string(++key) + "&dlr=%d&reply=%A"}};
    sendsms.call(std::move(call), 20s, [](const HttpReply& reply) {
      if (reply.failure || reply.status != 202) std::cerr << "sendsms: " << reply.status << ' ' << reply.body << '\n';
    });
    return HttpReply{.status = 200};
  });
  if (const auto started = server.start(); !started) throw std::runtime_error(describe(started.error()));
  std::cout << "ready" << std::endl;  // NOLINT(performance-avoid-endl): the parent waits for it
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable never;
  never.wait(lock, [] { return false; });
  return 0;
}

}  // namespace huiyin::bench
