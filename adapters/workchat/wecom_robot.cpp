#include "adapters/workchat/wecom_robot.h"

#include "adapters/workchat/wecom.h"
#include "adapters/workchat/wecom_card.h"
#include "adapters/workchat/wecom_errors.h"
#include "adapters/workchat/wecom_send.h"
#include "core/json_writer.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

using Members = std::vector<std::string_view>;

constexpr std::size_t kMaxMarkdownBytes = 4096;
constexpr int kPerMinute = 18;  // of the platform's 20

void write_text(JsonWriter& json, const Members& members, std::string_view text) {
  json.key("msgtype").value("text");
  json.key("text").open('{');
  json.key("content").value(within_bytes(text, kMaxTextBytes));
  if (!members.empty()) {
    json.key("mentioned_list").open('[');
    for (const auto member : members) json.value(member);
    json.close(']');
  }
  json.close('}');
}

/// A mention works in text and markdown alone, and markdown's is part of its words.
std::string markdown_of(const OutboundMessage& message, const Members& members) {
  auto out = card_markdown(message.card);
  if (!message.card.url.empty()) out += "\n[" + std::string("打开 open") + "](" + clean_text(message.card.url) + ")";
  std::string mentions;
  for (const auto member : members) mentions.append("<@").append(member).append(">");
  return mentions.empty() ? out : out + "\n" + mentions;
}

}  // namespace

Capabilities WeComRobot::capabilities() const { return speaks(kMaxTextBytes, kPerMinute); }

tl::expected<HttpCall, Rejected> WeComRobot::compose(const OutboundMessage& message, const Sending&) const {
  const auto members = mentioned(message);
  if (!members) return tl::unexpected(members.error());
  JsonWriter json;
  const auto cleaned = clean_text(message.text);
  const auto text = trim(cleaned);
  if (!trim(message.card.title).empty()) {
    if (message.card.url.empty() || !members->empty()) {
      json.key("msgtype").value("markdown");
      json.key("markdown").open('{');
      json.key("content").value(within_bytes(markdown_of(message, *members), kMaxMarkdownBytes));
      json.close('}');
    } else {
      json.key("msgtype").value("template_card");
      json.key("template_card").open('{');
      write_card_json(json, message, CardForm::notice, config_.source, false);
      json.close('}');
    }
  } else if (!message.articles.empty()) {
    json.key("msgtype").value("news");
    write_articles(json, message.articles);
  } else if (!text.empty()) {
    write_text(json, *members, text);
  } else {
    return tl::unexpected(says_nothing());
  }
  return json_call(with_query(config_.api_url + "/cgi-bin/webhook/send", {{"key", config_.key.reveal()}}), json.take());
}

SendResult WeComRobot::judge_answer(const HttpReply& reply) const {
  const auto answer = read_answer(reply.body);
  if (!answer) return judge_status(reply, kSlowDownWait);
  if (answer->code == 0 && answer->warned) return Rejected{"json", answer->why};
  return workchat::judge_answer(*answer);
}

std::unique_ptr<Channel> make_wecom_robot(const ChannelConfig& config, const SecretSources& secrets,
                                          std::vector<Error>& errors) {
  const auto before = errors.size();
  StanzaReader read(config, secrets, errors);
  WeComRobot::Config out{.channel = config.name};
  out.key = read.secret("key");
  constexpr std::string_view kAllowed = "0123456789abcdefABCDEF-";
  if (out.key.reveal().find_first_not_of(kAllowed) != std::string::npos)
    read.complain("key", "not a robot's key", "It is what stands after key= in the robot's address: hex digits and -");
  out.api_url = read_api_url(read, kWeComApiUrl);
  out.source = read.text("source", "物业工单");
  read.finish();
  if (errors.size() != before) return nullptr;
  return std::make_unique<WeComRobot>(std::move(out));
}

}  // namespace huiyin::workchat
