#pragma once

#include <string>
#include <string_view>

#include "adapters/channel.h"
#include "adapters/wechat/wechat_template.h"

namespace huiyin::wechat {

constexpr const char* kApiUrl = "https://api.weixin.qq.com";
constexpr std::size_t kMostOpenid = 64;

/// Is this something that can be an openid? They have 28 characters so far.
[[nodiscard]] bool is_openid(std::string_view address);

/// `message/custom/send`: the body as JSON; Rejected where the message says nothing that can be sent so. With choices
/// whose ids are numbers a menu that can be tapped, unless `plain`; else text. A text over its limit ends in …
[[nodiscard]] tl::expected<std::string, Rejected> write_push(const OutboundMessage& message, bool plain);
/// Would write_push() make a menu of it?
[[nodiscard]] bool makes_menu(const OutboundMessage& message);

/// `message/template/send` and `message/subscribe/bizsend`: the body as JSON; Rejected where a value breaks its rule.
[[nodiscard]] tl::expected<std::string, Rejected> write_template(const Template& with, const OutboundMessage& message);

/// `message/custom/typing`. Its answer changes nothing; it must never delay a message.
[[nodiscard]] HttpCall typing_call(const std::string& api_url, const std::string& credential, const std::string& openid,
                                   bool typing);

/// A POST of JSON to `path` of the API, with the access token in the query as the platform wants it.
[[nodiscard]] HttpCall api_call(const std::string& api_url, std::string_view path, const std::string& credential,
                                std::string body);

}  // namespace huiyin::wechat
