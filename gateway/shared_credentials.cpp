#include "gateway/shared_credentials.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "core/overloaded.h"
#include "core/thread_name.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

// WeChat: in a token's last five minutes another one is handed out, and both are good.
constexpr Millis kRenewBefore = 5min;
constexpr Millis kRenewSpread = 30s;  // so that the nodes do not all ask in the same second
constexpr Millis kLastUse = 10s;      // a call that begins now is at the provider by then
constexpr Millis kLease = 30s;        // longer than one call may take
constexpr Millis kLookAgain = 500ms;  // while another node fetches
constexpr Millis kStoreAway = 1s;
constexpr Millis kIdle = 1s;
constexpr Millis kSameAgain = 30s;  // the provider did not think it time for another one yet

}  // namespace

SharedCredentials::SharedCredentials(const std::map<std::string, const Channel*>& channels, std::string owner,
                                     Tools tools)
    : owner_(std::move(owner)), tools_(std::move(tools)) {
  for (const auto& [name, channel] : channels)
    if (channel->compose_credential(false)) held_[name].channel = channel;
}

SharedCredentials::~SharedCredentials() { stop(); }

void SharedCredentials::start() {
  thread_ = std::thread([this] {
    name_thread("credentials");
    work();
  });
}

void SharedCredentials::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wakes_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool SharedCredentials::is_good(const Held& held, Time now) {
  return !held.value.empty() && now < held.expires - kLastUse;
}

std::optional<Secret> SharedCredentials::current(const std::string& channel) {
  const auto now = tools_.clock.now();
  const std::lock_guard lock(mutex_);
  const auto found = held_.find(channel);
  if (found == held_.end()) return Secret();
  if (is_good(found->second, now)) return found->second.value;
  woken_ = true;
  wakes_.notify_all();
  return std::nullopt;
}

void SharedCredentials::refuse(const std::string& channel, const Secret& refused) {
  const std::lock_guard lock(mutex_);
  const auto found = held_.find(channel);
  if (found == held_.end() || refused.empty()) return;
  auto& held = found->second;
  if (!equal_constant_time(held.value.reveal(), refused.reveal())) return;  // gone on to another one already
  spdlog::warn("credential_refused channel={}", channel);
  held.refused = std::exchange(held.value, Secret());
  held.next_try = {};
  woken_ = true;
  wakes_.notify_all();
}

void SharedCredentials::listen(Listener listener) {
  const std::lock_guard telling(telling_);  // none is being called when this returns
  listener_ = std::move(listener);
}

void SharedCredentials::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    woken_ = false;
    lock.unlock();
    look();
    lock.lock();
    // Woken by somebody who wants one that is not there: it is tried when its next try is due, not before.
    wakes_.wait_for(lock, kIdle, [this] { return stopping_ || woken_; });
    if (woken_ && !stopping_) wakes_.wait_for(lock, kLookAgain / 5, [this] { return stopping_; });
  }
}

void SharedCredentials::look() {
  const std::lock_guard one_at_a_time(looking_);
  const auto now = tools_.clock.now();
  std::vector<std::pair<std::string, Held>> due;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, held] : held_)
      if (now >= held.next_try && (!is_good(held, now) || now >= held.renew)) due.emplace_back(name, held);
  }
  for (const auto& [name, held] : due) refresh(name, held);
}

/// Takes what another node has published, or fetches and publishes.
void SharedCredentials::refresh(const std::string& name, const Held& held) {
  const auto now = tools_.clock.now();
  const auto stored = tools_.store.find_credential(name);
  if (!stored) return put_off(name, kStoreAway);
  if (*stored) {
    const Held found{.value = (*stored)->value, .expires = (*stored)->expires};
    const bool refused = equal_constant_time(found.value.reveal(), held.refused.reveal());
    const bool ours = equal_constant_time(found.value.reveal(), held.value.reveal());
    if (is_good(found, now) && !refused && !ours) return adopt(name, found.value, found.expires);
  }
  const auto known = *stored ? (*stored)->refreshed : Time{};
  const auto leased = tools_.store.lease_credential(name, known, owner_, now, kLease);
  if (!leased) return put_off(name, kStoreAway);
  if (!*leased) return put_off(name, kLookAgain);
  const auto fetched = fetch(name, held);
  if (!fetched) return put_off(name, fetched.error());
  const auto published = tools_.store.publish_credential(name, owner_, fetched->value, fetched->expires, now);
  if (published && !*published) return put_off(name, 0ms);  // somebody else's by now: read it
  if (!published) spdlog::warn("credential_not_published channel={} why=\"{}\"", name, published.error().why);
  adopt(name, fetched->value, fetched->expires);
}

/// Unforced first: within its life the provider hands out the same one, and the refusal may have been of an older.
/// Only where that gives the refused one back is it made to forget that.
tl::expected<Credential, Millis> SharedCredentials::fetch(const std::string& name, const Held& held) {
  for (const bool force : {false, true}) {
    const auto call = held.channel->compose_credential(force);
    if (!call) break;
    auto result = held.channel->judge_credential(tools_.call(*call), tools_.clock.now());
    if (result) {
      const bool refused = equal_constant_time(result->value.reveal(), held.refused.reveal());
      if (force || !refused) return *std::move(result);
      continue;
    }
    const auto* retry = std::get_if<RetryAfter>(&result.error());
    const std::string why = retry == nullptr ? "the provider gives no credential" : retry->why;
    spdlog::warn("credential_failed channel={} forced={} why=\"{}\"", name, force, why);
    if ((retry == nullptr || retry->alarm) && tools_.alarm) tools_.alarm(name, why);
    return tl::unexpected(retry == nullptr ? Millis(1min) : std::max(retry->wait, Millis(kLookAgain)));
  }
  return tl::unexpected(Millis(1min));
}

void SharedCredentials::adopt(const std::string& name, const Secret& value, Time expires) {
  const auto now = tools_.clock.now();
  // A short life is renewed in its last quarter.
  const auto before = std::min(kRenewBefore, std::max(expires - now, Millis(0)) / 4);
  const auto spread =
      Millis(static_cast<std::int64_t>(tools_.random.next() % static_cast<std::uint64_t>(kRenewSpread.count())));
  {
    const std::lock_guard lock(mutex_);
    auto& held = held_.at(name);
    const bool is_new = !equal_constant_time(held.value.reveal(), value.reveal());
    held.value = value;
    held.expires = expires;
    held.renew = expires - before + std::min(spread, before / 10);
    held.next_try = is_new ? now : now + kSameAgain;
    if (!is_new) return;
  }
  spdlog::info("credential channel={} expires={}", name, format_utc(expires));
  const std::lock_guard telling(telling_);
  if (listener_) listener_(name);
}

void SharedCredentials::put_off(const std::string& name, Millis wait) {
  const std::lock_guard lock(mutex_);
  auto& held = held_.at(name);
  held.next_try = tools_.clock.now() + wait;
}

}  // namespace huiyin::gateway
