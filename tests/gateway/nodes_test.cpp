// Several processes on one MariaDB, and a MariaDB that goes away, stalls and comes back.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "net/http_client.h"
#include "tests/gateway/drain.h"
#include "tests/gateway/installation.h"
#include "tests/gateway/private_mariadb.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using simulators::SaysText;
using simulators::WeChatDelivery;

const db::Driver& mysql() {
  static const db::Driver driver = db::drivers().front();
  return driver;
}

constexpr auto kBusy = "收到，系统繁忙";

template <class Condition>
bool becomes(Condition condition, std::chrono::seconds patience = 60s) {
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!condition())
    if (std::chrono::steady_clock::now() > limit)
      return false;
    else
      std::this_thread::sleep_for(20ms);
  return true;
}

/// Two daemons, as a load balancer would have them; every message goes to both at once.
TEST(TwoNodes, ADeliveryThatReachesBothHasOneEffectAndOneReply) {
  Installation installation(mysql());
  const int ports[] = {free_port(), free_port()};
  ServeProcess one(installation.write_config(ports[0], "one.db"), installation.file("one.log"), ports[0]);
  ServeProcess two(installation.write_config(ports[1], "two.db"), installation.file("two.log"), ports[1]);
  auto to_one = installation.platform(ports[0]);
  auto to_two = installation.platform(ports[1]);

  constexpr int kOwners = 6;
  std::vector<std::future<std::string>> numbers;
  for (int i = 0; i < kOwners; ++i)
    numbers.push_back(std::async(std::launch::async, [&, i] {
      std::string last;
      for (const auto& text : whole_report()) {
        const auto message = to_one->prepare("oBoth" + std::to_string(i), SaysText{text});
        auto other = std::async(std::launch::async, [&] { return to_two->deliver(message); });
        const auto here = to_one->deliver(message);
        const auto there = other.get();
        EXPECT_EQ(here.violation, "") << text;
        EXPECT_EQ(there.violation, "") << text;
        EXPECT_EQ(here.shown, there.shown) << text;
        last = here.shown;
      }
      return ticket_number_in(last);
    }));
  std::set<std::string> distinct;
  for (auto& number : numbers) distinct.insert(number.get());
  EXPECT_EQ(distinct.size(), static_cast<std::size_t>(kOwners));
  EXPECT_EQ(installation.count("tickets"), kOwners);
  EXPECT_EQ(installation.count("inbox"), static_cast<long long>(kOwners * whole_report().size()));
  EXPECT_EQ(one.terminate(), 0);
  EXPECT_EQ(two.terminate(), 0);
}

/// How many messages the daemon with this monitor has sent.
long long sent_by(int monitor_port) {
  HttpClient client;
  const auto text =
      client.call({.url = "http://127.0.0.1:" + std::to_string(monitor_port) + "/metrics", .method = "GET"}).body;
  const std::string name = R"(huiyin_send_attempts_total{channel="web:sink",outcome="sent"} )";
  const auto at = text.find(name);
  return at == std::string::npos ? 0 : std::stoll(text.substr(at + name.size()));
}

TEST(TwoNodes, ShareADrainWithoutDoubling) {
  constexpr int kDestinations = 6000, kRows = 3;
  Installation installation(mysql());
  DrainSink sink;
  fill_outbox(installation, kDestinations, kRows);
  const int ports[] = {free_port(), free_port()};
  const std::string configs[] = {installation.write_config(ports[0], "one.db", sink.stanza(8)),
                                 installation.write_config(ports[1], "two.db", sink.stanza(8))};
  auto two = std::async(std::launch::async, [&] {
    return std::make_unique<ServeProcess>(configs[1], installation.file("two.log"), ports[1]);
  });
  ServeProcess one(configs[0], installation.file("one.log"), ports[0]);
  const auto other = two.get();
  EXPECT_TRUE(becomes([&] { return installation.count("outbox WHERE state<>'sent'") == 0; }, 60s));
  const auto by_one = sent_by(ports[0] + 1), by_two = sent_by(ports[1] + 1);
  EXPECT_GT(by_one, 0);
  EXPECT_GT(by_two, 0);
  EXPECT_EQ(by_one + by_two, kDestinations * kRows);
  EXPECT_EQ(sink.arrived(), static_cast<std::size_t>(kDestinations * kRows));
  EXPECT_EQ(sink.repeated(), 0U);
  EXPECT_EQ(sink.out_of_order(), 0U);
  EXPECT_EQ(one.terminate(), 0);
  EXPECT_EQ(other->terminate(), 0);
}

