#include "net/http_client.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "net/http_server.h"
#include "tests/net/raw_connection.h"

namespace huiyin {
namespace {

using namespace std::chrono_literals;

class HttpClientTest : public testing::Test {
 protected:
  void SetUp() override {
    server_.handle([](const HttpRequest& request) {
      if (request.path == "/slow") std::this_thread::sleep_for(2s);
      if (request.path == "/large") return HttpReply{.body = std::string(5000, 'x')};
      return HttpReply{.status = 202,
                       .body = request.method + " " + request.path + "?" + request.query + " [" +
                               std::string(request.header("content-type")) + "] " + request.body,
                       .headers = {{"X-Answer", " 42"}}};
    });
    port_ = server_.start().value();
  }
  [[nodiscard]] std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  ManualClock clock_{Time(Millis(1795428712000))};
  HttpServer server_{{}, clock_};
  int port_ = 0;
};

TEST_F(HttpClientTest, SendsFormsBodiesAndGets) {
  HttpClient client;
  const auto form = client.call({.url = url("/a?x=1"), .form = {{"to", "+86 138"}, {"text", "电&梯"}}});
  EXPECT_FALSE(form.failure);
  EXPECT_EQ(form.status, 202);
  EXPECT_EQ(form.body, "POST /a?x=1 [application/x-www-form-urlencoded] to=%2B86%20138&text=%E7%94%B5%26%E6%A2%AF");
  const auto json = client.call({.url = url("/b"), .body = "{}", .headers = {{"Content-Type", "application/json"}}});
  EXPECT_EQ(json.body, "POST /b? [application/json] {}");
  const auto get = client.call({.url = url("/c"), .method = "GET"});
  EXPECT_EQ(get.body, "GET /c? [] ");
  EXPECT_EQ(client.call({.url = url("/d"), .body = "x", .method = "PUT"}).body.substr(0, 5), "PUT /");
  const Fields expected{{"x-answer", "42"}};
  EXPECT_NE(std::find(get.headers.begin(), get.headers.end(), expected.front()), get.headers.end());
}

TEST_F(HttpClientTest, SendsAFile) {
  const auto file = std::filesystem::temp_directory_path() / ("huiyin-upload-" + std::to_string(::getpid()));
  std::ofstream(file) << "\xff\xd8 photo";
  HttpClient client;
  HttpCall call{.url = url("/upload?type=image")};
  call.upload = HttpUpload{.field = "media", .file = file.string(), .name = "photo.jpg", .type = "image/jpeg"};
  const auto sent = client.call(call);
  EXPECT_TRUE(sent.body.starts_with("POST /upload?type=image [multipart/form-data; boundary=")) << sent.body;
  EXPECT_NE(sent.body.find("Content-Disposition: form-data; name=\"media\"; filename=\"photo.jpg\"\r\nContent-Type: "
                           "image/jpeg\r\n\r\n\xff\xd8 photo\r\n"),
            std::string::npos)
      << sent.body;
  std::filesystem::remove(file);
  EXPECT_TRUE(client.call(call).failure) << "a file that is not there";
  EXPECT_FALSE(client.call({.url = url("/b"), .body = "{}"}).failure) << "the handle is good for the next call";
}

TEST_F(HttpClientTest, AnAnswerOverTheLimitIsAFailure) {
  HttpClient client({.max_body_bytes = 4999});
  const auto reply = client.call({.url = url("/large")});
  ASSERT_TRUE(reply.failure);
  EXPECT_EQ(*reply.failure, "the answer is larger than we take");
  EXPECT_TRUE(reply.request_left);
  EXPECT_LE(reply.body.size(), 4999U);
}

TEST_F(HttpClientTest, SaysWhetherTheRequestHadLeft) {
  HttpClient client({.total_timeout = 700ms});
  ASSERT_FALSE(client.call({.url = url("/a"), .method = "GET"}).failure);  // the handle is used again below
  const auto late = client.call({.url = url("/slow")});
  EXPECT_TRUE(late.failure);
  EXPECT_TRUE(late.request_left);
  server_.stop();
  const auto refused = client.call({.url = url("/a")});
  EXPECT_TRUE(refused.failure);
  EXPECT_FALSE(refused.request_left);
  EXPECT_TRUE(client.call({.url = "file:///etc/hostname", .method = "GET"}).failure);
}

TEST_F(HttpClientTest, ManyThreadsShareIt) {
  HttpClient client;
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const auto tag = std::to_string(t * 100 + i);
        if (client.call({.url = url("/" + tag), .body = tag}).body.ends_with(" " + tag)) ++good;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 160);
}

}  // namespace
}  // namespace huiyin
