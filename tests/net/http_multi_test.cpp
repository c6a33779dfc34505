#include "net/http_multi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "tests/net/fault_server.h"

namespace huiyin {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

std::future<HttpReply> begin(HttpMulti& multi, HttpCall call, std::chrono::milliseconds timeout = 5s) {
  auto promise = std::make_shared<std::promise<HttpReply>>();
  auto reply = promise->get_future();
  multi.call(std::move(call), timeout, [promise](HttpReply given) { promise->set_value(std::move(given)); });
  return reply;
}

TEST(HttpMulti, ManyCallsShareFewConnections) {
  FaultServer server([](const FaultServer::Request& request) { return FaultServer::whole(request.body); });
  HttpMulti multi({.connections_per_host = 8});
  std::vector<std::future<HttpReply>> replies;
  for (int i = 0; i < 500; ++i) replies.push_back(begin(multi, {.url = server.url("/"), .body = std::to_string(i)}));
  for (int i = 0; i < 500; ++i) {
    const auto reply = replies[static_cast<std::size_t>(i)].get();
    EXPECT_FALSE(reply.failure) << *reply.failure;
    EXPECT_EQ(reply.body, std::to_string(i));
  }
  EXPECT_EQ(server.requests(), 500);
  EXPECT_LE(server.connections(), 8);
  multi.stop(1s);
  EXPECT_EQ(multi.in_flight(), 0U);
}

TEST(HttpMulti, AStalledServerHoldsUpNobodyElse) {
  FaultServer stalled([](const auto&) { return FaultServer::Answer{.hangs = true}; });
  FaultServer lively([](const auto&) { return FaultServer::whole("ok"); });
  HttpMulti multi({.connections_per_host = 4});
  std::vector<std::future<HttpReply>> waiting;
  for (int i = 0; i < 20; ++i) waiting.push_back(begin(multi, {.url = stalled.url("/"), .body = "x"}, 60s));
  for (int i = 0; i < 50; ++i) ASSERT_EQ(begin(multi, {.url = lively.url("/"), .body = "x"}).get().body, "ok");
  for (auto& one : waiting) EXPECT_EQ(one.wait_for(0s), std::future_status::timeout) << "the others still wait";
  const auto limit = Steady::now() + 30s;
  while (stalled.requests() < 4 && Steady::now() < limit) std::this_thread::sleep_for(1ms);
  multi.stop(0ms);
  int left = 0;
  for (auto& one : waiting) {
    const auto reply = one.get();
    ASSERT_TRUE(reply.failure);
    left += reply.request_left ? 1 : 0;
  }
  EXPECT_EQ(left, 4) << "only those that got a connection had left";
}

TEST(HttpMulti, SaysWhetherTheRequestHadLeft) {
  struct {
    const char* name;
    FaultServer::Answer answer;
    bool failed;
    bool left;
  } const table[] = {
      {"html", FaultServer::whole("<html>502</html>", "502 Bad Gateway"), false, true},
      {"half an answer", {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"errcode\":", true}, true, true},
      {"no HTTP", {"SSH-2.0-OpenSSH_9.2\r\n", true}, true, true},
      {"nothing, and closed", {"", true}, true, true},
      {"nothing at all", {.hangs = true}, true, true},
  };
  for (const auto& row : table) {
    FaultServer server([&](const auto&) { return row.answer; });
    HttpMulti multi;
    const auto reply = begin(multi, {.url = server.url("/"), .body = "x"}, row.answer.hangs ? 300ms : 30s).get();
    EXPECT_EQ(reply.failure.has_value(), row.failed) << row.name;
    EXPECT_EQ(reply.request_left, row.left) << row.name;
  }
  int port = 0;
  {
    const auto free = listen_on("127.0.0.1", 0).value();
    port = free.port;
    close(free.socket);
  }
  HttpMulti multi;
  const auto refused = begin(multi, {.url = "http://127.0.0.1:" + std::to_string(port), .body = "x"}).get();
  EXPECT_TRUE(refused.failure);
  EXPECT_FALSE(refused.request_left);
}

TEST(HttpMulti, APostIsNotRepeatedWhereAKeptConnectionDies) {
  FaultServer server([](const FaultServer::Request& request) {
    if (request.on_connection == 1) return FaultServer::whole("ok");
    return FaultServer::Answer{.closes = true};  // it was taken, and nobody is told
  });
  HttpMulti multi;
  EXPECT_EQ(begin(multi, {.url = server.url("/"), .body = "1"}).get().body, "ok");
  const auto reply = begin(multi, {.url = server.url("/"), .body = "2"}).get();
  ASSERT_TRUE(reply.failure);
  EXPECT_TRUE(reply.request_left);
  EXPECT_EQ(server.requests(), 2);
  EXPECT_EQ(begin(multi, {.url = server.url("/"), .method = "GET"}).get().body, "ok");
}

TEST(HttpMulti, BodiesAreBounded) {
  FaultServer server([](const auto&) { return FaultServer::whole(std::string(100000, 'x')); });
  HttpMulti multi({.max_body_bytes = 1000});
  const auto reply = begin(multi, {.url = server.url("/"), .body = "x"}).get();
  EXPECT_EQ(reply.failure, "the answer is larger than we take");
  EXPECT_LE(reply.body.size(), 1000U);
}

TEST(HttpMulti, StoppingEndsEveryCallOnce) {
  FaultServer server([](const auto&) { return FaultServer::Answer{.hangs = true}; });
  auto multi = std::make_unique<HttpMulti>();
  std::vector<std::future<HttpReply>> replies;
  for (int i = 0; i < 100; ++i) replies.push_back(begin(*multi, {.url = server.url("/"), .body = "x"}, 30s));
  const auto limit = Steady::now() + 30s;
  while (server.requests() < 64 && Steady::now() < limit) std::this_thread::sleep_for(1ms);
  const auto began = Steady::now();
  multi->stop(50ms);
  EXPECT_LT(Steady::now() - began, 20s) << "not the 30 s of each call";
  int left = 0;
  for (auto& one : replies) {
    const auto reply = one.get();
    EXPECT_TRUE(reply.failure);
    left += reply.request_left ? 1 : 0;
  }
  EXPECT_EQ(left, 64);
  EXPECT_TRUE(begin(*multi, {.url = server.url("/")}).get().failure) << "none after the end";
}

TEST(HttpMulti, ACallMayBeginTheNext) {
  FaultServer server([](const FaultServer::Request& request) { return FaultServer::whole(request.body); });
  HttpMulti multi;
  std::promise<std::string> last;
  std::function<void(int)> next = [&](int i) {
    multi.call({.url = server.url("/"), .body = std::to_string(i)}, 5s, [&, i](HttpReply reply) {
      if (i == 100) return last.set_value(reply.body);
      next(i + 1);
    });
  };
  next(1);
  EXPECT_EQ(last.get_future().get(), "100");
  EXPECT_EQ(server.connections(), 1);
}

}  // namespace
}  // namespace huiyin
