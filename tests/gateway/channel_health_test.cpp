#include "gateway/channel_health.h"

#include <gtest/gtest.h>

#include "core/outbox.h"
#include "gateway/planner.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr Time kNoon{Millis{1795406400000}};
const std::string kFirst = "sms:first", kSecond = "sms:second";

TEST(StandIns, ErrorsShiftTheTrafficAndSuccessesBringItBack) {
  std::vector<std::string> told;
  StandIns channels({{kFirst, kSecond}},
                    [&](const std::string& ill, const std::string& other) { told.push_back(ill + ">" + other); });
  Time now = kNoon;
  EXPECT_EQ(channels.instead_of(kFirst, now), std::nullopt);
  for (int i = 0; i < 4; ++i) channels.failed(kFirst, now += 1s);
  EXPECT_EQ(channels.instead_of(kFirst, now), std::nullopt) << "a few failures are an ordinary thing";
  channels.failed(kFirst, now += 1s);
  EXPECT_EQ(channels.instead_of(kFirst, now), kSecond);
  EXPECT_EQ(channels.instead_of(kSecond, now), std::nullopt);
  EXPECT_EQ(channels.instead_of(kFirst, now += 61s), std::nullopt) << "now and then it is given one to try";
  EXPECT_EQ(channels.instead_of(kFirst, now += 1s), kSecond);
  channels.failed(kFirst, now);
  EXPECT_EQ(channels.instead_of(kFirst, now += 61s), std::nullopt);
  for (int i = 0; i < 3; ++i) {
    channels.sent(kFirst, {"o" + std::to_string(i), ""}, false, now += 1s);
    (void)channels.instead_of(kFirst, now);
  }
  EXPECT_EQ(channels.instead_of(kFirst, now), std::nullopt);
  EXPECT_EQ(told, (std::vector<std::string>{kFirst + ">" + kSecond, kFirst + ">"}));
}

TEST(StandIns, SlowReceiptsShiftItToo) {
  StandIns channels({{kFirst, kSecond}}), deaf({{kFirst, kSecond}});
  Time now = kNoon;
  for (int i = 0; i < 10; ++i)
    for (auto* each : {&channels, &deaf})
      each->sent(kFirst, {"o" + std::to_string(i), "p" + std::to_string(i)}, true, now);
  EXPECT_EQ(deaf.instead_of(kFirst, now + 3min), std::nullopt) << "none was heard: another node may get them";
  channels.arrived(kFirst, "p0", now + 1s);  // by the provider's id
  EXPECT_EQ(channels.instead_of(kFirst, now + 1min), std::nullopt);
  now += 3min;
  EXPECT_EQ(channels.instead_of(kFirst, now), kSecond);
  for (int i = 20; i < 23; ++i) {
    const auto key = "o" + std::to_string(i);
    channels.sent(kFirst, {key, ""}, true, now);
    channels.arrived(kFirst, key, now += 5s);
  }
  EXPECT_EQ(channels.instead_of(kFirst, now), std::nullopt);
}

TEST(StandIns, AReceiptThatOvertakesItsMessagesAnswerIsNoSlowOne) {
  StandIns channels({{kFirst, kSecond}});
  Time now = kNoon;
  for (int i = 0; i < 10; ++i) {
    const auto n = std::to_string(i);
    channels.arrived(kFirst, i % 2 == 0 ? "p" + n : "o" + n, now += 1ms);
    channels.sent(kFirst, {"o" + n, "p" + n}, true, now += 1ms);
  }
  EXPECT_EQ(channels.instead_of(kFirst, now += 3min), std::nullopt);
  // What came long before is another's.
  for (int i = 20; i < 50; ++i) channels.arrived(kFirst, "p" + std::to_string(i), now);
  now += 2min;
  for (int i = 20; i < 50; ++i) channels.sent(kFirst, {"o" + std::to_string(i), "p" + std::to_string(i)}, true, now);
  EXPECT_EQ(channels.instead_of(kFirst, now += 3min), kSecond);
}

TEST(StandIns, NobodyStandsInForHimWhoIsAloneOrWhoseOthersAreIll) {
  StandIns alone({{kFirst}});
  StandIns both({{kFirst, kSecond}});
  for (int i = 0; i < 9; ++i) {
    alone.failed(kFirst, kNoon);
    both.failed(kFirst, kNoon);
    both.failed(kSecond, kNoon);
  }
  EXPECT_EQ(alone.instead_of(kFirst, kNoon), std::nullopt);
  EXPECT_EQ(both.instead_of(kFirst, kNoon), std::nullopt);
  EXPECT_EQ(both.instead_of("sms:unknown", kNoon), std::nullopt);
}

TEST(StandIns, OldTroublesAreForgotten) {
  StandIns channels({{kFirst, kSecond}});
  for (int i = 0; i < 4; ++i) channels.failed(kFirst, kNoon);
  channels.failed(kFirst, kNoon + 11min);
  EXPECT_EQ(channels.instead_of(kFirst, kNoon + 11min), std::nullopt);
}

OutboxRow row(std::int64_t id, int attempts = 0) {
  OutboxRow out{.id = OutboxId{id}, .created = kNoon, .due = kNoon};
  out.message.to = {kFirst, "+8613800138000"};
  out.message.text = "好了";
  out.attempts = attempts;
  return out;
}

TEST(PlannerStandIn, EverythingGoesToTheSameNumberOnTheOtherChannel) {
  Situation situation{.now = kNoon};
  situation.rows = {row(1), row(2, 3)};
  situation.rows[1].due = kNoon + 10min;  // being retried
  situation.stand_in = StandIn{{kSecond, "+8613800138000"}, {}};
  const auto planned = plan({}, situation);
  ASSERT_EQ(planned.steps.size(), 2U);
  for (const auto& step : planned.steps) EXPECT_EQ(std::get<SendElsewhere>(step).to.channel, kSecond);
}

TEST(PlannerStandIn, NothingGoesWhereNoApprovedTemplateCarriesIt) {
  Situation situation{.now = kNoon};
  situation.rows = {row(1), row(2)};
  situation.rows[0].message.template_name = "news.visit";
  situation.rows[1].message.template_name = "ticket_received";
  situation.stand_in = StandIn{{kSecond, "+8613800138000"}, std::vector<std::string>{"ticket_*"}};
  const auto planned = plan({}, situation);
  ASSERT_EQ(planned.steps.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<SendNow>(planned.steps[0])) << "it is tried where it can be sent at all";
  EXPECT_TRUE(std::holds_alternative<SendElsewhere>(planned.steps[1]));
}

TEST(PlannerStandIn, WhoOptedOutIsNotToldByTheOtherChannel) {
  Situation situation{.now = kNoon};
  situation.conversation = Conversation{.peer = {kFirst, "+8613800138000"}};
  situation.conversation->opted_out = true;
  situation.rows = {row(1)};
  situation.stand_in = StandIn{{kSecond, "+8613800138000"}, {}};
  EXPECT_TRUE(std::holds_alternative<GiveUp>(plan({}, situation).steps.at(0)));
}

}  // namespace
}  // namespace huiyin::gateway
