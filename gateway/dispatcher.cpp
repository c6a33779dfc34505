#include "gateway/dispatcher.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "core/text.h"
#include "core/thread_name.h"
#include "gateway/holdings.h"
#include "gateway/lane.h"
#include "gateway/pace.h"
#include "gateway/send_verdict.h"
#include "gateway/sending_loader.h"
#include "gateway/settler.h"
#include "net/http_multi.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr int kMostSteps = 8;      // of one message: upload, then send
constexpr int kMostRefusals = 3;   // of access tokens for one message
constexpr auto kAskAgain = 1s;     // for an access token that is being fetched
constexpr auto kOldestEvery = 5s;  // how often the outbox's age is measured
constexpr auto kLongestSleep = 1s;

/// One call, and what is needed to judge its answer.
struct Flight {
  Lane* lane = nullptr;
  std::shared_ptr<Errand> errand{};
  Sending sending{};
};

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

Peer masked(const Peer& peer) { return {peer.channel, mask_peer(peer.address)}; }

}  // namespace

struct Dispatcher::Impl {
  Impl(std::vector<SendingChannel> channels, Tools given, Options chosen)
      : tools(std::move(given)),
        options(std::move(chosen)),
        settler(tools.store, tools.ids, tools.clock, holdings, options.owner),
        loader(tools.store, tools.ids, tools.clock, pace, holdings, options.owner, options.held) {
    for (auto& channel : channels) lanes.push_back(std::make_unique<Lane>(std::move(channel), Steady::now()));
    settler.on_written([this] { wake(); });
    tools.credentials.listen([this](const std::string& channel) {
      post([this, channel] {
        for (auto& lane : lanes)
          if (lane->channel.name == channel) lane->go_on();
      });
    });
    sender_thread = std::thread([this] { send_all(); });
    loader_thread = std::thread([this] { load_all(); });
  }

  // The sender.
  using Task = std::function<void()>;
  void post(Task task);
  void wake();
  void send_all();
  void begin_what_may(Lane& lane, Steady::time_point& wake_at);
  [[nodiscard]] bool take_next(Lane& lane, Steady::time_point& wake_at);
  void begin(Flight flight);
  void answered(const std::shared_ptr<Flight>& flight, const HttpReply& reply);
  [[nodiscard]] static SendResult judge(const Flight& flight, const HttpReply& reply);
  void refused_token(const Flight& flight);
  void conclude(const Flight& flight, const SendResult& result);
  void note(const Flight& flight, const Verdict& verdict);
  void end(Lane& lane, const Errand& errand);
  void give_back_all();

  // The loader.
  void load_all();
  [[nodiscard]] bool load_some(Lane& lane);
  void renew();
  void measure();

  void stop(Millis patience);

  const Tools tools;
  const Options options;
  Holdings holdings{};
  Pace pace{};
  Settler settler;
  SendingLoader loader;
  HttpMulti http{{.connections_per_host = 256}};
  std::vector<std::unique_ptr<Lane>> lanes{};

  std::mutex mutex{};
  std::condition_variable wakes{};
  std::vector<Task> tasks{};
  bool woken = false;
  int in_flight = 0;      // of the sender
  bool stopping = false;  // begins nothing more

  std::mutex loader_mutex{};
  std::condition_variable loader_wakes{};
  bool loader_stopping = false;
  bool room_made = false;
  Steady::time_point renewed_at = Steady::now();
  Steady::time_point measured_at{};

  std::thread sender_thread{};
  std::thread loader_thread{};
};

void Dispatcher::Impl::post(Task task) {
  {
    const std::lock_guard lock(mutex);
    tasks.push_back(std::move(task));
  }
  wakes.notify_one();
}

void Dispatcher::Impl::wake() {
  {
    const std::lock_guard lock(mutex);
    woken = true;
  }
  wakes.notify_one();
}

