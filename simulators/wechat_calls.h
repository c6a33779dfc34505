#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "simulators/wechat_api.h"

namespace huiyin::simulators {

/// The calls of the API, each checked as the vendor's page has it. With the lock of the WeChatApi held.
struct WeChatCalls {
  using Call = HttpReply (*)(WeChatApi& api, const HttpRequest& request, Time now);
  struct Entry {
    std::string_view method{};
    bool needs_token = true;
    Call call = nullptr;
  };
  /// By path.
  [[nodiscard]] static const std::map<std::string, Entry, std::less<>>& table();

  // wechat_calls_account.cpp
  static HttpReply token(WeChatApi& api, const HttpRequest& request, Time now);
  static HttpReply stable_token(WeChatApi& api, const HttpRequest& request, Time now);
  static HttpReply media_get(WeChatApi& api, const HttpRequest& request, Time now);
  static HttpReply menu_create(WeChatApi& api, const HttpRequest& request, Time now);
  static HttpReply menu_delete(WeChatApi& api, const HttpRequest& request, Time now);
  static HttpReply menu_show(WeChatApi& api, const HttpRequest& request, Time now);
  static HttpReply qrcode_create(WeChatApi& api, const HttpRequest& request, Time now);
  static HttpReply interface_summary(WeChatApi& api, const HttpRequest& request, Time now);
  // wechat_calls_send.cpp
  static HttpReply custom_send(WeChatApi& api, const HttpRequest& request, Time now);
  static HttpReply custom_typing(WeChatApi& api, const HttpRequest& request, Time now);
  static HttpReply template_send(WeChatApi& api, const HttpRequest& request, Time now);
  static HttpReply subscribe_bizsend(WeChatApi& api, const HttpRequest& request, Time now);
};

/// Does JSON text hold a \uXXXX escape? The platform would show it as it is written.
[[nodiscard]] bool has_unicode_escape(std::string_view json);

/// The answer to a call: an errcode with words and a rid; `more` is further members of the JSON, with a comma first.
[[nodiscard]] HttpReply api_answer(std::int64_t code, std::string_view words, const std::string& more = {});

}  // namespace huiyin::simulators
