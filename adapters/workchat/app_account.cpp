#include "adapters/workchat/app_account.h"

#include "adapters/wechat/wechat_errors.h"
#include "adapters/wechat/wechat_values.h"
#include "adapters/workchat/remedy.h"
#include "core/overloaded.h"

namespace huiyin::workchat {
namespace {

using namespace std::chrono_literals;

constexpr auto kNoMediaWait = 10s;
constexpr std::size_t kMostToken = 2048;  // the vendors ask for room for 512
constexpr std::int64_t kLongestLife = 86400;

bool is_token(const std::string& text) {
  return !text.empty() && text.size() <= kMostToken && text.find_first_of(" \t\r\n\"") == std::string::npos;
}

}  // namespace

tl::expected<Credential, SendResult> read_token(const HttpReply& reply, const std::string& token, std::int64_t life_s,
                                                Time now) {
  if (!is_token(token) || life_s <= 0 || life_s > kLongestLife)
    return tl::unexpected(SendResult(RetryAfter{wechat::retry_after(reply, kNoTokenWait),
                                                "HTTP " + std::to_string(reply.status) + " without an access token"}));
  return Credential{Secret(token), now + std::chrono::seconds(life_s)};
}

SendResult without_token(SendResult refusal, const std::string& why) {
  if (std::holds_alternative<RetryAfter>(refusal) && !std::get<RetryAfter>(refusal).alarm) return refusal;
  return RetryAfter{kOperatorWait, why, true};
}

FetchResult fetch_result(const SendResult& refusal, const std::string& code, const std::string& why) {
  return std::visit(Overloaded{[](const RetryAfter& retry) { return FetchResult(retry); },
                               [](const CredentialExpired& expired) { return FetchResult(expired); },
                               [](const Rejected& rejected) { return FetchResult(rejected); },
                               [&](const auto&) {
                                 return FetchResult(Rejected{code, why});
                               }},
                    refusal);
}

FetchResult judge_media(const HttpReply& reply) {
  if (reply.failure) return RetryAfter{kNoMediaWait, *reply.failure};
  const auto status = "HTTP " + std::to_string(reply.status);
  if (reply.status < 400 && wechat::may_be_json(reply))
    return RetryAfter{kNoMediaWait, status + " with words instead of media"};
  if (reply.status == 404 || reply.status == 410) return Rejected{std::to_string(reply.status), "no longer there"};
  if (reply.status != 200) return RetryAfter{wechat::retry_after(reply, kNoMediaWait), status};
  return Fetched{wechat::media_file_name(reply)};
}

}  // namespace huiyin::workchat