void Dispatcher::Impl::send_all() {
  name_thread("sender");
  auto wake_at = Steady::now();
  for (;;) {
    std::vector<Task> taken;
    bool ends = false;
    {
      std::unique_lock lock(mutex);
      wakes.wait_until(lock, wake_at, [this] { return woken || (stopping && in_flight == 0) || !tasks.empty(); });
      woken = false;
      taken.swap(tasks);
      ends = stopping && taken.empty() && in_flight == 0;
    }
    for (auto& task : taken) task();
    if (ends) break;
    wake_at = Steady::now() + kLongestSleep;
    bool begins = true;
    {
      const std::lock_guard lock(mutex);
      begins = !stopping;
    }
    if (!begins) give_back_all();
    for (auto& lane : lanes) {
      if (begins) begin_what_may(*lane, wake_at);
      tools.metrics.sending(lane->channel.name, static_cast<std::size_t>(lane->in_flight));
    }
  }
}

void Dispatcher::Impl::begin_what_may(Lane& lane, Steady::time_point& wake_at) {
  while (settler.unsettled() < kMostUnsettled && lane.may_begin(Steady::now(), wake_at))
    if (!take_next(lane, wake_at)) return;
  if (lane.room() > 0) {
    const std::lock_guard lock(loader_mutex);
    room_made = true;
    loader_wakes.notify_one();
  }
}

/// Begins with the destination that stands first. False where nothing of the lane can begin now.
bool Dispatcher::Impl::take_next(Lane& lane, Steady::time_point& wake_at) {
  const auto credential = tools.credentials.current(lane.channel.name);
  if (!credential) {
    lane.pause_until(Steady::now() + kAskAgain);
    wake_at = std::min(wake_at, Steady::now() + kAskAgain);
    return false;
  }
  const auto errand = lane.ready.front();
  const auto now = tools.clock.now();
  const auto expires = holdings.expires(errand->destination).value_or(Time{});
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
                    .nonce = tools.random.next(),
                    .credential = credential->reveal(),
                    .way = send.way,
                    .template_id = send.template_id,
                    .created = row_of(*errand, send.rows.front()).created};
  begin(std::move(flight));
  return true;
}

void Dispatcher::Impl::begin(Flight flight) {
  auto& lane = *flight.lane;
  auto call = lane.channel.channel->compose(flight.errand->sends.front().message, flight.sending);
  if (!call) return conclude(flight, call.error());
  ++lane.in_flight;
  {
    const std::lock_guard lock(mutex);
    ++in_flight;
  }
  auto kept = std::make_shared<Flight>(std::move(flight));
  http.call(*std::move(call), std::chrono::seconds(lane.channel.limits.timeout_s),
            [this, kept](HttpReply reply) { post([this, kept, reply = std::move(reply)] { answered(kept, reply); }); });
}

SendResult Dispatcher::Impl::judge(const Flight& flight, const HttpReply& reply) try {
  return flight.lane->channel.channel->judge(reply, flight.errand->sends.front().message, flight.sending);
} catch (const std::exception& error) {  // an adapter's defect must not take the other channels with it
  return Unknown{std::string("the answer could not be judged: ") + error.what()};
}

void Dispatcher::Impl::answered(const std::shared_ptr<Flight>& flight, const HttpReply& reply) {
  auto& lane = *flight->lane;
  --lane.in_flight;
  {
    const std::lock_guard lock(mutex);
    --in_flight;
  }
  const auto result = judge(*flight, reply);
  if (std::holds_alternative<CredentialExpired>(result)) {
    tools.credentials.refuse(lane.channel.name, Secret(flight->sending.credential));
    if (++flight->errand->refusals <= kMostRefusals) {
      lane.ready.push_front(flight->errand);
      return;
    }
  }
  if (const auto* next = std::get_if<NextStep>(&result); next != nullptr && flight->sending.step < kMostSteps) {
    ++flight->sending.step;
    flight->sending.previous = next->previous;
    flight->sending.now = tools.clock.now();
    return begin(std::move(*flight));
  }
  conclude(*flight, result);
}

