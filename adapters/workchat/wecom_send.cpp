#include "adapters/workchat/wecom_send.h"

#include <algorithm>
#include <utility>

#include "adapters/workchat/wecom_card.h"
#include "core/json_writer.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

constexpr std::size_t kMostArticles = 8;
constexpr std::size_t kArticleTitle = 128, kArticleDescription = 512;  // bytes
constexpr std::size_t kReplaceName = 30;
// The platform drops the same JSON within this time: our retry after an answer that was lost. Half an hour is its
// default, and more than our retries of one outage need.
constexpr std::int64_t kDuplicateInterval = 1800;
constexpr std::int64_t kIntervalSpread = 600;

Rejected refused(std::string code, std::string why) { return {.code = std::move(code), .why = std::move(why)}; }

/// Two reminders with the same words are two messages, and their JSON must differ: by a few seconds of the interval.
std::int64_t duplicate_interval(std::string_view key) {
  std::uint32_t hash = 2166136261U;  // FNV-1a: the same on every node and in every version
  for (const char c : key) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return kDuplicateInterval + hash % kIntervalSpread;
}

void begin(JsonWriter& json, const OutboundMessage& message, std::string_view type, const AppIdentity& app) {
  json.key("touser").value(message.to.address);
  json.key("msgtype").value(type);
  json.key("agentid").value(app.agent_id);
}

std::string end(JsonWriter& json, const OutboundMessage& message) {
  json.key("enable_duplicate_check").value(std::int64_t{1});
  json.key("duplicate_check_interval").value(duplicate_interval(message.key));
  return json.take();
}

void write_content(JsonWriter& json, std::string_view type, std::string_view content) {
  json.key(type).open('{');
  json.key("content").value(content);
  json.close('}');
}

}  // namespace

Form form_of(const OutboundMessage& message, bool plain) {
  const auto& card = message.card;
  const bool titled = !trim(card.title).empty();
  if (!plain && titled) {
    if (!card.replaces.empty()) return Form::card_change;
    if (!card.id.empty() && !message.choices.empty()) return Form::buttons;
    if (!card.url.empty()) return Form::notice;
    if (!card.id.empty()) return Form::markdown;
  }
  if (!message.articles.empty()) return Form::news;
  if (!trim(clean_text(message.text)).empty() || titled) return Form::text;
  return photos_of(message).empty() ? Form::nothing : Form::photos;
}

void write_articles(JsonWriter& json, const std::vector<Article>& articles) {
  json.key("news").open('{');
  json.key("articles").open('[');
  for (std::size_t i = 0; i < std::min(articles.size(), kMostArticles); ++i) {
    json.open('{');
    json.key("title").value(within_bytes(clean_text(articles[i].title), kArticleTitle));
    json.key("description").value(within_bytes(clean_text(articles[i].description), kArticleDescription));
    json.key("url").value(clean_text(articles[i].url));
    json.key("picurl").value(clean_text(articles[i].picture_url));
    json.close('}');
  }
  json.close(']');
  json.close('}');
}

tl::expected<std::string, Rejected> write_message(const OutboundMessage& message, Form form, const AppIdentity& app) {
  if (!is_user_id(message.to.address)) return tl::unexpected(refused("userid", "the address is no user id"));
  JsonWriter json;
  switch (form) {
    case Form::buttons:
    case Form::notice: {
      if (form == Form::buttons && !is_task_id(message.card.id))
        return tl::unexpected(refused("card", "the card's id is not 1 to 128 letters, digits, _, - or @"));
      begin(json, message, "template_card", app);
      json.key("template_card").open('{');
      const bool with_id = form == Form::buttons;  // the platform asks for one only where something can be tapped
      write_card_json(json, message, with_id ? CardForm::buttons : CardForm::notice, app.source, with_id);
      json.close('}');
      if (with_id) return json.take();  // a second one with that id is refused: that is the better check
      return end(json, message);
    }
    case Form::markdown:
      begin(json, message, "markdown", app);
      write_content(json, "markdown", within_bytes(card_markdown(message.card), kMaxTextBytes));
      return end(json, message);
    case Form::news:
      begin(json, message, "news", app);
      write_articles(json, message.articles);
      return end(json, message);
    case Form::text:
      begin(json, message, "text", app);
      write_content(json, "text", within_bytes(words_of(message, kMaxTextBytes), kMaxTextBytes));
      return end(json, message);
    case Form::card_change:
    case Form::photos:
    case Form::nothing:
      break;
  }
  return tl::unexpected(refused("empty", "nothing that WeCom can be sent"));
}

tl::expected<std::string, Rejected> write_card_change(const OutboundMessage& message, const AppIdentity& app) {
  if (!is_user_id(message.to.address)) return tl::unexpected(refused("userid", "the address is no user id"));
  JsonWriter json;
  json.key("userids").open('[');
  json.value(message.to.address);
  json.close(']');
  json.key("agentid").value(app.agent_id);
  json.key("response_code").value(clean_text(message.card.replaces));
  const bool leads = !message.choices.empty() || !message.card.url.empty();
  if (message.card.id.empty() || !leads) {
    json.key("button").open('{');
    json.key("replace_name").value(one_line(message.card.title, kReplaceName));
    json.close('}');
  } else {
    json.key("template_card").open('{');
    write_card_json(json, message, message.choices.empty() ? CardForm::notice : CardForm::buttons, app.source, false);
    json.close('}');
  }
  return json.take();
}

std::string write_photo(const OutboundMessage& message, const std::string& media_id, const AppIdentity& app) {
  JsonWriter json;
  begin(json, message, "image", app);
  json.key("image").open('{');
  json.key("media_id").value(clean_text(media_id));
  json.close('}');
  return end(json, message);
}

}  // namespace huiyin::workchat
