#include "simulators/wechat_ledger.h"

#include <algorithm>

namespace huiyin::simulators {
namespace {

constexpr int kOutsideWindow = 45015;
constexpr int kUsedUp = 45047;

}  // namespace

void WeChatLedger::wrote(const std::string& openid, Time now) {
  auto& owner = owners_[openid];
  owner.follows = true;
  owner.last_message = now;
  std::erase_if(owner.windows, [](const Window& window) { return window.by_message; });
  owner.windows.push_back({now + limits_.message_open, limits_.per_message, true});
}

void WeChatLedger::acted(const std::string& openid, Time now) {
  auto& owner = owners_[openid];
  owner.follows = true;
  owner.windows.push_back({now + limits_.action_open, limits_.per_action, false});
}

void WeChatLedger::unfollowed(const std::string& openid) {
  auto& owner = owners_[openid];
  owner.follows = false;
  owner.windows.clear();
}

bool WeChatLedger::follows(const std::string& openid) const {
  const auto owner = owners_.find(openid);
  return owner != owners_.end() && owner->second.follows;
}

int WeChatLedger::spend(const std::string& openid, Time now) {
  Window* soonest = nullptr;
  bool any_open = false;
  for (auto& window : owners_[openid].windows) {
    if (window.ends <= now) continue;
    any_open = true;
    if (window.left > 0 && (soonest == nullptr || window.ends < soonest->ends)) soonest = &window;
  }
  if (soonest == nullptr) return any_open ? kUsedUp : kOutsideWindow;
  --soonest->left;
  return 0;
}

int WeChatLedger::remaining(const std::string& openid, Time now) const {
  const auto owner = owners_.find(openid);
  int sum = 0;
  if (owner == owners_.end()) return sum;
  for (const auto& window : owner->second.windows) sum += window.ends > now ? window.left : 0;
  return sum;
}

Time WeChatLedger::last_message(const std::string& openid) const {
  const auto owner = owners_.find(openid);
  return owner == owners_.end() ? Time{} : owner->second.last_message;
}

}  // namespace huiyin::simulators
