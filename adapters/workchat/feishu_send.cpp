// Sending: compose() and judge().
#include "adapters/workchat/feishu_send.h"

#include <utility>

#include "adapters/crypto.h"
#include "adapters/workchat/card_words.h"
#include "adapters/workchat/feishu.h"
#include "adapters/workchat/feishu_card.h"
#include "adapters/workchat/feishu_errors.h"
#include "adapters/workchat/stages.h"
#include "core/json_writer.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

constexpr auto kMessages = "/open-apis/im/v1/messages";
constexpr auto kImages = "/open-apis/im/v1/images";
constexpr std::size_t kUuid = 40, kTitle = 100;

Stage stage_at(const OutboundMessage& message, const Sending& sending) {
  return stage_of(message, sending, feishu_form(message, false) == FeishuForm::photos);
}

std::string text_content(const OutboundMessage& message) {
  auto words = words_of(message, kMaxFeishuText);
  for (const auto& article : message.articles)
    words += (words.empty() ? "" : "\n") + one_line(article.title, kTitle) + " " + clean_text(article.url);
  JsonWriter json;
  json.key("text").value(plain_feishu(within_bytes(words, kMaxFeishuText)));
  return json.take();
}

std::string one_member(std::string_view name, std::string_view value) {
  JsonWriter json;
  json.key(name).value(value);
  return json.take();
}

bool is_message_id(std::string_view id) { return id.starts_with("om_") && is_user_id(id.substr(3)); }

}  // namespace

FeishuForm feishu_form(const OutboundMessage& message, bool plain) {
  const auto& card = message.card;
  const bool titled = !trim(card.title).empty();
  if (!plain && titled && !card.replaces.empty()) return FeishuForm::card_change;
  if (!plain && titled && (!card.id.empty() || !card.url.empty())) return FeishuForm::card;
  if (!words_of(message, kMaxFeishuText).empty() || !message.articles.empty()) return FeishuForm::text;
  return photos_of(message).empty() ? FeishuForm::nothing : FeishuForm::photos;
}

std::string feishu_uuid(std::string_view key, std::string_view call) {
  return to_hex(sha256(std::string(key) + "\n" + std::string(call))).substr(0, kUuid);
}

std::string feishu_message(const OutboundMessage& message, std::string_view type, std::string_view content,
                           std::string_view call) {
  JsonWriter json;
  json.key("receive_id").value(message.to.address);
  json.key("msg_type").value(type);
  json.key("content").value(content);
  json.key("uuid").value(feishu_uuid(message.key, call));
  return json.take();
}

HttpCall Feishu::api_call(const std::string& path, const Sending& sending) const {
  return {.url = config_.api_url + path,
          .headers = {{"Authorization", "Bearer " + sending.credential},
                      {"Content-Type", "application/json; charset=utf-8"}}};
}

tl::expected<HttpCall, Rejected> Feishu::compose(const OutboundMessage& message, const Sending& sending) const {
  if (!can_call()) return tl::unexpected(Rejected{"unsupported", "no secret is configured: this app only hears"});
  if (!is_user_id(message.to.address)) return tl::unexpected(Rejected{"member", "the address is no id of a member"});
  const auto stage = stage_at(message, sending);
  if (stage.kind == Stage::Kind::upload) {
    auto upload = upload_of(message, stage, "image");
    if (!upload) return tl::unexpected(upload.error());
    return HttpCall{.url = config_.api_url + kImages,
                    .form = {{"image_type", "message"}},
                    .headers = {{"Authorization", "Bearer " + sending.credential}},
                    .upload = *std::move(upload)};
  }
  auto call = api_call(with_query(kMessages, {{"receive_id_type", config_.id_type}}), sending);
  if (stage.kind == Stage::Kind::show) {
    call.body = feishu_message(message, "image", one_member("image_key", stage.media_id),
                               "photo" + std::to_string(stage.photo));
    return call;
  }
  switch (feishu_form(message, stage.kind == Stage::Kind::words)) {
    case FeishuForm::card_change:
      if (!is_message_id(message.card.replaces)) return tl::unexpected(Rejected{"card", "no id of a message"});
      call = api_call(std::string(kMessages) + "/" + message.card.replaces, sending);
      call.method = "PATCH";
      call.body = one_member("content", write_feishu_card(message, true, config_.source));
      return call;
    case FeishuForm::card:
      call.body = feishu_message(message, "interactive", write_feishu_card(message, true, config_.source), "card");
      return call;
    case FeishuForm::text:
      call.body = feishu_message(message, "text", text_content(message), "text");
      return call;
    case FeishuForm::photos:
    case FeishuForm::nothing:
      break;
  }
  return tl::unexpected(Rejected{"empty", "nothing that Feishu can be sent"});
}

SendResult Feishu::judge(const HttpReply& reply, const OutboundMessage& message, const Sending& sending) const {
  const auto stage = stage_at(message, sending);
  const auto answer = reply.failure ? std::nullopt : read_feishu_answer(reply.body);
  if (!answer) {
    auto result = reply.failure ? judge_failure(reply) : judge_status(reply, kFeishuSlowDown);
    return stage.is_photo() ? settle_photo(std::move(result), stage) : result;
  }
  if (stage.is_photo()) {
    const auto& id = stage.kind == Stage::Kind::upload ? answer->image_key : answer->message_id;
    return settle_photo(answer->code == 0 ? after_photo(message, stage, id) : judge_feishu(*answer, reply), stage);
  }
  const bool changes = feishu_form(message, stage.kind == Stage::Kind::words) == FeishuForm::card_change;
  if (answer->code == 0) return next_photo(message, 0, changes ? message.card.replaces : answer->message_id);
  auto result = judge_feishu(*answer, reply);
  return changes ? words_if_refused(std::move(result), feishu_form(message, true) == FeishuForm::text) : result;
}

}  // namespace huiyin::workchat
