// The parts of sending that do no I/O: what a result means, digests, paces, lanes.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/overloaded.h"
#include "gateway/digest.h"
#include "gateway/lane.h"
#include "gateway/pace.h"
#include "gateway/send_verdict.h"
#include "gateway/sending.h"
#include "tests/gateway/plain_channel.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const Time kNoon{Millis(1795406400000)};
using Steady = std::chrono::steady_clock;

/// `waiting +2s attempts 2 stays: why`, as far as it says something.
std::string describe(const Verdict& verdict) {
  std::string out(to_string(verdict.state));
  if (verdict.state == OutboxState::waiting) out += " +" + std::to_string((verdict.next_due - kNoon).count()) + "ms";
  out += " attempts " + std::to_string(verdict.attempts);
  if (!verdict.provider_id.empty()) out += " id " + verdict.provider_id;
  if (!verdict.goes_on) out += " stays";
  if (verdict.window_closed) out += " window_closed";
  if (verdict.peer_gone) out += " peer_gone";
  if (!verdict.alarm.empty()) out += " alarm";
  if (!verdict.error.empty()) out += ": " + verdict.error;
  return out;
}

TEST(Verdict, OfEachResult) {
  const Attempt first{.now = kNoon, .created = kNoon - 1s};
  const Attempt idempotent{.now = kNoon, .created = kNoon - 1s, .idempotent = true};
  const Attempt owners{.now = kNoon, .created = kNoon - 1s, .owners = true};
  const Attempt second{.now = kNoon, .created = kNoon - 1min, .attempts = 1, .owners = true};
  const Attempt old{.now = kNoon, .created = kNoon - 6min, .attempts = 3};
  const Attempt ordered{.now = kNoon, .created = kNoon - 6min, .attempts = 3, .ordered = true};
  const Attempt ancient{.now = kNoon, .created = kNoon - 72h, .attempts = 90};
  const Attempt expiring{.now = kNoon, .created = kNoon - 1s, .expires = kNoon + 1s};
  const struct {
    const char* name;
    SendResult result;
    Attempt attempt;
    const char* expect;
  } table[] = {
      {"taken", Accepted{"m7"}, first, "sent attempts 1 id m7"},
      {"later", RetryAfter{0ms, "503"}, first, "waiting +1000ms attempts 1 stays: 503"},
      {"the provider's time is later", RetryAfter{30s, "429"}, first, "waiting +30000ms attempts 1 stays: 429"},
      {"the backoff is later", RetryAfter{1s, "429"}, old, "waiting +8000ms attempts 4: 429"},
      {"nothing overtakes it", RetryAfter{1s, "429"}, ordered, "waiting +8000ms attempts 4 stays: 429"},
      {"the operator has to act", RetryAfter{5min, "401", true}, first,
       "waiting +300000ms attempts 1 stays alarm: 401"},
      {"too old", RetryAfter{0ms, "503"}, ancient, "dead attempts 91: given up after 72 h: 503"},
      {"of no use by then", RetryAfter{0ms, "503"}, expiring, "dead attempts 1: too late to be of use: 503"},
      {"unknown", Unknown{"timeout"}, first, "unknown attempts 1: nobody knows whether it arrived: timeout"},
      {"unknown, but known by its key", Unknown{"timeout"}, idempotent, "waiting +1000ms attempts 1 stays: timeout"},
      {"closed", WindowClosed{"45015"}, owners, "waiting +0ms attempts 1 stays window_closed: 45015"},
      {"closed again", WindowClosed{"45015"}, second, "waiting +2000ms attempts 2 stays window_closed: 45015"},
      {"closed to nobody's conversation", WindowClosed{"45015"}, first, "waiting +1000ms attempts 1 stays: 45015"},
      {"closed for all", WindowClosed{"48001", true}, owners,
       "waiting +0ms attempts 1 stays window_closed alarm: 48001"},
      {"gone", PeerGone{"43004"}, owners, "waiting +0ms attempts 1 stays peer_gone: 43004"},
      {"gone from a group", PeerGone{"43004"}, first, "dead attempts 1: 43004"},
      {"refused", Rejected{"40008", "bad type"}, first, "dead attempts 1: 40008: bad type"},
  };
  for (const auto& row : table) EXPECT_EQ(describe(weigh(row.result, row.attempt)), row.expect) << row.name;
}

