#include "gateway/sender.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "core/text.h"
#include "core/thread_name.h"
#include "gateway/codes.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr int kMostSteps = 8;     // of one message: upload, then send
constexpr int kMostRefusals = 3;  // of access tokens for one message
constexpr auto kAskAgain = 1s;    // for an access token that is being fetched
constexpr auto kLongestSleep = 1s;

const OutboxRow& row_of(const Errand& errand, OutboxId id) {
  return *std::find_if(errand.rows.begin(), errand.rows.end(), [id](const auto& row) { return row.id == id; });
}

std::string_view outcome_name(const Verdict& verdict) {
  if (verdict.window_closed || verdict.peer_gone) return "another_way";
  switch (verdict.state) {
    case OutboxState::waiting:
      return "retried";
    case OutboxState::dead:
      return "dead";
    case OutboxState::unknown:
      return "unknown";
    default:
      return "sent";
  }
}

/// Did the provider itself fail, whatever the message was?
bool is_providers_failure(const SendResult& result) {
  return std::holds_alternative<RetryAfter>(result) || std::holds_alternative<Unknown>(result);
}

/// Names what was learnt from one attempt, the same for the same attempt.
std::string lesson_key(std::string_view what, const OutboxRow& first) {
  return fmt::format("{}:{}:{}", what, first.id.value, first.attempts);
}

}  // namespace

/// One message on its way, and what is needed to judge the answer.
struct Sender::Flight {
  Lane* lane = nullptr;
  std::shared_ptr<Errand> errand{};
  Sending sending{};
};

Sender::Sender(Tools tools) : tools_(std::move(tools)) {
  tools_.settler.on_written([this] { wake(); });
  tools_.credentials.listen([this](const std::string& channel) {
    post([this, channel] {
      for (const auto& lane : tools_.lanes)
        if (lane->channel.name == channel) lane->go_on();
    });
  });
  thread_ = std::thread([this] { work(); });
}

Sender::~Sender() { stop({}); }

void Sender::stop(Millis patience) {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = woken_ = true;
  }
  wakes_.notify_all();
  http_.stop(patience);
  if (thread_.joinable()) thread_.join();
  tools_.credentials.listen({});
  tools_.settler.on_written({});
}

void Sender::add(Lane& lane, std::vector<Errand> errands) {
  lane.held.fetch_add(static_cast<int>(errands.size()), std::memory_order_relaxed);
  post([&lane, errands = std::make_shared<std::vector<Errand>>(std::move(errands))] {
    for (auto& errand : *errands) lane.ready.push_back(std::make_shared<Errand>(std::move(errand)));
  });
}

void Sender::post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wakes_.notify_one();
}

void Sender::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wakes_.notify_one();
}

void Sender::work() {
  name_thread("sender");
  auto wake_at = Steady::now();
  for (;;) {
    std::vector<Task> taken;
    bool stopping = false;
    {
      std::unique_lock lock(mutex_);
      wakes_.wait_until(lock, wake_at, [this] { return woken_ || (stopping_ && in_flight_ == 0) || !tasks_.empty(); });
      woken_ = false;
      taken.swap(tasks_);
      stopping = stopping_;
    }
    for (auto& task : taken) task();
    wake_at = Steady::now() + kLongestSleep;
    if (stopping) give_back_all();
    for (const auto& lane : tools_.lanes) {
      if (!stopping) begin_what_may(*lane, wake_at);
      if (const int now = lane->in_flight; std::exchange(lane->told, now) != now)
        tools_.metrics.sending(lane->channel.name, static_cast<std::size_t>(now));
    }
    if (stopping && taken.empty() && in_flight_ == 0) return;
  }
}

void Sender::begin_what_may(Lane& lane, Moment& wake_at) {
  while (tools_.settler.unsettled() < tools_.most_unsettled && lane.may_begin(Steady::now(), wake_at))
    if (!take_next(lane, wake_at)) return;
  if (lane.room() > 0) tools_.room_made();
}

