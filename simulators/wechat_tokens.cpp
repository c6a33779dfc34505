#include "simulators/wechat_tokens.h"

#include <algorithm>

namespace huiyin::simulators {
namespace {

using namespace std::chrono_literals;

constexpr auto kGrace = 5min;
constexpr auto kBetweenForced = 30s;
constexpr std::size_t kForcedPerDay = 20;
constexpr std::size_t kRemembered = 64;

std::int64_t seconds_between(Time from, Time to) { return std::chrono::floor<std::chrono::seconds>(to - from).count(); }

}  // namespace

WeChatTokens::Issued WeChatTokens::issue(std::deque<Token>& family, Time now) {
  family.push_back({fresh_(), now + life_});
  if (family.size() > kRemembered) family.pop_front();
  return {.token = family.back().text, .expires_in = life_.count()};
}

WeChatTokens::Issued WeChatTokens::next(Time now) {
  if (!plain_.empty()) plain_.back().expires = std::min(plain_.back().expires, now + kGrace);
  return issue(plain_, now);
}

WeChatTokens::Issued WeChatTokens::stable(Time now, bool force) {
  const bool alive = !stable_.empty() && !stable_.back().superseded && stable_.back().expires > now;
  if (force) {
    std::erase_if(forced_, [now](Time at) { return at + 24h <= now; });
    if (!forced_.empty() && now - forced_.back() < kBetweenForced) return {.code = 45011};
    if (forced_.size() >= kForcedPerDay) return {.code = 45009};
    forced_.push_back(now);
    for (auto& token : stable_) token.superseded = true;
    return issue(stable_, now);
  }
  // A life shorter than the grace is a test's: its tokens are renewed when they end.
  if (alive && (stable_.back().expires - now > kGrace || life_ <= kGrace))
    return {.token = stable_.back().text, .expires_in = seconds_between(now, stable_.back().expires)};
  return issue(stable_, now);
}

int WeChatTokens::check(const std::string& token, Time now) const {
  if (token.empty()) return 41001;
  for (const auto* family : {&plain_, &stable_}) {
    const auto found =
        std::find_if(family->begin(), family->end(), [&](const Token& one) { return one.text == token; });
    if (found == family->end()) continue;
    if (found->superseded) return 40001;
    return found->expires <= now ? 42001 : 0;
  }
  return 40014;
}

void WeChatTokens::kill_all() {
  for (auto* family : {&plain_, &stable_})
    for (auto& token : *family) token.superseded = true;
}

}  // namespace huiyin::simulators
