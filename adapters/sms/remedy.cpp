#include "adapters/sms/remedy.h"

#include "core/text.h"

namespace huiyin::sms {
namespace {

using namespace std::chrono_literals;

constexpr auto kSlowDown = 2s;  // and the backoff of repeated attempts on top
constexpr auto kAgain = 10s;
constexpr auto kUntilMended = 10min;
constexpr std::size_t kQuotedBytes = 200;

}  // namespace

Remedy find_remedy(std::span<const KnownCode> table, std::string_view code) {
  for (const auto& one : table) {
    if (one.code == code) return one.remedy;
    if (one.code.ends_with('*') && code.starts_with(one.code.substr(0, one.code.size() - 1))) return one.remedy;
  }
  return Remedy::operator_acts;
}

SendResult result_of(Remedy remedy, std::string_view code, const std::string& why) {
  auto words = std::string(code) + ": " + std::string(first_bytes(clean_text(why), kQuotedBytes));
  switch (remedy) {
    case Remedy::slow_down:
      return RetryAfter{kSlowDown, std::move(words)};
    case Remedy::again:
      return RetryAfter{kAgain, std::move(words)};
    case Remedy::in_30_seconds:
      return RetryAfter{31s, std::move(words)};
    case Remedy::in_a_minute:
      return RetryAfter{61s, std::move(words)};
    case Remedy::in_an_hour:
      return RetryAfter{1h, std::move(words)};
    case Remedy::tomorrow:
      return RetryAfter{24h, std::move(words)};
    case Remedy::operator_acts:
      return RetryAfter{kUntilMended, std::move(words), true};
    case Remedy::peer_gone:
      return PeerGone{std::move(words)};
    case Remedy::give_up:
      return Rejected{std::string(code), std::string(first_bytes(clean_text(why), kQuotedBytes))};
    case Remedy::unknown:
      return Unknown{std::move(words)};
  }
  return Unknown{std::move(words)};
}

std::optional<SendResult> judge_transport(const HttpReply& reply) {
  if (!reply.failure) return std::nullopt;
  if (reply.request_left) return Unknown{*reply.failure};  // sending is idempotent nowhere
  return RetryAfter{kAgain, *reply.failure};
}

}  // namespace huiyin::sms