TEST(Verdict, TheBackoffDoublesToAnHourLessUpToAHalf) {
  EXPECT_EQ(backoff(0, 0), 1s);
  EXPECT_EQ(backoff(1, 0), 2s);
  EXPECT_EQ(backoff(10, 0), 1024s);
  EXPECT_EQ(backoff(12, 0), 1h);
  EXPECT_EQ(backoff(1000, 0), 1h);
  for (std::uint64_t random = 0; random < 5000; random += 7) {
    EXPECT_GE(backoff(2, random), 2s);
    EXPECT_LE(backoff(2, random), 4s);
  }
  EXPECT_NE(backoff(2, 1), backoff(2, 2));
}

Errand errand_of(const std::vector<std::string>& texts) {
  Errand errand;
  for (const auto& text : texts) {
    OutboxRow row;
    row.id = {static_cast<std::int64_t>(errand.rows.size()) + 1};
    row.message.text = text;
    errand.sends.push_back({.rows = {row.id}, .message = row.message});
    errand.rows.push_back(row);
  }
  return errand;
}

std::vector<std::string> texts_of(const Errand& errand) {
  std::vector<std::string> out;
  for (const auto& send : errand.sends) out.push_back(send.message.text + "/" + std::to_string(send.rows.size()));
  return out;
}

TEST(Digest, TheSurplusIsMergedIntoTheLast) {
  auto errand = errand_of({"1", "2", "3", "4"});
  EXPECT_FALSE(fit_into(errand, 4, 0));
  EXPECT_THAT(texts_of(errand), ElementsAre("1/1", "2/1", "3/1", "4/1"));
  EXPECT_FALSE(fit_into(errand, 2, 0));
  EXPECT_THAT(texts_of(errand), ElementsAre("1/1", "2\n\n3\n\n4/3"));
  EXPECT_EQ(errand.sends[1].rows, (std::vector<OutboxId>{{2}, {3}, {4}}));
}

TEST(Digest, WhatDoesNotFitWaits) {
  auto full = errand_of({"1", "2", "3"});
  EXPECT_TRUE(fit_into(full, 0, 0));
  EXPECT_THAT(texts_of(full), IsEmpty());
  auto bounded = errand_of({"aaaa", "bbbb", "cccc"});
  EXPECT_TRUE(fit_into(bounded, 1, 10));
  EXPECT_THAT(texts_of(bounded), ElementsAre("aaaa\n\nbbbb/2"));
  auto buttons = errand_of({"1", "2", "3"});
  buttons.sends[1].message.choices = {{"a", "b"}};
  EXPECT_TRUE(fit_into(buttons, 1, 0));
  EXPECT_THAT(texts_of(buttons), ElementsAre("1/1")) << "what has buttons goes alone";
  auto tried = errand_of({"1", "2"});
  tried.rows[0].attempts = 1;
  EXPECT_TRUE(fit_into(tried, 1, 0));
  EXPECT_THAT(texts_of(tried), ElementsAre("1/1")) << "its key means this message";
}

TEST(Digest, CardsBecomeWordsAndChangesOfCardsGoAlone) {
  auto cards = errand_of({"1", "2", "3"});
  for (auto& send : cards.sends) send.message.card = {.id = "t1-1", .title = "HY1024-4"};
  EXPECT_FALSE(fit_into(cards, 2, 0));
  EXPECT_THAT(texts_of(cards), ElementsAre("1/1", "2\n\n3/2"));
  EXPECT_EQ(cards.sends[0].message.card.title, "HY1024-4");
  EXPECT_EQ(cards.sends[1].message.card.title, "") << "a card would be shown, and the other message lost";
  auto change = errand_of({"1", "2", "3"});
  change.sends[1].message.card = {.id = "t1-1", .title = "HY1024-4", .replaces = "M1"};
  EXPECT_TRUE(fit_into(change, 1, 0));
  EXPECT_THAT(texts_of(change), ElementsAre("1/1"));
}

