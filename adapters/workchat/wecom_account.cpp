// Access tokens and media: compose_credential(), judge_credential(), compose_fetch(), judge_fetch().
#include "adapters/wechat/wechat_values.h"
#include "adapters/workchat/app_account.h"
#include "adapters/workchat/wecom.h"
#include "adapters/workchat/wecom_errors.h"

namespace huiyin::workchat {
namespace {

constexpr std::int64_t kMediaGone = 40007;

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
  if (reply.failure) return tl::unexpected(SendResult(RetryAfter{wechat::kNoTokenWait, *reply.failure}));
  const auto answer = read_answer(reply.body);
  if (answer && answer->code != 0) return tl::unexpected(without_token(judge_answer(*answer), answer->why));
  return wechat::read_token(reply, answer ? answer->access_token : std::string(), answer ? answer->expires_in : 0, now);
}

tl::expected<HttpCall, Rejected> WeCom::compose_fetch(const MediaJob& job, const Sending& sending) const {
  if (job.media_id.empty()) return tl::unexpected(Rejected{"media", "no media id"});
  if (!can_call()) return tl::unexpected(Rejected{"unsupported", "no secret is configured: media cannot be fetched"});
  return HttpCall{.url = with_query(config_.api_url + "/cgi-bin/media/get",
                                    {{"access_token", sending.credential}, {"media_id", job.media_id}}),
                  .method = "GET"};
}

FetchResult WeCom::judge_fetch(const HttpReply& reply, const MediaJob& job, const Sending& /*sending*/) const {
  const auto answer = !reply.failure && wechat::may_be_json(reply) ? read_answer(reply.body) : std::nullopt;
  if (!answer || answer->code == 0) return judge_media(reply);
  if (answer->code == kMediaGone && !job.url.empty()) return FetchElsewhere{job.url};
  return fetch_result(judge_answer(*answer), std::to_string(answer->code), answer->why);
}

}  // namespace huiyin::workchat
