#pragma once

#include "tests/adapters/wechat/wechat_requests.h"

namespace huiyin::wechat {

inline constexpr const char* kOwner = "oHuiYin6tQx8AbCdEfGhIjKlMn_0";

/// An account that sends: a subscription notice and a template message beside the push.
inline WeChat::Config sending_config() {
  auto config = test_config(Mode::safe);
  config.app_secret = Secret("app-secret");
  config.api_url = "http://api.test";
  config.media_hosts = default_media_hosts();
  const auto field = [](const char* key, const char* data, const char* otherwise = "") {
    return TemplateField{.key = key, .kind = field_kind(key).value(), .data = data, .otherwise = otherwise};
  };
  Template subscription{.carries = {"ticket_received"}, .id = "SUB1", .link = "url"};
  subscription.fields = {field("character_string1", "number"), field("thing2", "description", "见工单")};
  Template notice{.carries = {"ticket_done", "ticket_received"}, .way = Way::template_notice, .id = "TPL1"};
  notice.fields = {field("thing1", "text"), field("phrase2", "status")};
  config.templates = {subscription, notice};
  return config;
}

inline OutboundMessage message_to_owner(std::string text) {
  OutboundMessage message{.key = "o42", .to = {"wechat:main", kOwner}};
  message.text = std::move(text);
  return message;
}

inline Sending sending_by(Way way, std::string template_id = {}) {
  Sending sending{.now = kSent, .credential = "TOKEN"};
  sending.way = way;
  sending.template_id = std::move(template_id);
  sending.created = kSent;
  return sending;
}

}  // namespace huiyin::wechat
