#include "gateway/channel_health.h"

#include <algorithm>
#include <utility>

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostRemembered = 2000;  // of each kind
constexpr auto kEarliest = 1min;               // a receipt before its message's own answer: as long as that may take

/// Are enough of them bad? Each is a time and whether it is.
bool mostly_bad(const std::deque<std::pair<Time, bool>>& all, std::size_t least, double share) {
  if (all.size() < least) return false;
  const auto bad = std::count_if(all.begin(), all.end(), [](const auto& one) { return one.second; });
  return static_cast<double>(bad) >= share * static_cast<double>(all.size());
}

}  // namespace

void ChannelHealth::sent(const Named& message, bool receipt, Time now) {
  outcomes_.emplace_back(now, false);
  if (receipt && take_early(message, now)) {
    confirmed(now, false);
  } else if (receipt && unconfirmed_.size() < kMostRemembered) {
    unconfirmed_.emplace(message.key, now);
    if (!message.provider_id.empty()) keys_.emplace(message.provider_id, message.key);
  }
  if (ill_since_ && !receipt) ++well_;
  forget_old(now);
}

void ChannelHealth::failed(Time now) {
  outcomes_.emplace_back(now, true);
  well_ = 0;
  forget_old(now);
}

void ChannelHealth::arrived(const std::string& key_or_id, Time now) {
  const auto named = keys_.find(key_or_id);
  const auto found = unconfirmed_.find(named == keys_.end() ? key_or_id : named->second);
  if (named != keys_.end()) keys_.erase(named);
  heard_ = now;
  if (found == unconfirmed_.end()) {
    early_.emplace(key_or_id, now);
  } else {
    confirmed(found->second, now - found->second > policy_.receipt_within);
    unconfirmed_.erase(found);
  }
  forget_old(now);
}

void ChannelHealth::confirmed(Time sent, bool slow) {
  receipts_.emplace_back(sent, slow);
  if (ill_since_) well_ = slow ? 0 : well_ + 1;
}

bool ChannelHealth::take_early(const Named& message, Time now) {
  std::erase_if(early_, [now](const auto& one) { return now - one.second > kEarliest; });
  const auto by_key = early_.erase(message.key);
  const auto by_id = message.provider_id.empty() ? 0 : early_.erase(message.provider_id);
  return by_key + by_id > 0;
}

void ChannelHealth::forget_old(Time now) {
  const auto old = [&](Time at) { return now - at > policy_.looks_back; };
  for (auto* list : {&outcomes_, &receipts_})
    while (!list->empty() && (old(list->front().first) || list->size() > kMostRemembered)) list->pop_front();
  // What has not been confirmed by now is as bad as what was confirmed late.
  for (auto at = unconfirmed_.begin(); at != unconfirmed_.end();) {
    if (now - at->second <= policy_.receipt_within) {
      ++at;
      continue;
    }
    receipts_.emplace_back(at->second, true);
    at = unconfirmed_.erase(at);
  }
  if (keys_.size() > kMostRemembered) keys_.clear();
  if (early_.size() > kMostRemembered) early_.clear();
}

bool ChannelHealth::is_ill(Time now) {
  forget_old(now);
  if (ill_since_) {
    if (well_ < policy_.well_after) return true;
    ill_since_.reset();  // what came before says nothing any more
    outcomes_.clear();
    receipts_.clear();
    well_ = 0;
    return false;
  }
  const bool hears = heard_ && now - *heard_ <= policy_.heard_within;
  if (!mostly_bad(outcomes_, policy_.least, policy_.bad_share) &&
      !(hears && mostly_bad(receipts_, policy_.least, policy_.slow_share)))
    return false;
  ill_since_ = tried_ = now;
  well_ = 0;
  return true;
}

bool ChannelHealth::may_try(Time now) {
  // Once it has shown to be well, the next ones follow at once.
  if (well_ == 0 && now - tried_ < policy_.tries_again) return false;
  tried_ = now;
  return true;
}

StandIns::StandIns(std::vector<std::vector<std::string>> groups, Told told)
    : groups_(std::move(groups)), told_(std::move(told)) {
  std::erase_if(groups_, [](const auto& group) { return group.size() < 2; });
  for (const auto& group : groups_)
    for (const auto& channel : group) health_.try_emplace(channel);
}

void StandIns::sent(const std::string& channel, const ChannelHealth::Named& message, bool receipt, Time now) {
  const std::lock_guard lock(mutex_);
  if (const auto found = health_.find(channel); found != health_.end()) found->second.sent(message, receipt, now);
}

void StandIns::failed(const std::string& channel, Time now) {
  const std::lock_guard lock(mutex_);
  if (const auto found = health_.find(channel); found != health_.end()) found->second.failed(now);
}

void StandIns::arrived(const std::string& channel, const std::string& key_or_id, Time now) {
  const std::lock_guard lock(mutex_);
  if (const auto found = health_.find(channel); found != health_.end()) found->second.arrived(key_or_id, now);
}

/// Another of its group that is well; empty: there is none.
std::string StandIns::well_one(const std::string& channel, Time now) {
  for (const auto& group : groups_) {
    if (std::find(group.begin(), group.end(), channel) == group.end()) continue;
    for (const auto& other : group)
      if (other != channel && !health_.at(other).is_ill(now)) return other;
  }
  return {};
}

std::optional<std::string> StandIns::instead_of(const std::string& channel, Time now) {
  std::string other;
  bool news = false, tries = false;
  {
    const std::lock_guard lock(mutex_);
    const auto found = health_.find(channel);
    if (found == health_.end()) return std::nullopt;
    if (found->second.is_ill(now)) {
      other = well_one(channel, now);
      tries = !other.empty() && found->second.may_try(now);
    }
    news = std::exchange(shifted_[channel], other) != other;
  }
  if (news && told_) told_(channel, other);
  if (other.empty() || tries) return std::nullopt;
  return other;
}

}  // namespace huiyin::gateway
