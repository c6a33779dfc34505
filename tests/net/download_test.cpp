#include "net/download.h"

#include <gtest/gtest.h>

#include "tests/net/raw_server.h"

namespace huiyin {
namespace {

using namespace std::chrono_literals;
using Trouble = Downloaded::Trouble;

const std::string kPhoto = "\xFF\xD8\xFF" + std::string(40000, 'p');

void misbehave(RawServer::Peer& peer) {
  const auto request = peer.request();
  if (request == "GET /photo") return peer.answer(200, "Content-Type: image/jpeg\r\n", kPhoto);
  if (request == "POST /post") return peer.answer(200, "", "posted");
  if (request == "GET /expired") return peer.answer(200, "Content-Type: text/plain\r\n", R"({"errcode":40007})");
  if (request == "GET /half") {
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    peer.write(std::string(500, 'h'));
  } else if (request == "GET /half-chunk") {
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n400\r\nonly so much");
  } else if (request == "GET /announced") {
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n");
    peer.wait(5s);
  } else if (request == "GET /endless") {
    peer.write("HTTP/1.1 200 OK\r\n\r\n");
    while (peer.write(std::string(65536, 'e'))) {
    }
  } else if (request == "GET /mute") {
    peer.wait(5s);
  } else if (request == "GET /stalls") {
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbeginning");
    peer.wait(5s);
  } else if (request == "GET /loop") {
    peer.answer(302, "Location: /loop\r\n", "");
  } else if (request == "GET /relative") {
    peer.answer(302, "Location: photo\r\n", "see there");
  } else if (request.starts_with("GET /to?")) {
    peer.answer(307, "Location: " + url_decode(request.substr(8), false) + "\r\n", std::string(100000, 'x'));
  } else if (request == "GET /headers") {
    peer.answer(200, "", peer.head());
  }
}

class Download : public testing::Test {
 protected:
  Downloaded get(const std::string& url, DownloadRules rules) {
    rules.max_bytes = rules.max_bytes == 0 ? 100000 : rules.max_bytes;
    taken_.clear();
    return download({.url = url, .headers = {{"Authorization", "secret"}}, .method = "GET"}, rules,
                    [this](std::string_view bytes) {
                      if (!takes_) return false;
                      taken_.append(bytes);
                      return true;
                    });
  }
  /// From our own server, which is trusted.
  Downloaded get(const std::string& path) { return get(server_.url(path), trusted()); }
  DownloadRules trusted() const { return {.trusted_origin = server_.url("")}; }

