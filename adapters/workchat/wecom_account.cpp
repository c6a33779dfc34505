// Access tokens and media: compose_credential(), judge_credential(), compose_fetch(), judge_fetch().
#include "adapters/wechat/wechat_errors.h"
#include "adapters/wechat/wechat_values.h"
#include "adapters/workchat/wecom.h"
#include "adapters/workchat/wecom_errors.h"
#include "core/overloaded.h"

namespace huiyin::workchat {
namespace {

using namespace std::chrono_literals;

constexpr auto kNoTokenWait = 3s;
constexpr auto kNoMediaWait = 10s;
constexpr std::size_t kMostToken = 2048;  // the vendor asks for room for 512
constexpr std::int64_t kLongestLife = 86400;
constexpr std::int64_t kMediaGone = 40007;

bool is_token(const std::string& text) {
  return !text.empty() && text.size() <= kMostToken && text.find_first_of(" \t\r\n\"") == std::string::npos;
}

/// On this call whatever is not a matter of load means that the app cannot: its secret, its trusted addresses.
SendResult judge_refusal(const ApiAnswer& answer) {
  const auto* known = find_error(answer.code);
  if (known != nullptr && known->remedy == Remedy::retry) return RetryAfter{kBusyWait, answer.why};
  if (known != nullptr && known->remedy == Remedy::slow_down) return RetryAfter{kSlowDownWait, answer.why};
  return RetryAfter{kOperatorWait, answer.why, true};
}

}  // namespace

// A call within a token's life gives the same one, to every node. There is nothing to force: a token that the platform
// ended early is replaced by the next call.
std::optional<HttpCall> WeCom::compose_credential(bool /*force*/) const {
  if (!can_call()) return std::nullopt;
  return HttpCall{.url = with_query(config_.api_url + "/cgi-bin/gettoken",
                                    {{"corpid", config_.corp_id}, {"corpsecret", config_.secret.reveal()}}),
                  .method = "GET"};
}

tl::expected<Credential, SendResult> WeCom::judge_credential(const HttpReply& reply, Time now) const {
  if (reply.failure) return tl::unexpected(SendResult(RetryAfter{kNoTokenWait, *reply.failure}));
  const auto answer = read_answer(reply.body);
  if (answer && answer->code != 0) return tl::unexpected(judge_refusal(*answer));
  if (!answer || !is_token(answer->access_token) || answer->expires_in <= 0 || answer->expires_in > kLongestLife)
    return tl::unexpected(SendResult(RetryAfter{wechat::retry_after(reply, kNoTokenWait),
                                                "HTTP " + std::to_string(reply.status) + " without an access token"}));
  return Credential{Secret(answer->access_token), now + std::chrono::seconds(answer->expires_in)};
}

tl::expected<HttpCall, Rejected> WeCom::compose_fetch(const MediaJob& job, const Sending& sending) const {
  if (job.media_id.empty()) return tl::unexpected(Rejected{"media", "no media id"});
  if (!can_call()) return tl::unexpected(Rejected{"unsupported", "no secret is configured: media cannot be fetched"});
  return HttpCall{.url = with_query(config_.api_url + "/cgi-bin/media/get",
                                    {{"access_token", sending.credential}, {"media_id", job.media_id}}),
                  .method = "GET"};
}

FetchResult WeCom::judge_fetch(const HttpReply& reply, const MediaJob& job, const Sending& /*sending*/) const {
  if (reply.failure) return RetryAfter{kNoMediaWait, *reply.failure};
  const auto status = "HTTP " + std::to_string(reply.status);
  if (wechat::may_be_json(reply)) {
    if (const auto answer = read_answer(reply.body); answer && answer->code != 0) {
      if (answer->code == kMediaGone && !job.url.empty()) return FetchElsewhere{job.url};
      return std::visit(Overloaded{[](const RetryAfter& retry) { return FetchResult(retry); },
                                   [](const CredentialExpired& expired) { return FetchResult(expired); },
                                   [](const Rejected& rejected) { return FetchResult(rejected); },
                                   [&](const auto&) {
                                     return FetchResult(Rejected{std::to_string(answer->code), answer->why});
                                   }},
                        judge_answer(*answer));
    }
    if (reply.status < 400) return RetryAfter{kNoMediaWait, status + " with words instead of media"};
  }
  if (reply.status == 404 || reply.status == 410) return Rejected{std::to_string(reply.status), "no longer there"};
  if (reply.status != 200) return RetryAfter{wechat::retry_after(reply, kNoMediaWait), status};
  return Fetched{wechat::media_file_name(reply)};
}

}  // namespace huiyin::workchat