/// Begins with the destination that stands first. False where nothing of the lane can begin now.
bool Sender::take_next(Lane& lane, Moment& wake_at) {
  const auto credential = tools_.credentials.current(lane.channel.name);
  if (!credential) {
    lane.pause_until(Steady::now() + kAskAgain);
    wake_at = std::min<Moment>(wake_at, Steady::now() + kAskAgain);
    return false;
  }
  const auto errand = lane.ready.front();
  const auto now = tools_.clock.now();
  const auto expires = tools_.holdings.expires(errand->destination).value_or(Time{});
  if (expires <= now) {  // somebody else's by now
    lane.ready.pop_front();
    end(lane, *errand);
    return true;
  }
  if (expires <= now + std::chrono::seconds(lane.channel.limits.timeout_s)) return false;  // it is being renewed
  static_cast<void>(lane.bucket.take(Steady::now()));
  lane.ready.pop_front();
  const auto& send = errand->sends.front();
  Flight flight{.lane = &lane, .errand = errand};
  flight.sending = {.now = now,
                    .nonce = tools_.random.next(),
                    .credential = credential->reveal(),
                    .way = send.way,
                    .template_id = send.template_id,
                    .created = row_of(*errand, send.rows.front()).created};
  if (const auto& page = flight.lane->channel.page) flight.sending.page = page(send.message);
  begin(std::move(flight));
  return true;
}

tl::expected<HttpCall, Rejected> Sender::compose(const Flight& flight) try {
  return flight.lane->channel.channel->compose(flight.errand->sends.front().message, flight.sending);
} catch (const std::exception& error) {  // an adapter's defect must not take the other channels with it
  return tl::unexpected(Rejected{"defect", std::string("the message could not be composed: ") + error.what()});
}

SendResult Sender::judge(const Flight& flight, const HttpReply& reply) try {
  return flight.lane->channel.channel->judge(reply, flight.errand->sends.front().message, flight.sending);
} catch (const std::exception& error) {
  return Unknown{std::string("the answer could not be judged: ") + error.what()};
}

void Sender::begin(Flight flight) {
  auto& lane = *flight.lane;
  auto call = compose(flight);
  if (!call) return conclude(flight, call.error());
  ++lane.in_flight;
  ++in_flight_;
  auto kept = std::make_shared<Flight>(std::move(flight));
  http_.call(*std::move(call), std::chrono::seconds(lane.channel.limits.timeout_s), [this, kept](HttpReply reply) {
    post([this, kept, reply = std::move(reply)] { answered(*kept, reply); });
  });
}

void Sender::answered(Flight& flight, const HttpReply& reply) {
  auto& lane = *flight.lane;
  --lane.in_flight;
  --in_flight_;
  const auto result = judge(flight, reply);
  if (std::holds_alternative<CredentialExpired>(result)) {
    tools_.credentials.refuse(lane.channel.name, Secret(flight.sending.credential));
    if (++flight.errand->refusals <= kMostRefusals) {
      lane.ready.push_front(flight.errand);
      return;
    }
  }
  if (const auto* next = std::get_if<NextStep>(&result); next != nullptr && flight.sending.step < kMostSteps) {
    ++flight.sending.step;
    flight.sending.previous = next->previous;
    flight.sending.now = tools_.clock.now();
    return begin(std::move(flight));
  }
  conclude(flight, result);
}

/// Settles the message, and goes on with the destination's next one, or ends with it.
void Sender::conclude(const Flight& flight, const SendResult& result) {
  auto& lane = *flight.lane;
  auto& errand = *flight.errand;
  const auto send = std::move(errand.sends.front());
  errand.sends.pop_front();
  errand.refusals = 0;
  const auto verdict = settle(flight, send, result);
  if (is_providers_failure(result))
    lane.provider_failed(Steady::now());
  else
    lane.provider_is_well();
  note(flight, verdict);
  if (verdict.state == OutboxState::waiting)
    errand.due = std::min(errand.due.value_or(verdict.next_due), verdict.next_due);
  if (verdict.goes_on && !errand.sends.empty())
    lane.ready.push_front(flight.errand);
  else
    end(lane, errand);
}

