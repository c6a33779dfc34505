#include "adapters/workchat/app_account.h"

#include "adapters/wechat/wechat_errors.h"
#include "adapters/wechat/wechat_values.h"
#include "adapters/workchat/remedy.h"
#include "core/overloaded.h"

namespace huiyin::workchat {
namespace {

using namespace std::chrono_literals;

constexpr auto kNoMediaWait = 10s;

}  // namespace

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