/// Settles the rows that went with the message, and goes on with the destination's next one, or ends with it.
void Dispatcher::Impl::conclude(const Flight& flight, const SendResult& result) {
  auto& lane = *flight.lane;
  auto& errand = *flight.errand;
  const auto send = std::move(errand.sends.front());
  errand.sends.pop_front();
  errand.refusals = 0;
  const auto& first = row_of(errand, send.rows.front());
  Attempt attempt{.now = tools.clock.now(),
                  .created = first.created,
                  .expires = first.expires,
                  .attempts = first.attempts,
                  .ordered = first.ordered,
                  .idempotent = lane.channel.channel->capabilities().idempotent,
                  .owners = errand.owners,
                  .give_up_after = lane.channel.rules.give_up_after,
                  .random = tools.random.next()};
  const auto verdict = weigh(result, attempt);
  std::vector<OutboxSettlement> settled;
  for (const auto id : send.rows) {
    const int attempts = row_of(errand, id).attempts + 1;
    settled.push_back({id, verdict.state, verdict.next_due, attempts, verdict.error, verdict.provider_id});
  }
  if (is_providers_failure(result))
    lane.provider_failed(Steady::now());
  else
    lane.provider_is_well();
  if (lane.channel.limits.per_minute > 0) pace.sent(errand.destination, attempt.now);
  note(flight, verdict);
  if (verdict.window_closed || verdict.peer_gone)
    settler.learn({errand.destination, verdict.peer_gone, fmt::format("closed:{}:{}", first.id.value, first.attempts)});
  settler.settle(std::move(settled));
  if (verdict.state == OutboxState::waiting)
    errand.due = std::min(errand.due.value_or(verdict.next_due), verdict.next_due);
  if (verdict.goes_on && !errand.sends.empty())
    lane.ready.push_front(flight.errand);
  else
    end(lane, errand);
}

/// Tells metrics, log and operators.
void Dispatcher::Impl::note(const Flight& flight, const Verdict& verdict) {
  const auto& name = flight.lane->channel.name;
  tools.metrics.attempted(name, outcome_name(verdict));
  if (verdict.state == OutboxState::sent) return;
  const auto peer = masked(flight.errand->destination);
  // A first failure is an ordinary thing, and there may be very many.
  const auto level = verdict.state != OutboxState::waiting ? spdlog::level::warn
                     : verdict.attempts == 1               ? spdlog::level::debug
                                                           : spdlog::level::info;
  spdlog::log(level, "send_{} channel={} peer={} attempts={} why=\"{}\"", outcome_name(verdict), name, peer.address,
              verdict.attempts, verdict.error);
  if (!verdict.alarm.empty()) tools.alarms.raise("refused:" + name, fmt::format("{}: {}", name, verdict.alarm));
  if (verdict.state == OutboxState::dead)
    tools.alarms.raise("dead:" + name, fmt::format("{}: a message could not be sent and is given up ({}). `huiyin "
                                                   "outbox list --state dead` shows it",
                                                   name, verdict.error));
  if (flight.lane->is_failing())
    tools.alarms.raise("failing:" + name,
                       fmt::format("{}: the provider does not take messages ({})", name, verdict.error));
}

void Dispatcher::Impl::end(Lane& lane, const Errand& errand) {
  settler.release({errand.destination, errand.due});
  lane.held.fetch_sub(1, std::memory_order_relaxed);
}

/// What was not begun goes back, for whoever looks next.
void Dispatcher::Impl::give_back_all() {
  for (auto& lane : lanes) {
    for (const auto& errand : std::exchange(lane->ready, {})) {
      errand->due = tools.clock.now();
      end(*lane, *errand);
    }
  }
}

