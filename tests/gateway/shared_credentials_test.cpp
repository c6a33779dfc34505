#include "gateway/shared_credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "tests/gateway/temporary_folder.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr Time kNoon = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}} + 4h;
const std::string kChannel = "wechat:main";

class SequenceRandom final : public Random {
 public:
  void fill(std::span<std::byte> out) override {
    for (auto& byte : out) byte = static_cast<std::byte>(next_++);
  }

 private:
  std::atomic<unsigned> next_{0};  // two nodes of a test draw from it
};

/// Its credential call is `force` or `plain`; an answer `T1 7200` is a token, anything else a refusal.
class TokenChannel final : public Channel {
 public:
  tl::expected<Inbound, Reject> parse(const HttpRequest&) const override {
    return reject(RejectReason::unsupported, "");
  }
  HttpReply acknowledge(const Inbound&, const std::optional<OutboundMessage>&, const Envelope&) const override {
    return {};
  }
  Capabilities capabilities() const override { return {}; }
  std::optional<HttpCall> compose_credential(bool force) const override {
    return HttpCall{.url = force ? "force" : "plain"};
  }
  tl::expected<Credential, SendResult> judge_credential(const HttpReply& reply, Time now) const override {
    const auto blank = reply.body.find(' ');
    if (blank == std::string::npos) return tl::unexpected(SendResult(RetryAfter{10min, reply.body, true}));
    return Credential{Secret(reply.body.substr(0, blank)),
                      now + std::chrono::seconds(std::stoi(reply.body.substr(blank)))};
  }
};

class SilentChannel final : public Channel {
 public:
  tl::expected<Inbound, Reject> parse(const HttpRequest&) const override {
    return reject(RejectReason::unsupported, "");
  }
  HttpReply acknowledge(const Inbound&, const std::optional<OutboundMessage>&, const Envelope&) const override {
    return {};
  }
  Capabilities capabilities() const override { return {}; }
};

class RunningClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override {
    return kNoon + std::chrono::floor<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began_);
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// A provider, a store on SQLite, and as many nodes as a test wants.
class SharedCredentialsTest : public testing::Test {
 protected:
  SharedCredentialsTest() {
    const db::StoreOptions options{.sqlite = db::SqliteOptions{folder_.file("huiyin.db")}};
    EXPECT_TRUE(db::migrate(options));
    store_ = db::open_store(options).value();
  }
  std::unique_ptr<SharedCredentials> node(const std::string& owner) { return node(owner, clock_); }
  std::unique_ptr<SharedCredentials> node(const std::string& owner, const Clock& clock) {
    return std::make_unique<SharedCredentials>(
        std::map<std::string, const Channel*>{{kChannel, &channel_}, {"sms:estate", &silent_}}, owner,
        SharedCredentials::Tools{
            *store_, clock, random_,
            [this](const HttpCall& call) {
              ++calls_;
              asked_ += call.url + " ";
              if (call.url == "force") token_ = "T" + std::to_string(++issued_);
              return HttpReply{.body = refusal_.empty() ? token_ + " 7200" : refusal_};
            },
            [this](const std::string& name, const std::string& why) { alarms_ += name + ": " + why + "; "; }});
  }
  static std::string current(SharedCredentials& node, const std::string& channel = kChannel) {
    const auto value = node.current(channel);
    return value ? value->reveal() : "none";
  }

  TemporaryFolder folder_;
  std::unique_ptr<db::Store> store_;
  ManualClock clock_{kNoon};
  SequenceRandom random_;
  TokenChannel channel_;
  SilentChannel silent_;
  std::atomic<int> calls_{0};
  int issued_ = 1;
  std::string token_ = "T1", refusal_, asked_, alarms_;
};

TEST_F(SharedCredentialsTest, OneNodeFetchesAndAllUseIt) {
  const auto a = node("node-a"), b = node("node-b");
  EXPECT_EQ(current(*a), "none");
  a->look();
  b->look();
  EXPECT_EQ(current(*a), "T1");
  EXPECT_EQ(current(*b), "T1");
  EXPECT_EQ(calls_, 1);
  EXPECT_EQ(current(*a, "sms:estate"), "") << "a channel that needs none";
  EXPECT_EQ(current(*a, "fax:none"), "");
}

