// kill -9 of the daemon in the middle of a drain, ten times: nothing stays unsent, and at most what was in flight, or
// sent and not written yet, is repeated, with the same key.
#include <gtest/gtest.h>

#include <random>

#include "gateway/assets.h"
#include "gateway/dispatcher.h"
#include "tests/gateway/drain.h"
#include "tests/gateway/sending_rig.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr int kKills = 10;
constexpr int kDestinations = 4000, kRows = 5, kConcurrency = 16;

class DrainKill : public testing::TestWithParam<db::Driver> {};

TEST_P(DrainKill, NothingStaysUnsentAndAtMostTheBatchInFlightIsRepeated) {
  Installation installation(GetParam());
  DrainSink sink(1ms);
  fill_outbox(installation, kDestinations, kRows);
  const int port = free_port();
  const auto config = installation.write_config(port, "spool.db", sink.stanza(kConcurrency));
  const auto log = installation.file("serve.log");
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::vector<std::size_t> repeated;
  int hits = 0;
  for (int i = 0; i < kKills; ++i) {
    const auto before = sink.repeated(), arrived = sink.arrived();
    ServeProcess serve(config, log, port);
    // Some time after the first message of this life, so that each kill falls into a drain.
    ASSERT_TRUE(becomes_true([&] { return sink.arrived() > arrived; })) << "kill " << i;
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 60));
    serve.kill();
    repeated.push_back(sink.repeated() - before);
    hits += sink.arrived() < static_cast<std::size_t>(kDestinations * kRows) ? 1 : 0;
  }
  ServeProcess serve(config, log, port);
  const auto before = sink.repeated();
  EXPECT_TRUE(becomes_true([&] { return installation.count("outbox WHERE state<>'sent'") == 0; }, 60s));
  repeated.push_back(sink.repeated() - before);
  EXPECT_EQ(serve.terminate(), 0) << read_file(log).value_or("");
  EXPECT_EQ(hits, kKills) << "each kill left something to send: the test shows something";
  EXPECT_EQ(sink.arrived(), static_cast<std::size_t>(kDestinations * kRows));
  EXPECT_EQ(sink.out_of_order(), 0U);
  constexpr std::size_t kMostPerKill = Dispatcher::kMostUnsettled + kConcurrency;
  EXPECT_LE(sink.repeated(), kKills * kMostPerKill);
  EXPECT_EQ(installation.count("outbox_queue"), 0);
  std::string numbers;
  for (const auto count : repeated) numbers += std::to_string(count) + " ";
  RecordProperty("repeated", std::to_string(sink.repeated()));
  std::cout << "messages sent twice: " << sink.repeated() << " of " << sink.arrived() << " over " << kKills
            << " kills (after each: " << numbers << "; bound per kill " << kMostPerKill << ")\n";
}

INSTANTIATE_TEST_SUITE_P(Drivers, DrainKill, testing::ValuesIn(db::drivers()),
                         [](const auto& driver) { return driver.param.name; });

}  // namespace
}  // namespace huiyin::gateway
