#include "simulators/dingtalk_platform.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "simulators/dingtalk_rules.h"
#include "simulators/sample_media.h"

namespace huiyin::simulators {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kSessionLife = 5'400'236;  // milliseconds

}  // namespace

DingTalkPlatform::DingTalkPlatform(Config config, DingTalkApi& api, const Clock& clock, Random& random)
    : config_(std::move(config)),
      api_(api),
      clock_(clock),
      random_(random),
      http_({.connect_timeout = config_.patience, .total_timeout = config_.patience}) {}

DingTalkMessage DingTalkPlatform::make(const std::string& member, const std::string& type, const std::string& content,
                                       bool group) {
  const auto now = clock_.now().time_since_epoch().count();
  const auto id = fmt::format("msg{:016x}{:016x}==", random_.next(), random_.next());
  Json json = {{"conversationId", group ? "cidHuiyinGroup0001==" : "cidSingle0001=="},
               {"chatbotCorpId", config_.corp_id},
               {"chatbotUserId", "$:LWCP_v1:$bot00000000000000000000"},
               {"msgId", id},
               {"senderNick", "张三"},
               {"isAdmin", false},
               {"sessionWebhookExpiredTime", now + kSessionLife},
               {"createAt", now},
               {"conversationType", group ? "2" : "1"},
               {"senderId", "$:LWCP_v1:$user0000000000000000"},
               {"sessionWebhook", "https://oapi.dingtalk.test/robot/sendBySession?session=0"},
               {"robotCode", config_.robot_code},
               {"senderPlatform", "Android"},
               {"msgtype", type}};
  if (!member.empty()) {
    json["senderStaffId"] = member;
    json["senderCorpId"] = config_.corp_id;
  }
  if (group) json["isInAtList"] = true;
  json[type == "text" ? "text" : "content"] = Json::parse(content);
  return {.member = member, .json = json.dump()};
}

DingTalkMessage DingTalkPlatform::write(const std::string& member, const std::string& text) {
  return make(member, "text", Json({{"content", text}}).dump(), false);
}

DingTalkMessage DingTalkPlatform::write_in_group(const std::string& member, const std::string& text) {
  return make(member, "text", Json({{"content", " " + text}}).dump(), true);
}

DingTalkMessage DingTalkPlatform::write_as_outsider(const std::string& text) {
  return make("", "text", Json({{"content", " " + text}}).dump(), true);
}

DingTalkMessage DingTalkPlatform::send_photo(const std::string& member) {
  const auto code = api_.keep_file(sample_photo().bytes);
  return make(member, "picture", Json({{"downloadCode", code}, {"pictureDownloadCode", code + "p"}}).dump(), false);
}

std::string DingTalkPlatform::deliver(const DingTalkMessage& message) {
  const auto timestamp = std::to_string(clock_.now().time_since_epoch().count());
  const auto reply = http_.call({.url = config_.hook_url,
                                 .body = message.json,
                                 .headers = {{"Content-Type", "application/json; charset=utf-8"},
                                             {"timestamp", timestamp},
                                             {"sign", dingtalk_signature(timestamp, config_.app_secret)}}});
  if (reply.failure) return "no answer: " + *reply.failure;
  if (reply.status != 200) return "HTTP status " + std::to_string(reply.status);
  return {};
}

}  // namespace huiyin::simulators
