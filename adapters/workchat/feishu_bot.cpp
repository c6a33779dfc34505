#include "adapters/workchat/feishu_bot.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "adapters/crypto.h"
#include "adapters/workchat/card_words.h"
#include "adapters/workchat/feishu_card.h"
#include "adapters/workchat/feishu_errors.h"
#include "core/json_writer.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

using Members = std::vector<std::string_view>;

constexpr int kPerMinute = 90, kPerSecond = 4;  // of the platform's 100 and 5
constexpr std::size_t kMaxTextBytes = 6000;     // a whole body may have 20 KB, and quotes take two
constexpr std::size_t kMostKeyword = 20, kMostArticles = 8, kArticle = 100;

/// Below the words, and with the bot's keyword where they lack it.
std::string completed(std::string words, const Members& members, const std::string& keyword) {
  if (!keyword.empty() && words.find(keyword) == std::string::npos) words = "【" + keyword + "】" + words;
  for (const auto member : members) {
    const bool all = member == kEverybody;
    words.append("\n<at user_id=\"").append(all ? "all" : member).append("\">");
    words.append(all ? "所有人" : "").append("</at>");
  }
  return words;
}

void write_text(JsonWriter& json, const std::string& words) {
  json.key("msg_type").value("text");
  json.key("content").open('{');
  json.key("text").value(words);
  json.close('}');
}

/// A list of links.
void write_post(JsonWriter& json, const OutboundMessage& message, const std::string& title) {
  json.key("msg_type").value("post");
  json.key("content").open('{');
  json.key("post").open('{');
  json.key("zh_cn").open('{');
  json.key("title").value(title);
  json.key("content").open('[');
  for (std::size_t i = 0; i < std::min(message.articles.size(), kMostArticles); ++i) {
    const auto& article = message.articles[i];
    json.open('[');
    json.open('{');
    json.key("tag").value(article.url.empty() ? "text" : "a");
    json.key("text").value(one_line(article.title, kArticle));
    if (!article.url.empty()) json.key("href").value(clean_text(article.url));
    json.close('}');
    json.close(']');
  }
  for (int i = 0; i < 4; ++i) json.close(i == 0 ? ']' : '}');
}

}  // namespace

std::string feishu_sign(std::string_view timestamp, const std::string& secret) {
  return to_base64(hmac_sha256(std::string(timestamp) + "\n" + secret, {}));
}

Capabilities FeishuBot::capabilities() const { return speaks(kMaxTextBytes, kPerMinute, kPerSecond); }

tl::expected<HttpCall, Rejected> FeishuBot::compose(const OutboundMessage& message, const Sending& sending) const {
  const auto members = mentioned(message);
  if (!members) return tl::unexpected(members.error());
  JsonWriter json;
  if (!config_.secret.empty()) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(sending.now).time_since_epoch().count();
    const auto timestamp = std::to_string(seconds);
    json.key("timestamp").value(timestamp);
    json.key("sign").value(feishu_sign(timestamp, config_.secret.reveal()));
  }
  const auto words = words_of(message, kMaxTextBytes);
  // A mention works in words alone, where they say what a card would.
  const bool has_card = !trim(message.card.title).empty();
  if (has_card && (members->empty() || words.empty())) {
    auto with_keyword = message;
    with_keyword.card.title = completed(message.card.title, {}, config_.keyword);
    json.key("msg_type").value("interactive");
    json.key("card").value_json(write_feishu_card(with_keyword, false, config_.source));
  } else if (!message.articles.empty()) {
    write_post(json, message, completed(within_bytes(words, kMaxTextBytes), {}, config_.keyword));
  } else if (!words.empty()) {
    write_text(json, completed(plain_feishu(within_bytes(words, kMaxTextBytes)), *members, config_.keyword));
  } else {
    return tl::unexpected(says_nothing());
  }
  return json_call(config_.api_url + "/open-apis/bot/v2/hook/" + url_encode(config_.key.reveal()), json.take());
}

SendResult FeishuBot::judge_answer(const HttpReply& reply) const {
  const auto answer = read_feishu_answer(reply.body);
  return answer ? judge_feishu(*answer, reply) : judge_status(reply, kFeishuSlowDown);
}

std::unique_ptr<Channel> make_feishu_bot(const ChannelConfig& config, const SecretSources& secrets,
                                         std::vector<Error>& errors) {
  const auto before = errors.size();
  StanzaReader read(config, secrets, errors);
  FeishuBot::Config out{.channel = config.name};
  out.key = read.secret("key");
  if (out.key.reveal().find_first_not_of("0123456789abcdefABCDEF-") != std::string::npos)
    read.complain("key", "not a bot's key", "It is what stands after /hook/ in the bot's address: hex digits and -");
  out.secret = read.optional_secret("secret").value_or(Secret());
  out.keyword = std::string(trim(read.text("keyword", "")));
  if (count_characters(out.keyword) > kMostKeyword)
    read.complain("keyword", "over 20 characters", "One of the bot's 自定义关键词 is enough");
  out.api_url = read_api_url(read, kFeishuUrl);
  out.source = read.text("source", "物业工单");
  read.finish();
  if (errors.size() != before) return nullptr;
  return std::make_unique<FeishuBot>(std::move(out));
}

}  // namespace huiyin::workchat