/// Hands what became of the rows that went with the message, and what was learnt by it, to the settler.
Verdict Sender::settle(const Flight& flight, const SendNow& send, const SendResult& result) {
  const auto& lane = *flight.lane;
  const auto& errand = *flight.errand;
  const auto& first = row_of(errand, send.rows.front());
  const Attempt attempt{.now = tools_.clock.now(),
                        .created = first.created,
                        .expires = first.expires,
                        .attempts = first.attempts,
                        .ordered = first.ordered,
                        .idempotent = lane.channel.channel->capabilities().idempotent,
                        .owners = errand.owners,
                        .give_up_after = lane.channel.rules.give_up_after,
                        .random = tools_.random.next()};
  auto verdict = weigh(result, attempt);
  learn(errand, send, result, verdict);
  account(flight, send, result, attempt.now);
  if (lane.channel.limits.per_minute > 0) tools_.pace.sent(paced_as(lane.channel, errand.destination), attempt.now);
  std::vector<OutboxSettlement> settled;
  for (const auto id : send.rows) {
    const auto& row = row_of(errand, id);
    auto& one = settled.emplace_back(OutboxSettlement{
        id, verdict.state, verdict.next_due, row.attempts + 1, verdict.error, verdict.provider_id, {}});
    if (verdict.state != OutboxState::waiting) one.kept = without_code(row.message);
  }
  tools_.settler.settle(std::move(settled));
  return verdict;
}

/// What keeps the next plan from choosing the same way again, or gives it back what was not used.
void Sender::learn(const Errand& errand, const SendNow& send, const SendResult& result, const Verdict& verdict) {
  const auto& first = row_of(errand, send.rows.front());
  if (std::holds_alternative<RetryAfter>(result) && send.way == Way::push && errand.spends)
    return tools_.settler.learn(
        {.peer = errand.destination, .refund = errand.spends, .key = lesson_key("refund", first)});
  if (verdict.peer_gone)
    return tools_.settler.learn({.peer = errand.destination, .gone = true, .key = lesson_key("gone", first)});
  if (!verdict.window_closed) return;
  switch (send.way) {
    case Way::push:
      return tools_.settler.learn({.peer = errand.destination, .no_push = true, .key = lesson_key("closed", first)});
    case Way::subscription:
      return tools_.settler.learn(
          {.peer = errand.destination, .consent = send.template_id, .key = lesson_key("closed", first)});
    case Way::template_notice:
      return tools_.closed_ways.close(errand.destination, send.template_id, tools_.clock.now());
  }
}

/// What it cost, and how the channel fares.
void Sender::account(const Flight& flight, const SendNow& send, const SendResult& result, Time now) {
  const auto& [name, channel, limits, rules, page] = flight.lane->channel;
  const auto* accepted = std::get_if<Accepted>(&result);
  if (accepted != nullptr) {
    const bool about_ticket = static_cast<bool>(row_of(*flight.errand, send.rows.front()).ticket);
    if (const int parts = channel->parts_of(send.message); parts > 0)
      tools_.metrics.billed(name, parts, limits.cost, about_ticket);
  }
  if (tools_.stand_ins == nullptr) return;
  if (accepted != nullptr)
    tools_.stand_ins->sent(name, {send.message.key, accepted->provider_id}, channel->capabilities().receipts, now);
  else if (is_providers_failure(result))
    tools_.stand_ins->failed(name, now);
}

/// Tells metrics, log and operators.
void Sender::note(const Flight& flight, const Verdict& verdict) {
  const auto& name = flight.lane->channel.name;
  tools_.metrics.attempted(name, outcome_name(verdict));
  if (verdict.state == OutboxState::sent) return;
  // A first failure is an ordinary thing, and there may be very many.
  const auto level = verdict.state != OutboxState::waiting ? spdlog::level::warn
                     : verdict.attempts == 1               ? spdlog::level::debug
                                                           : spdlog::level::info;
  spdlog::log(level, "send_{} channel={} peer={} attempts={} why=\"{}\"", outcome_name(verdict), name,
              mask_peer(flight.errand->destination.address), verdict.attempts, verdict.error);
  if (!verdict.alarm.empty()) tools_.alarms.raise("refused:" + name, fmt::format("{}: {}", name, verdict.alarm));
  if (verdict.state == OutboxState::dead) raise_given_up(tools_.alarms, name, verdict.error);
  if (flight.lane->is_failing())
    tools_.alarms.raise("failing:" + name,
                        fmt::format("{}: the provider does not take messages ({})", name, verdict.error));
}

void Sender::end(Lane& lane, const Errand& errand) {
  tools_.settler.release({errand.destination, errand.due});
  lane.held.fetch_sub(1, std::memory_order_relaxed);
}

/// What was not begun goes back, for whoever looks next.
void Sender::give_back_all() {
  for (const auto& lane : tools_.lanes) {
    for (const auto& errand : std::exchange(lane->ready, {})) {
      errand->due = tools_.clock.now();
      end(*lane, *errand);
    }
  }
}

}  // namespace huiyin::gateway
