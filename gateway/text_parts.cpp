#include "gateway/text_parts.h"

#include <algorithm>

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kNumberedWait = 30s;  // carriers send a message's pieces within seconds, rarely tens of them
constexpr auto kFollowWait = 8s;     // for a piece that nobody announced: the answer waits as long
constexpr std::size_t kMostParts = 12;

JoinedText take_numbered(std::vector<HeldPart>& held, const TextMessage& message, Time now) {
  const auto& part = *message.part;
  std::string before;  // pieces of another message that never got whole
  if (!held.empty() && held.front().reference != part.reference) before = take_parts(held) + "\n";
  const bool known =
      std::any_of(held.begin(), held.end(), [&](const HeldPart& one) { return one.number == part.number; });
  if (!known) held.push_back({part.reference, part.number, part.of, before + message.text, now});
  if (held.size() >= static_cast<std::size_t>(part.of) || held.size() >= kMostParts) return {.text = take_parts(held)};
  return {.waits = true, .until = now + kNumberedWait};
}

}  // namespace

std::string take_parts(std::vector<HeldPart>& held) {
  std::stable_sort(held.begin(), held.end(),
                   [](const HeldPart& a, const HeldPart& b) { return a.of > 0 && b.of > 0 && a.number < b.number; });
  std::string out;
  for (const auto& part : held) out += part.text;
  held.clear();
  return out;
}

JoinedText join_text(std::vector<HeldPart>& held, const EventBody& body, Time now) {
  if (const auto* timer = std::get_if<TimerFired>(&body)) {
    if (timer->kind != kPartsTimer || held.empty()) return {};
    return {.text = take_parts(held)};
  }
  const auto* message = std::get_if<TextMessage>(&body);
  if (message == nullptr) return {};
  if (message->part && message->part->of > 0) return take_numbered(held, *message, now);
  const bool may_go_on = message->part.has_value();
  if (may_go_on && held.size() < kMostParts) {
    held.push_back({.number = static_cast<int>(held.size()) + 1, .text = message->text, .at = now});
    return {.waits = true, .until = now + kFollowWait};
  }
  if (held.empty()) return {};
  held.push_back({.number = static_cast<int>(held.size()) + 1, .text = message->text, .at = now});
  return {.text = take_parts(held)};
}

}  // namespace huiyin::gateway