void Dispatcher::Impl::load_all() {
  name_thread("loader");
  for (;;) {
    bool found = false;
    if (tools.ready()) {
      renew();
      for (auto& lane : lanes) found |= load_some(*lane);
      measure();
    }
    std::unique_lock lock(loader_mutex);
    if (loader_stopping) return;
    // While something is found there may be more; a lane that is full says when it has room again.
    loader_wakes.wait_for(lock, options.idle, [&] { return loader_stopping || (found && room_made); });
    room_made = false;
    if (loader_stopping) return;
  }
}

/// False where nothing was due.
bool Dispatcher::Impl::load_some(Lane& lane) {
  const int room = lane.room();
  if (room <= 0) return true;
  auto load = loader.load(lane.channel, room);
  if (!load) return false;
  const bool found = !load->errands.empty() || !load->released.empty();
  settler.settle(std::move(load->settled));
  for (auto& one : load->released) settler.release(std::move(one));
  if (!load->given_up.empty())
    tools.alarms.raise(
        "dead:" + lane.channel.name,
        fmt::format("{}: a message cannot be sent and is given up ({}). `huiyin outbox list --state dead` "
                    "shows it",
                    lane.channel.name, load->given_up.front()));
  for (std::size_t i = 0; i < load->given_up.size(); ++i) tools.metrics.attempted(lane.channel.name, "dead");
  if (load->errands.empty()) return found;
  lane.held.fetch_add(static_cast<int>(load->errands.size()), std::memory_order_relaxed);
  post([&lane, errands = std::make_shared<std::vector<Errand>>(std::move(load->errands))] {
    for (auto& errand : *errands) lane.ready.push_back(std::make_shared<Errand>(std::move(errand)));
  });
  return found;
}

void Dispatcher::Impl::renew() {
  if (Steady::now() - renewed_at < options.held / 3) return;
  renewed_at = Steady::now();
  const auto asked = holdings.all();
  if (asked.empty()) return;
  const auto until = tools.clock.now() + options.held;
  const auto renewed = tools.store.renew_destinations(options.owner, asked, until);
  if (!renewed) {  // they expire unless the store is back in time
    spdlog::warn("leases_not_renewed destinations={} why=\"{}\"", asked.size(), renewed.error().why);
    return;
  }
  if (renewed->size() != asked.size()) spdlog::info("leases_ended destinations={}", asked.size() - renewed->size());
  holdings.renewed(asked, *renewed, until);
}

void Dispatcher::Impl::measure() {
  if (Steady::now() - measured_at < kOldestEvery) return;
  measured_at = Steady::now();
  const auto oldest = tools.store.oldest_waiting();
  if (oldest) tools.metrics.oldest_waiting(*oldest ? std::max(Millis(0), tools.clock.now() - **oldest) : Millis(0));
}

void Dispatcher::Impl::stop(Millis patience) {
  const auto limit = Steady::now() + patience;
  {
    const std::lock_guard lock(loader_mutex);
    loader_stopping = true;
  }
  loader_wakes.notify_all();
  if (loader_thread.joinable()) loader_thread.join();
  {
    std::unique_lock lock(mutex);
    stopping = woken = true;
    wakes.notify_all();
  }
  http.stop(std::max(Millis(0), std::chrono::ceil<Millis>(limit - Steady::now())));
  if (sender_thread.joinable()) sender_thread.join();
  tools.credentials.listen({});
  settler.stop(std::max(Millis(1000), std::chrono::ceil<Millis>(limit - Steady::now())));
}

Dispatcher::Dispatcher(std::vector<SendingChannel> channels, Tools tools, Options options)
    : impl_(std::make_unique<Impl>(std::move(channels), std::move(tools), std::move(options))) {}
Dispatcher::~Dispatcher() { impl_->stop({}); }

void Dispatcher::stop(Millis patience) { impl_->stop(patience); }

}  // namespace huiyin::gateway
