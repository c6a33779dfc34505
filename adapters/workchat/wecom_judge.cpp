// Sending: compose() and judge().
#include <algorithm>
#include <filesystem>
#include <utility>

#include "adapters/wechat/wechat_send.h"
#include "adapters/workchat/wecom.h"
#include "adapters/workchat/wecom_errors.h"
#include "adapters/workchat/wecom_send.h"
#include "core/overloaded.h"

namespace huiyin::workchat {
namespace {

using wechat::api_call;

constexpr auto kSend = "/cgi-bin/message/send";
constexpr auto kChangeCard = "/cgi-bin/message/update_template_card";
constexpr std::size_t kMostProviderId = 250;  // of the store's 255

/// The first call of a message that is nothing but photos is for its first photo.
Stage stage_of(const OutboundMessage& message, const Sending& sending) {
  auto stage = decode_stage(sending.previous);
  if (stage.kind != Stage::Kind::whole || form_of(message, false) != Form::photos) return stage;
  stage.media_id = photos_of(message).front().media_id;
  stage.kind = stage.media_id.empty() ? Stage::Kind::upload : Stage::Kind::show;
  return stage;
}

/// What comes after the photos before number `photo`.
SendResult next_photo(const OutboundMessage& message, std::size_t photo, std::string sent) {
  const auto photos = photos_of(message);
  if (photo >= photos.size()) return Accepted{std::move(sent)};
  Stage next{.photo = photo, .media_id = photos[photo].media_id, .sent = std::move(sent)};
  next.kind = next.media_id.empty() ? Stage::Kind::upload : Stage::Kind::show;
  return NextStep{encode(next)};
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

/// A card that cannot be changed (its code was used, or is over 72 h old) is no reason to keep the words back.
SendResult words_instead(SendResult refusal, const OutboundMessage& message) {
  const bool has_words = form_of(message, true) != Form::nothing && form_of(message, true) != Form::photos;
  return has_words ? SendResult{NextStep{encode(Stage{.kind = Stage::Kind::words})}} : std::move(refusal);
}

bool is_final(const SendResult& result) {
  const auto* retry = std::get_if<RetryAfter>(&result);
  return std::holds_alternative<Rejected>(result) || (retry != nullptr && retry->alarm);
}

/// A photo's upload, or the message that shows it.
SendResult judge_photo(const ApiAnswer& answer, const OutboundMessage& message, const Stage& stage) {
  if (answer.code != 0) return judge_code(answer);
  if (stage.kind == Stage::Kind::upload) {
    if (answer.media_id.empty()) return Rejected{"media", "the upload was answered without a media id"};
    return NextStep{encode(
        Stage{.kind = Stage::Kind::show, .photo = stage.photo, .media_id = answer.media_id, .sent = stage.sent})};
  }
  return next_photo(message, stage.photo + 1, stage.sent.empty() ? answer.msgid : stage.sent);
}

}  // namespace

tl::expected<HttpCall, Rejected> WeCom::compose(const OutboundMessage& message, const Sending& sending) const {
  if (!can_call()) return tl::unexpected(Rejected{"unsupported", "no secret is configured: this app only replies"});
  const AppIdentity app{config_.agent_id, config_.source};
  const auto stage = stage_of(message, sending);
  if (stage.kind == Stage::Kind::upload) {
    const auto photos = photos_of(message);
    if (stage.photo >= photos.size()) return tl::unexpected(Rejected{"defect", "there is no such photo"});
    const auto& file = photos[stage.photo].file;
    return HttpCall{.url = with_query(config_.api_url + "/cgi-bin/media/upload",
                                      {{"access_token", sending.credential}, {"type", "image"}}),
                    .upload = HttpUpload{.field = "media",
                                         .file = file,
                                         .name = std::filesystem::path(file).filename().string() + ".jpg",
                                         .type = "image/jpeg"}};
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
  const auto stage = stage_of(message, sending);
  const bool photo = stage.kind == Stage::Kind::upload || stage.kind == Stage::Kind::show;
  const auto answer = reply.failure ? std::nullopt : read_answer(reply.body);
  SendResult result;
  if (reply.failure)
    result = reply.request_left ? SendResult{Unknown{*reply.failure}}
                                : SendResult{RetryAfter{kUnreachedWait, *reply.failure}};
  else if (!answer)
    result = judge_status(reply);
  else if (photo)
    result = judge_photo(*answer, message, stage);
  else
    result = answer->code == 0 ? judge_success(*answer, message) : judge_code(*answer);
  const bool goes_on = std::holds_alternative<Accepted>(result) || std::holds_alternative<NextStep>(result);
  if (photo && !goes_on && !stage.sent.empty() && !std::holds_alternative<CredentialExpired>(result))
    return Accepted{stage.sent};  // what it belongs to has arrived, and links to where the photo is
  if (photo || !answer) return result;
  const auto* accepted = std::get_if<Accepted>(&result);
  if (answer->code != 0 && accepted != nullptr) return next_photo(message, 0, accepted->provider_id);  // 42014
  const bool changes = form_of(message, stage.kind == Stage::Kind::words) == Form::card_change;
  return changes && is_final(result) ? words_instead(std::move(result), message) : result;
}

}  // namespace huiyin::workchat
