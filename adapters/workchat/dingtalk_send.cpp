// Sending, access tokens and media.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/wechat/wechat_values.h"
#include "adapters/workchat/app_account.h"
#include "adapters/workchat/card_words.h"
#include "adapters/workchat/dingtalk.h"
#include "adapters/workchat/dingtalk_errors.h"
#include "adapters/workchat/dingtalk_words.h"
#include "adapters/workchat/group_robot.h"
#include "adapters/workchat/json_fields.h"
#include "core/json_writer.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

constexpr auto kTokenHeader = "x-acs-dingtalk-access-token";
constexpr std::size_t kTitle = 100;

/// `msgKey` and `msgParam`: the platform's own templates of what a robot says.
struct Said {
  std::string_view key{};
  std::string parameters{};  ///< JSON
};

Said say_card(const OutboundMessage& message) {
  JsonWriter json;
  write_dingtalk_card(json, message, dingtalk_markdown(message));
  return {message.card.url.empty() ? "sampleMarkdown" : "sampleActionCard", json.take()};
}

std::optional<Said> said_by(const OutboundMessage& message) {
  // A card that is to take another's place cannot: what is new is in the words.
  const bool has_card = !trim(message.card.title).empty() && !message.card.id.empty() && message.card.replaces.empty();
  if (has_card) return say_card(message);
  auto words = words_of(message, kMaxDingTalkText);
  for (const auto& article : message.articles)
    words += (words.empty() ? "" : "\n") + one_line(article.title, kTitle) + " " + clean_text(article.url);
  if (words.empty()) return std::nullopt;
  JsonWriter json;
  json.key("content").value(within_bytes(words, kMaxDingTalkText));
  return Said{"sampleText", json.take()};
}

bool holds(const nlohmann::json& json, const char* list, const std::string& member) {
  const auto found = json.find(list);
  return found != json.end() && found->is_array() && std::find(found->begin(), found->end(), member) != found->end();
}

}  // namespace

tl::expected<HttpCall, Rejected> DingTalk::compose(const OutboundMessage& message, const Sending& sending) const {
  if (!is_user_id(message.to.address)) return tl::unexpected(Rejected{"member", "the address is no user id"});
  const auto said = said_by(message);
  if (!said) return tl::unexpected(Rejected{"empty", "nothing that DingTalk can be sent"});
  JsonWriter json;
  json.key("robotCode").value(config_.robot_code);
  json.key("userIds").open('[');
  json.value(message.to.address);
  json.close(']');
  json.key("msgKey").value(said->key);
  json.key("msgParam").value(said->parameters);
  return json_call(config_.api_url + "/v1.0/robot/oToMessages/batchSend", json.take(),
                   {{kTokenHeader, sending.credential}});
}

SendResult DingTalk::judge(const HttpReply& reply, const OutboundMessage& message, const Sending& /*sending*/) const {
  if (reply.failure) return judge_failure(reply);
  const auto json = reply.status == 200 ? read_object(reply.body) : std::nullopt;
  if (!json || json->contains("code")) return judge_dingtalk_error(reply);
  if (holds(*json, "invalidStaffIdList", message.to.address)) return PeerGone{"invalidStaffIdList: no such member"};
  if (holds(*json, "flowControlledStaffIdList", message.to.address))
    return RetryAfter{kThrottledWait, "flowControlledStaffIdList: too many messages to this member"};
  auto id = text_in(*json, "processQueryKey");
  if (id.empty()) return Unknown{"an answer without processQueryKey"};
  return Accepted{std::move(id)};
}

// A call within a token's life gives the same one, to every node.
std::optional<HttpCall> DingTalk::compose_credential(bool /*force*/) const {
  JsonWriter json;
  json.key("appKey").value(config_.app_key);
  json.key("appSecret").value(config_.secret.current.reveal());
  return json_call(config_.api_url + "/v1.0/oauth2/accessToken", json.take());
}

tl::expected<Credential, SendResult> DingTalk::judge_credential(const HttpReply& reply, Time now) const {
  if (reply.failure) return tl::unexpected(SendResult(RetryAfter{wechat::kNoTokenWait, *reply.failure}));
  const auto json = read_object(reply.body);
  if (json && !text_in(*json, "code").empty())
    return tl::unexpected(without_token(judge_dingtalk_error(reply), text_in(*json, "code") + ": no access token"));
  return wechat::read_token(reply, json ? text_in(*json, "accessToken") : std::string(),
                            json ? number_in(*json, "expireIn").value_or(0) : 0, now);
}

tl::expected<HttpCall, Rejected> DingTalk::compose_fetch(const MediaJob& job, const Sending& sending) const {
  if (job.media_id.empty()) return tl::unexpected(Rejected{"media", "no download code"});
  JsonWriter json;
  json.key("downloadCode").value(job.media_id);
  json.key("robotCode").value(config_.robot_code);
  return json_call(config_.api_url + "/v1.0/robot/messageFiles/download", json.take(),
                   {{kTokenHeader, sending.credential}});
}

/// First where the file lies, then the file itself.
FetchResult DingTalk::judge_fetch(const HttpReply& reply, const MediaJob& /*job*/, const Sending& sending) const {
  if (reply.failure || sending.step > 0) return judge_media(reply);
  const auto json = read_object(reply.body);
  if (json && reply.status == 200)
    if (auto url = text_in(*json, "downloadUrl"); !url.empty()) return FetchElsewhere{std::move(url)};
  if (json && !text_in(*json, "code").empty())
    return fetch_result(judge_dingtalk_error(reply), text_in(*json, "code"), "no download");
  return judge_media(reply);
}

}  // namespace huiyin::workchat
