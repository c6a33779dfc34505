#include "gateway/send_verdict.h"

#include <algorithm>

#include "core/overloaded.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr Millis kFirstWait = 1s;
constexpr Millis kLongestWait = 1h;

Verdict dead(const Attempt& attempt, std::string why) {
  return {.state = OutboxState::dead, .attempts = attempt.attempts + 1, .error = std::move(why)};
}

Verdict again(const Attempt& attempt, Millis wait, std::string why) {
  const auto due = attempt.now + std::max(wait, backoff(attempt.attempts, attempt.random));
  if (due > attempt.created + attempt.give_up_after)
    return dead(attempt, "given up after " + std::to_string(attempt.give_up_after.count()) + " h: " + why);
  if (attempt.expires && due >= *attempt.expires) return dead(attempt, "too late to be of use: " + why);
  return {.state = OutboxState::waiting,
          .next_due = due,
          .attempts = attempt.attempts + 1,
          .error = std::move(why),
          .goes_on = !attempt.ordered && attempt.now - attempt.created >= kOutboxPassAfter};
}

/// The way was closed. What was learnt decides how it goes on, so there is nothing to wait for but the first time.
Verdict another_way(const Attempt& attempt, std::string why) {
  auto verdict = again(attempt, 0ms, std::move(why));
  if (verdict.state == OutboxState::waiting && attempt.attempts == 0) verdict.next_due = attempt.now;
  verdict.goes_on = false;  // what comes behind it is planned anew as well
  return verdict;
}

}  // namespace

Millis backoff(int attempts, std::uint64_t random) {
  const auto doublings = std::clamp(attempts, 0, 12);
  const auto whole = std::min(kLongestWait, kFirstWait * (1 << doublings));
  const auto half = static_cast<std::uint64_t>(whole.count()) / 2;
  return whole - Millis(static_cast<std::int64_t>(random % (half + 1)));
}

Verdict weigh(const SendResult& result, const Attempt& attempt) {
  return std::visit(
      Overloaded{
          [&](const Accepted& accepted) {
            return Verdict{.attempts = attempt.attempts + 1, .provider_id = accepted.provider_id};
          },
          [&](const RetryAfter& retry) {
            auto verdict = again(attempt, retry.wait, retry.why);
            if (retry.alarm) verdict.alarm = retry.why;
            return verdict;
          },
          [&](const Unknown& unknown) {
            if (attempt.idempotent) return again(attempt, 0ms, unknown.why);
            return Verdict{.state = OutboxState::unknown,
                           .attempts = attempt.attempts + 1,
                           .error = "nobody knows whether it arrived: " + unknown.why};
          },
          [&](const WindowClosed& closed) {
            auto verdict = attempt.owners ? another_way(attempt, closed.why) : again(attempt, 0ms, closed.why);
            verdict.window_closed = attempt.owners;
            if (closed.alarm) verdict.alarm = closed.why;
            return verdict;
          },
          [&](const PeerGone& gone) {
            if (!attempt.owners) return dead(attempt, gone.why);
            auto verdict = another_way(attempt, gone.why);
            verdict.peer_gone = true;
            return verdict;
          },
          [&](const Rejected& rejected) { return dead(attempt, rejected.code + ": " + rejected.why); },
          [&](const NextStep&) { return again(attempt, 0ms, "the provider asks for one step too many"); },
          [&](const CredentialExpired&) { return again(attempt, 0ms, "the provider refuses every access token"); }},
      result);
}

}  // namespace huiyin::gateway
