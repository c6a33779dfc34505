#include "adapters/workchat/dingtalk_robot.h"

#include <algorithm>
#include <vector>

#include "adapters/crypto.h"
#include "adapters/workchat/card_words.h"
#include "adapters/workchat/dingtalk_errors.h"
#include "adapters/workchat/dingtalk_words.h"
#include "core/json_writer.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

constexpr int kPerMinute = 18;  // of the platform's 20
constexpr std::size_t kMostKeyword = 20, kMostToken = 128;
constexpr std::size_t kSecretSize = 67;  // SEC and 64 hex digits
constexpr std::size_t kMostArticles = 8;

bool is_mobile(std::string_view member) {
  constexpr std::size_t kDigits = 11;
  return member.size() == kDigits && member.find_first_not_of("0123456789") == std::string_view::npos;
}

/// One message's body, as it is put together.
class Body {
 public:
  Body(const std::vector<std::string_view>& members, const std::string& keyword)
      : members_(members), keyword_(keyword) {}

  void text(const std::string& words) {
    open("text");
    json_.key("content").value(completed(within_bytes(words, kMaxDingTalkText)));
    json_.close('}');
    mention();
  }
  void markdown(const OutboundMessage& message) {
    open("markdown");
    json_.key("title").value(dingtalk_title(message.card));
    auto words = dingtalk_markdown(message);
    if (!message.card.url.empty()) words += "\n\n[打开 open](" + clean_text(message.card.url) + ")";
    json_.key("text").value(completed(std::move(words)));
    json_.close('}');
    mention();
  }
  /// It cannot mention anybody.
  void action_card(const OutboundMessage& message) {
    open("actionCard");
    write_dingtalk_card(json_, message, completed(dingtalk_markdown(message)));
    json_.close('}');
  }
  void feed(const std::vector<Article>& articles) {
    open("feedCard");
    json_.key("links").open('[');
    for (std::size_t i = 0; i < std::min(articles.size(), kMostArticles); ++i) {
      json_.open('{');
      json_.key("title").value(completed(dingtalk_title({.title = articles[i].title})));
      json_.key("messageURL").value(clean_text(articles[i].url));
      json_.key("picURL").value(clean_text(articles[i].picture_url));
      json_.close('}');
    }
    json_.close(']');
    json_.close('}');
  }
  [[nodiscard]] std::string take() { return json_.take(); }

 private:
  void open(const char* type) {
    json_.key("msgtype").value(type);
    json_.key(type).open('{');
  }
  /// With whom it mentions, as that is shown where it stands in the words, and with the robot's keyword.
  [[nodiscard]] std::string completed(std::string words) const {
    if (!keyword_.empty() && words.find(keyword_) == std::string::npos) words = "【" + keyword_ + "】" + words;
    for (const auto member : members_)
      if (member != kEverybody) words.append(" @").append(member);
    return words;
  }
  void mention() {
    if (members_.empty()) return;
    json_.key("at").open('{');
    for (const bool mobiles : {true, false}) {
      json_.key(mobiles ? "atMobiles" : "atUserIds").open('[');
      for (const auto member : members_)
        if (member != kEverybody && is_mobile(member) == mobiles) json_.value(member);
      json_.close(']');
    }
    json_.key("isAtAll").value(members_.front() == kEverybody);
    json_.close('}');
  }

  JsonWriter json_;
  const std::vector<std::string_view>& members_;
  const std::string& keyword_;
};

}  // namespace

std::string dingtalk_sign(std::string_view timestamp, const std::string& secret) {
  return to_base64(hmac_sha256(secret, std::string(timestamp) + "\n" + secret));
}

Capabilities DingTalkRobot::capabilities() const { return speaks(kMaxDingTalkText, kPerMinute); }

tl::expected<HttpCall, Rejected> DingTalkRobot::compose(const OutboundMessage& message, const Sending& sending) const {
  const auto members = mentioned(message);
  if (!members) return tl::unexpected(members.error());
  Body body(*members, config_.keyword);
  const bool has_card = !trim(message.card.title).empty();
  if (const auto words = words_of(message, kMaxDingTalkText); has_card && !message.card.url.empty() && members->empty())
    body.action_card(message);
  else if (has_card)
    body.markdown(message);
  else if (!message.articles.empty())
    body.feed(message.articles);
  else if (!words.empty())
    body.text(words);
  else
    return tl::unexpected(says_nothing());
  Fields query{{"access_token", config_.token.reveal()}};
  if (!config_.secret.empty()) {
    const auto timestamp = std::to_string(sending.now.time_since_epoch().count());
    query.emplace_back("timestamp", timestamp);
    query.emplace_back("sign", dingtalk_sign(timestamp, config_.secret.reveal()));
  }
  return json_call(with_query(config_.api_url + "/robot/send", query), body.take());
}

SendResult DingTalkRobot::judge_answer(const HttpReply& reply) const { return judge_dingtalk_robot(reply); }

std::unique_ptr<Channel> make_dingtalk_robot(const ChannelConfig& config, const SecretSources& secrets,
                                             std::vector<Error>& errors) {
  const auto before = errors.size();
  StanzaReader read(config, secrets, errors);
  DingTalkRobot::Config out{.channel = config.name};
  out.token = read.secret("token");
  if (out.token.reveal().size() > kMostToken || out.token.reveal().find_first_of("&=/?: ") != std::string::npos)
    read.complain("token", "not a robot's token", "It is what stands after access_token= in the robot's address");
  out.secret = read.optional_secret("secret").value_or(Secret());
  const auto& secret = out.secret.reveal();
  if (!secret.empty() && (secret.size() != kSecretSize || !secret.starts_with("SEC")))
    read.complain("secret", "not a robot's secret",
                  "It begins with SEC, and stands below 加签 in the robot's settings");
  out.keyword = std::string(trim(read.text("keyword", "")));
  if (count_characters(out.keyword) > kMostKeyword)
    read.complain("keyword", "over 20 characters", "One of the robot's 自定义关键词 is enough");
  out.api_url = read_api_url(read, kDingTalkRobotUrl);
  read.finish();
  if (errors.size() != before) return nullptr;
  return std::make_unique<DingTalkRobot>(std::move(out));
}

}  // namespace huiyin::workchat
