// Photos, voice and video: compose_fetch() and judge_fetch().
#include "adapters/wechat/wechat.h"
#include "adapters/wechat/wechat_values.h"

namespace huiyin::wechat {
namespace {

using namespace std::chrono_literals;

constexpr auto kNoAnswerWait = 10s;
constexpr std::int64_t kMediaGone = 40007;

FetchResult judge_code(const ApiAnswer& answer, const MediaJob& job) {
  // The picture's public copy outlives the media id, and needs no token.
  if (answer.code == kMediaGone && !job.url.empty()) return FetchElsewhere{job.url};
  const auto* known = find_error(answer.code);
  if (known == nullptr) return RetryAfter{kSlowDownWait, answer.why, true};
  switch (known->remedy) {
    case Remedy::retry:
      return RetryAfter{kBusyWait, answer.why};
    case Remedy::slow_down:
      return RetryAfter{kSlowDownWait, answer.why};
    case Remedy::refresh_token:
      return CredentialExpired{};
    case Remedy::operator_acts:
    case Remedy::way_blocked:
      return RetryAfter{kOperatorWait, answer.why, true};
    case Remedy::none:
    case Remedy::other_way:
    case Remedy::peer_gone:
    case Remedy::our_fault:
      break;
  }
  return Rejected{std::to_string(answer.code), answer.why};
}

}  // namespace

std::vector<std::string> default_media_hosts() {
  return {"*.qpic.cn", "*.weixin.qq.com", "*.tc.qq.com", "*.video.qq.com"};
}

// media/get for voice too: its AMR is what players know; get/jssdk's Speex is for voice that our own pages recorded.
tl::expected<HttpCall, Rejected> WeChat::compose_fetch(const MediaJob& job, const Sending& sending) const {
  if (job.media_id.empty() || !can_call()) {
    if (!job.url.empty()) return HttpCall{.url = job.url, .method = "GET"};
    return tl::unexpected(job.media_id.empty()
                              ? Rejected{"media", "neither a media id nor an address"}
                              : Rejected{"unsupported", "no app_secret is configured: media cannot be fetched"});
  }
  return HttpCall{.url = with_query(config_.api_url + "/cgi-bin/media/get",
                                    {{"access_token", sending.credential}, {"media_id", job.media_id}}),
                  .method = "GET"};
}

FetchResult WeChat::judge_fetch(const HttpReply& reply, const MediaJob& job, const Sending& /*sending*/) const {
  if (reply.failure) return RetryAfter{kNoAnswerWait, *reply.failure};
  const auto status = "HTTP " + std::to_string(reply.status);
  if (may_be_json(reply)) {
    const auto answer = read_answer(reply.body);
    if (answer && answer->code != 0) return judge_code(*answer, job);
    if (answer && !answer->video_url.empty()) return FetchElsewhere{answer->video_url};
    if (reply.status < 400) return RetryAfter{kNoAnswerWait, status + " with words instead of media"};
  }
  if (reply.status == 404 || reply.status == 410) return Rejected{std::to_string(reply.status), "no longer there"};
  if (reply.status != 200) return RetryAfter{retry_after(reply, kNoAnswerWait), status};
  return Fetched{media_file_name(reply)};
}

}  // namespace huiyin::wechat
