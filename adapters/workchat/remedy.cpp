#include "adapters/workchat/remedy.h"

#include <algorithm>
#include <utility>

#include "adapters/wechat/wechat_errors.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

using namespace std::chrono_literals;

constexpr auto kUnknownCodeWait = 1min;
constexpr auto kRefusedWait = 5min;
constexpr std::size_t kMostSaid = 300;  // characters of the log's line

}  // namespace

const ErrorCode* find_error(std::span<const ErrorCode> table, std::int64_t code) {
  const auto found =
      std::find_if(table.begin(), table.end(), [code](const ErrorCode& row) { return code <= row.last; });
  return found != table.end() && found->first <= code ? &*found : nullptr;
}

std::string describe_code(const ErrorCode* known, std::string_view code, std::string_view said) {
  std::string out(code);
  if (known != nullptr) out.append(" ").append(known->words);
  if (!said.empty()) out.append(": ").append(first_characters(said, kMostSaid));
  return out;
}

SendResult judge_code(const ErrorCode* known, const Coded& coded, std::chrono::seconds slow_down) {
  if (known == nullptr) return RetryAfter{kUnknownCodeWait, coded.why, true};
  switch (known->remedy) {
    case Remedy::done:
      return Accepted{coded.id};
    case Remedy::retry:
      return RetryAfter{kBusyWait, coded.why};
    case Remedy::slow_down:
      return RetryAfter{slow_down, coded.why};
    case Remedy::refresh_token:
      return CredentialExpired{};
    case Remedy::peer_gone:
      return PeerGone{coded.why};
    case Remedy::our_fault:
      return Rejected{std::to_string(coded.code), coded.why};
    case Remedy::operator_acts:
      return RetryAfter{kOperatorWait, coded.why, true};
  }
  return Unknown{coded.why};
}

SendResult judge_status(const HttpReply& reply, std::chrono::seconds slow_down) {
  auto why = "HTTP " + std::to_string(reply.status) + ", and " + std::to_string(reply.body.size()) +
             " bytes that are no answer of the API";
  if (reply.status == 429) return RetryAfter{wechat::retry_after(reply, slow_down), std::move(why)};
  // 4xx without an answer of the API: a proxy, or a wrong api_url. Nobody has taken the message.
  if (reply.status >= 400 && reply.status < 500 && reply.status != 408)
    return RetryAfter{wechat::retry_after(reply, kRefusedWait), std::move(why), true};
  return Unknown{std::move(why)};
}

SendResult judge_failure(const HttpReply& reply) {
  if (reply.request_left) return Unknown{*reply.failure};
  return RetryAfter{kUnreachedWait, *reply.failure};
}

}  // namespace huiyin::workchat