  RawServer server_{misbehave};
  std::string taken_;
  bool takes_ = true;
};

TEST_F(Download, StreamsTheBodyAndKeepsItsHead) {
  const auto photo = get("/photo");
  EXPECT_EQ(photo.trouble, Trouble::none) << photo.why;
  EXPECT_EQ(taken_, kPhoto);
  EXPECT_EQ(photo.bytes, static_cast<std::int64_t>(kPhoto.size()));
  EXPECT_EQ(photo.reply.body, kPhoto.substr(0, Downloaded::kHead));
  EXPECT_EQ(photo.reply.status, 200);
  EXPECT_FALSE(photo.reply.failure);
  EXPECT_EQ(get("/expired").reply.body, R"({"errcode":40007})") << "what an error in a 200 says is there to be judged";
}

TEST_F(Download, PostsWhereThatIsAsked) {
  const auto posted =
      download({.url = server_.url("/post"), .body = "{}"}, {.trusted_origin = server_.url(""), .max_bytes = 10},
               [](std::string_view) { return true; });
  EXPECT_EQ(posted.reply.body, "posted") << posted.why;
}

TEST_F(Download, WhatIsNotWholeIsAFailureOfTransport) {
  for (const char* path : {"/half", "/half-chunk", "/nothing"}) {
    const auto broken = get(path);
    EXPECT_EQ(broken.trouble, Trouble::transport) << path;
    EXPECT_TRUE(broken.reply.failure) << path;
  }
  const auto nobody = get("http://127.0.0.1:1/", {.trusted_origin = "http://127.0.0.1:1"});
  EXPECT_EQ(nobody.trouble, Trouble::transport);
}

TEST_F(Download, WhatIsTooLargeIsNotTaken) {
  EXPECT_EQ(get("/announced").trouble, Trouble::too_large);
  EXPECT_EQ(taken_, "") << "not a byte of what was announced";
  const auto endless = get("/endless");
  EXPECT_EQ(endless.trouble, Trouble::too_large) << endless.why;
  EXPECT_LE(taken_.size(), 100000U);
  auto exactly = trusted();
  exactly.max_bytes = static_cast<std::int64_t>(kPhoto.size());
  EXPECT_EQ(get(server_.url("/photo"), exactly).trouble, Trouble::none);
  --exactly.max_bytes;
  EXPECT_EQ(get(server_.url("/photo"), exactly).trouble, Trouble::too_large);
}

TEST_F(Download, SilenceEnds) {
  for (const char* path : {"/mute", "/stalls"}) {
    auto rules = trusted();
    rules.idle_timeout = 1s;
    rules.total_timeout = 60s;
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(get(server_.url(path), rules).trouble, Trouble::transport) << path;
    EXPECT_LT(std::chrono::steady_clock::now() - began, 20s) << path;
    rules.idle_timeout = 60s;
    rules.total_timeout = 300ms;
    EXPECT_EQ(get(server_.url(path), rules).trouble, Trouble::transport) << path;
  }
}

TEST_F(Download, IsStoppedFromOutside) {
  std::atomic<bool> stop{false};
  auto rules = trusted();
  rules.stop = &stop;
  std::thread stopper([&] {
    std::this_thread::sleep_for(100ms);
    stop = true;
  });
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(get(server_.url("/mute"), rules).trouble, Trouble::transport);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 15s);
  stopper.join();
}

TEST_F(Download, ASinkThatIsFullEndsIt) {
  takes_ = false;
  EXPECT_EQ(get("/photo").trouble, Trouble::sink);
}

TEST_F(Download, FollowsRedirectsWithinTheRulesAlone) {
  EXPECT_EQ(get("/relative").trouble, Trouble::none);
  EXPECT_EQ(taken_, kPhoto) << "nothing of the redirect's own body";
  EXPECT_EQ(get("/to?/headers").trouble, Trouble::none);
  EXPECT_EQ(taken_.find("secret"), std::string::npos) << "what the call was authorised with stays with its server";
  EXPECT_EQ(get("/loop").trouble, Trouble::not_allowed);
  for (const char* target : {"http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:1/",
                             "http://localhost:1/", "http://[::1]:1/", "http://evil.test/", "file:///etc/passwd",
                             "gopher://127.0.0.1/", "http://0x7f000001:1/", "http://2130706433:1/", "//127.1:1/"}) {
    auto rules = trusted();
    rules.hosts = {"10.0.0.1", "169.254.169.254", "127.0.0.1", "localhost", "[::1]"};  // even then
    const auto refused = get(server_.url(std::string("/to?") + target), rules);
    EXPECT_EQ(refused.trouble, Trouble::not_allowed) << target << ": " << refused.why;
    EXPECT_EQ(taken_, "") << target;
  }
  EXPECT_EQ(server_.requests(), 4 + 4 + 11) << "and none of them was asked";
}

TEST_F(Download, AHostIsTrustedWithItsSchemeAndItsPort) {
  EXPECT_EQ(get(server_.url("/photo"), {.hosts = {"127.0.0.1"}}).trouble, Trouble::not_allowed);
  EXPECT_EQ(get(server_.url("/photo"), {.hosts = {"127.0.0.1"}, .trusted_origin = "http://127.0.0.1:1"}).trouble,
            Trouble::not_allowed);
  EXPECT_EQ(get("http://user@evil.test/", trusted()).trouble, Trouble::not_allowed);
  EXPECT_EQ(get("http://127.0.0.1:" + std::to_string(server_.port()) + "@evil.test/", trusted()).trouble,
            Trouble::not_allowed);
  EXPECT_EQ(get("ftp://127.0.0.1/", trusted()).trouble, Trouble::not_allowed);
  EXPECT_EQ(get("", trusted()).trouble, Trouble::not_allowed);
  EXPECT_EQ(server_.requests(), 0);
}

TEST(DownloadHosts, AWholeDomainIsNamedByAStar) {
  // No answer comes from these names: what is asked is only whether they would be.
  const auto is_allowed = [](const char* url) {
    const auto tried = download({.url = url, .method = "GET"},
                                {.hosts = {"*.qpic.test", "api.wechat.test"}, .max_bytes = 1, .total_timeout = 1s},
                                [](std::string_view) { return true; });
    return tried.trouble == Trouble::transport;
  };
  EXPECT_TRUE(is_allowed("http://mmbiz.qpic.test/x"));
  EXPECT_TRUE(is_allowed("http://MMBIZ.QPIC.test./x"));
  EXPECT_TRUE(is_allowed("https://api.wechat.test/x"));
  EXPECT_FALSE(is_allowed("http://qpic.test/x"));
  EXPECT_FALSE(is_allowed("http://evilqpic.test/x"));
  EXPECT_FALSE(is_allowed("http://mmbiz.qpic.test.evil.test/x"));
  EXPECT_FALSE(is_allowed("http://x.api.wechat.test/x"));
}

TEST(DownloadAddresses, OnlyPublicOnesArePublic) {
  for (const char* address : {"8.8.8.8", "1.1.1.1", "101.91.0.1", "172.32.0.1", "100.128.0.1", "2400:3200::1",
                              "2606:4700::1111", "::ffff:8.8.8.8"})
    EXPECT_TRUE(is_public_address(address)) << address;
  for (const char* address : {"127.0.0.1",
                              "127.255.0.1",
                              "10.0.0.1",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.168.1.1",
                              "169.254.169.254",
                              "100.64.0.1",
                              "0.0.0.0",
                              "224.0.0.1",
                              "255.255.255.255",
                              "::1",
                              "::",
                              "fe80::1",
                              "fd00::1",
                              "ff02::1",
                              "::ffff:127.0.0.1",
                              "::ffff:10.0.0.1",
                              "64:ff9b::7f00:1",
                              "2002:7f00:1::",
                              "",
                              "localhost",
                              "1.2.3"})
    EXPECT_FALSE(is_public_address(address)) << address;
}

TEST(DownloadOrigin, IsWrittenOut) {
  EXPECT_EQ(origin_of("https://API.Example.test/cgi-bin?x"), "https://api.example.test:443");
  EXPECT_EQ(origin_of("http://127.0.0.1:8099"), "http://127.0.0.1:8099");
  EXPECT_EQ(origin_of("nonsense"), "") << "a scheme is needed";
}

}  // namespace
}  // namespace huiyin
