// kill -9 of the daemon under load, again and again: nothing acknowledged is lost, nothing is doubled.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "gateway/assets.h"
#include "tests/gateway/installation.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using simulators::SaysText;

constexpr int kKills = 50;
constexpr int kOwners = 8;

/// Owners who report one thing after the other, each message repeated until it is acknowledged, as their platform
/// would.
class Owners {
 public:
  explicit Owners(simulators::WeChatPlatform& platform) : platform_(platform) {
    for (int i = 0; i < kOwners; ++i) threads_.emplace_back([this, i] { live(i); });
  }
  ~Owners() { finish(); }
  Owners(const Owners&) = delete;
  Owners& operator=(const Owners&) = delete;

  /// Each ends the report that he has begun.
  void finish() {
    ending_ = true;
    for (auto& thread : threads_)
      if (thread.joinable()) thread.join();
  }
  [[nodiscard]] std::map<std::string, std::string> numbers() const {
    return numbers_;
  }  ///< openid → ticket he was told
  [[nodiscard]] long long acknowledged() const { return acknowledged_; }
  [[nodiscard]] long long repeated() const { return repeated_; }

 private:
  void live(int owner) {
    for (int i = 0; !ending_; ++i) report("oKill" + std::to_string(owner) + "x" + std::to_string(i));
  }
  void report(const std::string& openid) {
    std::string last;
    for (const auto& text : whole_report()) last = acknowledge(platform_.prepare(openid, SaysText{text}));
    const std::lock_guard lock(mutex_);
    numbers_[openid] = ticket_number_in(last);
  }
  std::string acknowledge(const simulators::WeChatMessage& message) {
    for (;;) {
      const auto delivery = platform_.deliver(message);
      if (delivery.violation.empty()) {
        ++acknowledged_;
        return delivery.shown;
      }
      ++repeated_;
      std::this_thread::sleep_for(5ms);
    }
  }

  simulators::WeChatPlatform& platform_;
  std::atomic<bool> ending_{false};
  std::atomic<long long> acknowledged_{0};
  std::atomic<long long> repeated_{0};
  std::mutex mutex_;
  std::map<std::string, std::string> numbers_;
  std::vector<std::thread> threads_;
};

class Kill : public testing::TestWithParam<db::Driver> {};

TEST_P(Kill, NothingAcknowledgedIsLostAndNothingIsDoubled) {
  Installation installation(GetParam());
  const int port = free_port();
  const auto config = installation.write_config(port);
  const auto log = installation.file("serve.log");
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  auto platform = installation.platform(port, 5s, 1);

  auto serve = std::make_unique<ServeProcess>(config, log, port);
  Owners owners(*platform);
  for (int i = 0; i < kKills; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50 + random() % 250));
    serve->kill();
    serve = std::make_unique<ServeProcess>(config, log, port);
  }
  owners.finish();
  EXPECT_EQ(serve->terminate(), 0) << read_file(log).value_or("");

  const auto numbers = owners.numbers();
  RecordProperty("kills", kKills);
  RecordProperty("acknowledged", std::to_string(owners.acknowledged()));
  RecordProperty("repeated", std::to_string(owners.repeated()));
  EXPECT_GT(owners.repeated(), 0) << "no kill hit a message under way: the test shows nothing";
  EXPECT_GE(numbers.size(), static_cast<std::size_t>(kOwners));
  EXPECT_EQ(installation.count("inbox WHERE delivery_key LIKE 'wechat:%'"), owners.acknowledged());
  EXPECT_EQ(installation.count("tickets"), static_cast<long long>(numbers.size()));
  EXPECT_EQ(installation.count("ticket_history WHERE action = 'open'"), static_cast<long long>(numbers.size()));
  EXPECT_EQ(std::stoll(installation.ask("SELECT count(DISTINCT address) FROM tickets")),
            static_cast<long long>(numbers.size()));
  for (const auto& [openid, number] : numbers) {
    ASSERT_NE(number, "") << openid;  // told to him, in the passive reply
    const auto stored = installation.ask("SELECT number FROM tickets WHERE address = '" + openid + "'");
    EXPECT_EQ(number.substr(2, number.size() - 4), stored) << openid;
  }
}

INSTANTIATE_TEST_SUITE_P(Drivers, Kill, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