TEST(TwoNodes, ATimerIsFiredByOneOfThem) {
  constexpr int kOwners = 60;
  Installation installation(mysql());
  const int ports[] = {free_port(), free_port()};
  const auto serve = [&](int node) {
    return ServeProcess(installation.write_config(ports[node], std::to_string(node) + ".db"),
                        installation.file(std::to_string(node) + ".log"), ports[node]);
  };
  {
    const auto alone = serve(0);
    auto platform = installation.platform(ports[0]);
    for (int i = 0; i < kOwners; ++i)
      for (const char* text : {"报修", "王建国"})
        EXPECT_EQ(platform->send("oLeft" + std::to_string(i), SaysText{text}).violation, "");
  }
  installation.database().execute("UPDATE timers SET due='2026-01-01 00:00:00.000'");
  installation.database().execute(
      "UPDATE conversations SET dialog=REPLACE(dialog,'\"touched\":','\"touched\":1,\"was\":')");
  const auto one = serve(0);
  const auto two = serve(1);
  EXPECT_TRUE(becomes([&] { return installation.count("timers") == 0; }));
  EXPECT_EQ(installation.count("outbox"), kOwners);
  EXPECT_EQ(installation.count("inbox WHERE delivery_key LIKE 'timer:%'"), kOwners);
}

class DatabaseAway : public testing::Test {
 protected:
  WeChatDelivery says(const std::string& text) {
    auto delivery = platform_->send("oWang", SaysText{text});
    EXPECT_EQ(delivery.violation, "") << text;
    EXPECT_EQ(delivery.tries, 1) << text;
    return delivery;
  }
  /// What the daemon owes the owner: texts of his outbox rows, in order.
  std::vector<std::string> owed() {
    std::vector<std::string> out;
    const auto store = installation_.database().open();
    const auto rows = store->outbox_of({"wechat:main", "oWang"}).value();
    for (const auto& row : rows) out.push_back(row.message.text);
    return out;
  }

  PrivateMariadb server_;
  Installation installation_{mysql()};
  int port_ = free_port();
  std::string config_ = installation_.write_config(port_);
  std::unique_ptr<ServeProcess> serve_ =
      std::make_unique<ServeProcess>(config_, installation_.file("serve.log"), port_);
  std::unique_ptr<simulators::WeChatPlatform> platform_ = installation_.platform(port_);
};

TEST_F(DatabaseAway, MessagesAreAcceptedAndDecidedInOrderWhenItIsBack) {
  const auto texts = whole_report();
  EXPECT_EQ(says(texts[0]).shown.find(kBusy), std::string::npos);
  server_.stop();
  for (std::size_t i = 1; i < texts.size(); ++i)
    EXPECT_NE(says(texts[i]).shown.find(kBusy), std::string::npos) << texts[i];
  serve_->kill();  // what was accepted survives that too
  server_.start();
  serve_ = std::make_unique<ServeProcess>(config_, installation_.file("serve.log"), port_);
  ASSERT_TRUE(becomes([&] { return installation_.count("tickets") == 1; }));
  ASSERT_TRUE(becomes([&] { return owed().size() == texts.size() - 1; }));
  EXPECT_NE(ticket_number_in(owed().back()), "");
  EXPECT_EQ(installation_.ask("SELECT name FROM tickets"), "王建国");  // each answer met its question
  ASSERT_TRUE(becomes([&] { return says("进度").shown.find(kBusy) == std::string::npos; }));
}

TEST_F(DatabaseAway, DangerIsAnsweredAllTheSame) {
  server_.stop();
  const auto reply = says("家里煤气味很大").shown;
  EXPECT_NE(reply.find("96777"), std::string::npos) << reply;
}

TEST_F(DatabaseAway, AStallPastTheDeadlineIsAcknowledgedAndTheReplyFollowsByTheOutbox) {
  EXPECT_NE(says("报修").shown, "");
  server_.stall();
  const auto delivery = platform_->send("oWang", SaysText{"王建国"});
  EXPECT_EQ(delivery.violation, "");
  EXPECT_EQ(delivery.tries, 1);  // within the platform's 5 s
  server_.go_on();
  ASSERT_TRUE(becomes([&] { return owed().size() == 1; }));
  EXPECT_EQ(installation_.count("inbox WHERE delivery_key LIKE 'wechat:%'"), 2);
}

TEST_F(DatabaseAway, TheStartDoesNotWaitForIt) {
  EXPECT_EQ(serve_->terminate(), 0);
  server_.stop();
  const auto config = installation_.load(config_);
  auto daemon = Daemon::start(config, process_secrets());
  ASSERT_TRUE(daemon) << describe(daemon.error().front());
  EXPECT_NE(says("报修").shown.find(kBusy), std::string::npos);
  server_.start();
  EXPECT_TRUE(becomes([&] { return says("你好").shown.find(kBusy) == std::string::npos; }));
}

TEST(Serve, TwoOnOnePortIsOneClearLine) {
  Installation installation(mysql());
  const int port = free_port();
  const ServeProcess first(installation.write_config(port), installation.file("first.log"), port);
  const auto second = Daemon::start(installation.load(installation.write_config(port, "second.db")), process_secrets());
  ASSERT_FALSE(second);
  ASSERT_EQ(second.error().size(), 1U);
  EXPECT_NE(describe(second.error().front()).find("in use"), std::string::npos) << describe(second.error().front());
}

}  // namespace
}  // namespace huiyin::gateway
