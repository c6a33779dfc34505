// Sending: compose() and judge().
#include <algorithm>
#include <utility>

#include "adapters/wechat/wechat_send.h"
#include "adapters/workchat/wecom.h"
#include "adapters/workchat/wecom_errors.h"
#include "adapters/workchat/wecom_send.h"

namespace huiyin::workchat {
namespace {

using wechat::api_call;

constexpr auto kSend = "/cgi-bin/message/send";
constexpr auto kChangeCard = "/cgi-bin/message/update_template_card";
constexpr std::size_t kMostProviderId = 250;  // of the store's 255

Stage stage_at(const OutboundMessage& message, const Sending& sending) {
  return stage_of(message, sending, form_of(message, false) == Form::photos);
}

/// A success of the platform's may still not have reached the one whom it was for.
SendResult judge_success(const ApiAnswer& answer, const OutboundMessage& message) {
  const auto& to = message.to.address;
  const auto holds = [&to](const std::vector<std::string>& members) {
    return std::find(members.begin(), members.end(), to) != members.end();
  };
  if (holds(answer.not_reached)) return PeerGone{"invaliduser: no such member, or outside of the app's visible range"};
  if (holds(answer.unlicensed))
    return RetryAfter{kOperatorWait, "unlicenseduser: the member has no licence for the app's messages", true};
  if (answer.warned) return Rejected{"json", answer.why};  // part of it was ignored: nobody knows what was shown
  const bool fits = !answer.response_code.empty() && answer.response_code.size() <= kMostProviderId;
  return next_photo(message, 0, fits ? answer.response_code : answer.msgid);
}

}  // namespace

tl::expected<HttpCall, Rejected> WeCom::compose(const OutboundMessage& message, const Sending& sending) const {
  if (!can_call()) return tl::unexpected(Rejected{"unsupported", "no secret is configured: this app only replies"});
  const AppIdentity app{config_.agent_id, config_.source};
  const auto stage = stage_at(message, sending);
  if (stage.kind == Stage::Kind::upload) {
    auto upload = upload_of(message, stage, "media");
    if (!upload) return tl::unexpected(upload.error());
    return HttpCall{.url = with_query(config_.api_url + "/cgi-bin/media/upload",
                                      {{"access_token", sending.credential}, {"type", "image"}}),
                    .upload = *std::move(upload)};
  }
  if (stage.kind == Stage::Kind::show)
    return api_call(config_.api_url, kSend, sending.credential, write_photo(message, stage.media_id, app));
  const auto form = form_of(message, stage.kind == Stage::Kind::words);
  auto body = form == Form::card_change ? write_card_change(message, app) : write_message(message, form, app);
  if (!body) return tl::unexpected(body.error());
  return api_call(config_.api_url, form == Form::card_change ? kChangeCard : kSend, sending.credential,
                  *std::move(body));
}

SendResult WeCom::judge(const HttpReply& reply, const OutboundMessage& message, const Sending& sending) const {
  const auto stage = stage_at(message, sending);
  const auto answer = reply.failure ? std::nullopt : read_answer(reply.body);
  if (!answer) {
    auto result = reply.failure ? judge_failure(reply) : judge_status(reply, kSlowDownWait);
    return stage.is_photo() ? settle_photo(std::move(result), stage) : result;
  }
  if (stage.is_photo()) {
    const auto& id = stage.kind == Stage::Kind::upload ? answer->media_id : answer->msgid;
    return settle_photo(answer->code == 0 ? after_photo(message, stage, id) : judge_answer(*answer), stage);
  }
  auto result = answer->code == 0 ? judge_success(*answer, message) : judge_answer(*answer);
  const auto* accepted = std::get_if<Accepted>(&result);
  if (answer->code != 0 && accepted != nullptr) return next_photo(message, 0, accepted->provider_id);  // 42014
  if (form_of(message, stage.kind == Stage::Kind::words) != Form::card_change) return result;
  const auto plain = form_of(message, true);
  return words_if_refused(std::move(result), plain != Form::nothing && plain != Form::photos);
}

}  // namespace huiyin::workchat
