// Who opens a page in WeCom's own browser: sign_in_url(), compose_identity(), judge_identity().
// Source: developer.work.weixin.qq.com, 构造网页授权链接, 获取访问用户身份.
#include <algorithm>

#include "adapters/workchat/wecom.h"
#include "adapters/workchat/wecom_errors.h"

namespace huiyin::workchat {
namespace {

constexpr std::size_t kMostCode = 512, kMostState = 128, kMostMember = 64;

bool is_plain(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

std::string WeCom::sign_in_url(const std::string& back, const std::string& state) const {
  if (!can_call() || state.empty() || state.size() > kMostState) return {};
  return with_query(config_.sign_in_url + "/connect/oauth2/authorize",
                    {{"appid", config_.corp_id},
                     {"redirect_uri", back},
                     {"response_type", "code"},
                     {"scope", "snsapi_base"},
                     {"state", state},
                     {"agentid", std::to_string(config_.agent_id)}}) +
         "#wechat_redirect";
}

tl::expected<HttpCall, Rejected> WeCom::compose_identity(const std::string& code, const Sending& sending) const {
  if (code.empty() || code.size() > kMostCode || !is_plain(code)) return tl::unexpected(Rejected{"code", "no code"});
  if (!can_call()) return tl::unexpected(Rejected{"unsupported", "no secret is configured: nobody can be asked"});
  return HttpCall{.url = with_query(config_.api_url + "/cgi-bin/auth/getuserinfo",
                                    {{"access_token", sending.credential}, {"code", code}}),
                  .method = "GET"};
}

tl::expected<std::string, SendResult> WeCom::judge_identity(const HttpReply& reply) const {
  if (reply.failure) return tl::unexpected(SendResult(RetryAfter{kUnreachedWait, *reply.failure}));
  const auto answer = read_answer(reply.body);
  if (!answer) return tl::unexpected(judge_status(reply, kSlowDownWait));
  if (answer->code != 0) return tl::unexpected(judge_answer(*answer));
  // Who is no member of the company is answered with an openid instead.
  if (answer->member.empty() || answer->member.size() > kMostMember || !is_plain(answer->member))
    return tl::unexpected(SendResult(Rejected{"stranger", "no member of the company"}));
  return answer->member;
}

}  // namespace huiyin::workchat