TEST(SendingLimits, NoMoreThanTheProviderTakes) {
  const PlainChannel robot("http://x.test", {.group = true, .per_minute = 18, .per_second = 4});
  const struct {
    int per_minute;
    double rate, burst;
    const char* expect;
  } table[] = {{0, 20, 20, "18 4 4"}, {5, 1, 2, "5 1 2"}, {100, 0, 20, "18 4 4"}};
  for (const auto& row : table) {
    ChannelConfig config{.name = "workchat:robot"};
    config.sending.per_minute = row.per_minute;
    config.sending.rate_per_s = row.rate;
    config.sending.burst = row.burst;
    const auto sending = make_sending_channel(config, robot, "Asia/Shanghai");
    EXPECT_EQ(fmt::format("{} {} {}", sending.limits.per_minute, sending.limits.rate_per_s, sending.limits.burst),
              row.expect);
    EXPECT_EQ(paced_as(sending, {"workchat:robot", "@all"}), paced_as(sending, {"workchat:robot", "group"}))
        << "a robot is one, whomever it mentions";
  }
  const PlainChannel app("http://x.test", {});
  const auto sending = make_sending_channel({.name = "workchat:app"}, app, "Asia/Shanghai");
  EXPECT_EQ(sending.limits.per_minute, 0);
  EXPECT_EQ(paced_as(sending, {"workchat:app", "zhang"}), (Peer{"workchat:app", "zhang"}));
}

TEST(Pace, CountsTheLastMinute) {
  Pace pace;
  const Peer staff{"workchat:ops", "zhang"};
  EXPECT_EQ(pace.left(staff, 2, kNoon), 2);
  EXPECT_EQ(pace.next(staff, 2, kNoon), kNoon);
  pace.sent(staff, kNoon);
  pace.sent(staff, kNoon + 10s);
  EXPECT_EQ(pace.left(staff, 2, kNoon + 59s), 0);
  EXPECT_EQ(pace.next(staff, 2, kNoon + 59s), kNoon + 1min);
  EXPECT_EQ(pace.left(staff, 2, kNoon + 1min), 1);
  EXPECT_EQ(pace.left({"workchat:ops", "li"}, 2, kNoon), 2);
  pace.sent(staff, kNoon + 1h);
  EXPECT_EQ(pace.left(staff, 2, kNoon + 1h), 1);
}

TEST(TokenBucket, ABurstThenTheRate) {
  const auto begin = Steady::now();
  TokenBucket bucket(10, 3, begin);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(begin));
  EXPECT_FALSE(bucket.take(begin));
  EXPECT_EQ(bucket.next(begin), begin + 100ms);
  EXPECT_TRUE(bucket.take(begin + 100ms));
  EXPECT_FALSE(bucket.take(begin + 150ms));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(begin + 1h)) << "no more than the burst is saved up";
  EXPECT_FALSE(bucket.take(begin + 1h));
  TokenBucket free(0, 0, begin);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(free.take(begin));
}

TEST(Lane, AProviderThatDoesNotAnswerIsAskedLessAndLess) {
  const auto begin = Steady::now();
  Lane lane({.limits = {.rate_per_s = 0, .concurrency = 4}}, begin);
  auto wake = begin + 1h;
  EXPECT_FALSE(lane.may_begin(begin, wake)) << "nothing is ready";
  lane.ready.push_back(std::make_shared<Errand>());
  for (int i = 0; i < 15; ++i) lane.provider_failed(begin);
  EXPECT_TRUE(lane.may_begin(begin, wake));
  lane.provider_failed(begin);
  EXPECT_FALSE(lane.may_begin(begin, wake));
  EXPECT_EQ(wake, begin + 500ms);
  EXPECT_TRUE(lane.may_begin(begin + 500ms, wake));
  lane.in_flight = 1;
  EXPECT_FALSE(lane.may_begin(begin + 500ms, wake)) << "one call at a time";
  lane.in_flight = 0;
  for (int i = 0; i < 30; ++i) lane.provider_failed(begin);
  EXPECT_TRUE(lane.may_begin(begin + 30s, wake)) << "at least every 30 s";
  EXPECT_TRUE(lane.is_failing());
  lane.provider_is_well();
  lane.in_flight = 3;
  EXPECT_TRUE(lane.may_begin(begin + 30s, wake));
}

TEST(Lane, TakesDestinationsInLargeBatches) {
  Lane lane({.limits = {.concurrency = 8}}, Steady::now());
  EXPECT_EQ(lane.room(), 64);
  lane.held = 33;
  EXPECT_EQ(lane.room(), 0);
  lane.held = 32;
  EXPECT_EQ(lane.room(), 32);
}

}  // namespace
}  // namespace huiyin::gateway
