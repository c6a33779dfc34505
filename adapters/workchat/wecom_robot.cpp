#include "adapters/workchat/wecom_robot.h"

#include <algorithm>

#include "adapters/safe_url.h"
#include "adapters/wechat/wechat_values.h"
#include "adapters/workchat/wecom.h"
#include "adapters/workchat/wecom_card.h"
#include "adapters/workchat/wecom_errors.h"
#include "adapters/workchat/wecom_send.h"
#include "core/json_writer.h"
#include "core/text.h"

namespace huiyin::workchat {
namespace {

constexpr std::size_t kMaxMarkdownBytes = 4096;
constexpr std::string_view kNobody = "group";

/// `@all`, or user ids joined by `|`.
bool is_mention(std::string_view address) {
  if (address == "@all") return true;
  const auto members = split(address, '|');
  return std::all_of(members.begin(), members.end(), is_user_id);
}

void write_text(JsonWriter& json, const OutboundMessage& message, std::string_view text) {
  json.key("msgtype").value("text");
  json.key("text").open('{');
  json.key("content").value(within_bytes(text, kMaxTextBytes));
  if (message.to.address != kNobody) {
    json.key("mentioned_list").open('[');
    for (const auto member : split(message.to.address, '|')) json.value(member);
    json.close(']');
  }
  json.close('}');
}

/// A mention works in text and markdown alone, and markdown's is part of its words.
std::string markdown_of(const OutboundMessage& message) {
  auto out = card_markdown(message.card);
  if (!message.card.url.empty()) out += "\n[" + std::string("打开 open") + "](" + clean_text(message.card.url) + ")";
  std::string mentions;
  if (message.to.address != kNobody)
    for (const auto member : split(message.to.address, '|')) mentions.append("<@").append(member).append(">");
  return mentions.empty() ? out : out + "\n" + mentions;
}

}  // namespace

tl::expected<Inbound, Reject> WeComRobot::parse(const HttpRequest& /*request*/) const {
  return reject(RejectReason::unsupported, "a group robot hears nothing");
}

HttpReply WeComRobot::acknowledge(const Inbound& /*inbound*/, const std::optional<OutboundMessage>& /*message*/,
                                  const Envelope& /*envelope*/) const {
  return {.status = status_of(RejectReason::unsupported)};
}

Capabilities WeComRobot::capabilities() const {
  return {.max_bytes = kMaxTextBytes, .owner_may_begin = false, .sends = true, .staff = true};
}

tl::expected<HttpCall, Rejected> WeComRobot::compose(const OutboundMessage& message, const Sending&) const {
  const auto& to = message.to.address;
  if (to != kNobody && !is_mention(to))
    return tl::unexpected(Rejected{"mention", "the address is not group, @all, or user ids joined by |"});
  JsonWriter json;
  const auto cleaned = clean_text(message.text);
  const auto text = trim(cleaned);
  if (!trim(message.card.title).empty()) {
    if (message.card.url.empty() || to != kNobody) {
      json.key("msgtype").value("markdown");
      json.key("markdown").open('{');
      json.key("content").value(within_bytes(markdown_of(message), kMaxMarkdownBytes));
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
    write_text(json, message, text);
  } else {
    return tl::unexpected(Rejected{"empty", "nothing that a group robot can be sent"});
  }
  return HttpCall{.url = with_query(config_.api_url + "/cgi-bin/webhook/send", {{"key", config_.key.reveal()}}),
                  .body = json.take(),
                  .headers = {{"Content-Type", "application/json; charset=utf-8"}}};
}

SendResult WeComRobot::judge(const HttpReply& reply, const OutboundMessage& /*message*/,
                             const Sending& /*sending*/) const {
  if (reply.failure)
    return reply.request_left ? SendResult{Unknown{*reply.failure}}
                              : SendResult{RetryAfter{kUnreachedWait, *reply.failure}};
  const auto answer = read_answer(reply.body);
  if (!answer) return judge_status(reply);
  if (answer->code == 0 && answer->warned) return Rejected{"json", answer->why};
  return judge_code(*answer);
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
  out.api_url = read.url("api_url", kWeComApiUrl);
  if (!out.api_url.empty() && !is_safe_url(out.api_url))
    read.complain("api_url", "plain http would carry the key in clear", "Write https://, or http:// to this machine");
  out.source = read.text("source", "物业工单");
  read.finish();
  if (errors.size() != before) return nullptr;
  return std::make_unique<WeComRobot>(std::move(out));
}

}  // namespace huiyin::workchat
