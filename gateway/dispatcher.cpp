#include "gateway/dispatcher.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "core/thread_name.h"
#include "gateway/sender.h"
#include "gateway/sending_loader.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto kOldestEvery = 5s;       // how often the outbox's age is measured
constexpr auto kReceiptsEvery = 500ms;  // how often messages of receipts that came early are looked for
constexpr Millis kLeastForSettling = 1s;

std::map<std::string, Reach> reaches_of(const std::vector<SendingChannel>& channels) {
  std::map<std::string, Reach> out;
  for (const auto& one : channels) out[one.name] = {one.limits.cost, one.channel->carried()};
  return out;
}

Sender::Lanes lanes_of(std::vector<SendingChannel> channels) {
  Sender::Lanes out;
  for (auto& channel : channels) out.push_back(std::make_unique<Lane>(std::move(channel), Steady::now()));
  return out;
}

}  // namespace

/// The loader, and what the three threads share.
struct Dispatcher::Impl {
  Impl(std::vector<SendingChannel> channels, Tools given, Options chosen)
      : tools(std::move(given)),
        options(std::move(chosen)),
        settler(tools.store, tools.ids, tools.clock, holdings, options.owner),
        loader({tools.store, tools.ids, tools.clock, pace, closed_ways, holdings, expectant, reaches_of(channels),
                tools.stand_ins, tools.reword},
               options.owner, options.held),
        lanes(lanes_of(std::move(channels))),
        sender({lanes, holdings, pace, closed_ways, settler, tools.credentials, tools.alarms, tools.metrics,
                tools.clock, tools.random, [this] { make_room(); }, kMostUnsettled, tools.stand_ins}),
        thread([this] { work(); }) {}

  void work();
  [[nodiscard]] bool load_some(Lane& lane);
  void renew();
  void bring_forward();
  void match_receipts();
  void measure();
  void make_room();
  void stop(Millis patience);

  const Tools tools;
  const Options options;
  Holdings holdings{};
  Pace pace{};
  ClosedWays closed_ways{};
  Expectant expectant{};
  std::mutex mutex{};
  std::condition_variable wakes{};
  bool stopping = false;
  bool room_made = false;
  bool told = false;  // to look
  Steady::time_point renewed_at = Steady::now();
  Steady::time_point measured_at{};
  Steady::time_point matched_at{};
  Settler settler;
  SendingLoader loader;
  const Sender::Lanes lanes;
  Sender sender;
  std::thread thread;
};

/// A lane has room again.
void Dispatcher::Impl::make_room() {
  {
    const std::lock_guard lock(mutex);
    room_made = true;
  }
  wakes.notify_one();
}

void Dispatcher::Impl::work() {
  name_thread("loader");
  for (;;) {
    bool found = false;
    if (tools.ready()) {
      renew();
      bring_forward();
      match_receipts();
      for (auto& lane : lanes) found |= load_some(*lane);
      measure();
    }
    std::unique_lock lock(mutex);
    if (stopping) return;
    // While something is found there may be more; a lane that is full says when it has room again.
    wakes.wait_for(lock, options.idle, [&] { return stopping || told || (found && room_made); });
    if (told) wakes.wait_for(lock, options.least, [&] { return stopping; });
    room_made = told = false;
    if (stopping) return;
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
  if (!load->given_up.empty()) raise_given_up(tools.alarms, lane.channel.name, load->given_up.front());
  for (std::size_t i = 0; i < load->given_up.size(); ++i) tools.metrics.attempted(lane.channel.name, "dead");
  if (load->errands.empty()) return found;
  sender.add(lane, std::move(load->errands));
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

/// What waits for an owner who wrote meanwhile is due.
void Dispatcher::Impl::bring_forward() {
  const auto due = expectant.take();
  if (due.empty()) return;
  const auto brought = tools.store.bring_forward(due, tools.clock.now());
  if (!brought) spdlog::warn("not_brought_forward destinations={} why=\"{}\"", due.size(), brought.error().why);
}

void Dispatcher::Impl::match_receipts() {
  if (Steady::now() - matched_at < kReceiptsEvery) return;
  matched_at = Steady::now();
  const auto matched = tools.store.match_early_receipts(tools.clock.now());
  if (!matched) spdlog::warn("receipts_not_matched why=\"{}\"", matched.error().why);
}

void Dispatcher::Impl::measure() {
  if (Steady::now() - measured_at < kOldestEvery) return;
  measured_at = Steady::now();
  const auto oldest = tools.store.oldest_waiting();
  if (oldest) tools.metrics.oldest_waiting(*oldest ? std::max(Millis(0), tools.clock.now() - **oldest) : Millis(0));
}

void Dispatcher::Impl::stop(Millis patience) {
  const auto limit = Steady::now() + patience;
  const auto left = [limit] { return std::max(Millis(0), std::chrono::ceil<Millis>(limit - Steady::now())); };
  {
    const std::lock_guard lock(mutex);
    stopping = true;
  }
  wakes.notify_all();
  if (thread.joinable()) thread.join();
  sender.stop(left());
  settler.stop(std::max(kLeastForSettling, left()));
}

Dispatcher::Dispatcher(std::vector<SendingChannel> channels, Tools tools, Options options)
    : impl_(std::make_unique<Impl>(std::move(channels), std::move(tools), std::move(options))) {}
Dispatcher::~Dispatcher() { impl_->stop({}); }

void Dispatcher::look() {
  {
    const std::lock_guard lock(impl_->mutex);
    if (std::exchange(impl_->told, true)) return;
  }
  impl_->wakes.notify_one();
}

void Dispatcher::he_wrote(const Peer& owner) { impl_->expectant.wrote(owner); }

void Dispatcher::stop(Millis patience) { impl_->stop(patience); }

}  // namespace huiyin::gateway