TEST_F(SharedCredentialsTest, ItIsRenewedBeforeItsEnd) {
  const auto a = node("node-a"), b = node("node-b");
  a->look();
  b->look();
  clock_.advance(2h - 5min - 1s);
  a->look();
  EXPECT_EQ(calls_, 1);
  clock_.advance(40s);
  token_ = "T2";
  a->look();
  b->look();
  EXPECT_EQ(current(*a), "T2");
  EXPECT_EQ(current(*b), "T2") << "what node-a has published";
  EXPECT_EQ(calls_, 2);
}

TEST_F(SharedCredentialsTest, TheSameOneAgainIsNotAskedForWithoutEnd) {
  const auto a = node("node-a");
  a->look();
  clock_.advance(2h - 4min);
  store_->publish_credential(kChannel, "", Secret("T1"), kNoon + 2h, clock_.now()).value();
  for (int i = 0; i < 10; ++i) a->look();
  EXPECT_LE(calls_, 2);
  EXPECT_EQ(current(*a), "T1");
}

TEST_F(SharedCredentialsTest, ARefusedOneIsFetchedOnceOverAllNodes) {
  const auto a = node("node-a"), b = node("node-b");
  a->look();
  b->look();
  token_ = "T2";  // the platform has gone on to another one
  a->refuse(kChannel, Secret("T1"));
  b->refuse(kChannel, Secret("T1"));
  EXPECT_EQ(current(*a), "none");
  a->look();
  b->look();
  EXPECT_EQ(current(*a), "T2");
  EXPECT_EQ(current(*b), "T2");
  EXPECT_EQ(asked_, "plain plain ");
  a->refuse(kChannel, Secret("T1"));  // a late answer to an old call
  EXPECT_EQ(current(*a), "T2");
}

TEST_F(SharedCredentialsTest, OnlyARefusedOneThatComesBackIsForced) {
  const auto a = node("node-a");
  a->look();
  a->refuse(kChannel, Secret("T1"));
  a->look();
  EXPECT_EQ(asked_, "plain plain force ");
  EXPECT_EQ(current(*a), "T2");
}

TEST_F(SharedCredentialsTest, WhoFetchesIsWaitedForAndTakenOverFromWhenHeDies) {
  ASSERT_TRUE(store_->lease_credential(kChannel, {}, "node-dead", kNoon, 30s).value());
  const auto a = node("node-a");
  a->look();
  EXPECT_EQ(calls_, 0);
  clock_.advance(31s);
  a->look();
  EXPECT_EQ(current(*a), "T1");
}

TEST_F(SharedCredentialsTest, ARefusalIsTriedAgainWhenItSaysAndTheOperatorHears) {
  const auto a = node("node-a");
  refusal_ = "40125";
  a->look();
  a->look();
  EXPECT_EQ(calls_, 1);
  EXPECT_EQ(alarms_, "wechat:main: 40125; ");
  clock_.advance(10min);
  refusal_.clear();
  a->look();
  EXPECT_EQ(current(*a), "T1");
}

TEST_F(SharedCredentialsTest, AnExpiredOneIsNotHandedOut) {
  const auto a = node("node-a");
  a->look();
  clock_.advance(2h);
  EXPECT_EQ(current(*a), "none");
}

TEST_F(SharedCredentialsTest, WhoListensHearsOfEachNewOne) {
  const auto a = node("node-a");
  std::vector<std::string> heard;
  a->listen([&](const std::string& channel) { heard.push_back(channel + " " + current(*a)); });
  a->look();
  a->refuse(kChannel, Secret("T1"));
  a->look();
  a->listen({});
  a->refuse(kChannel, Secret("T2"));
  a->look();
  EXPECT_THAT(heard, ElementsAre("wechat:main T1", "wechat:main T2"));
}

TEST_F(SharedCredentialsTest, ManyThreadsLeadToOneCall) {
  const RunningClock running;
  const auto a = node("node-a", running), b = node("node-b", running);
  a->start();
  b->start();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      auto& one = i % 2 == 0 ? *a : *b;
      const auto give_up = std::chrono::steady_clock::now() + 60s;
      while (current(one) == "none" && std::chrono::steady_clock::now() < give_up) {
        std::this_thread::sleep_for(5ms);
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(current(*a), "T1");
  EXPECT_EQ(current(*b), "T1");
  EXPECT_EQ(calls_, 1);
  a->stop();
  b->stop();
}

}  // namespace
}  // namespace huiyin::gateway
