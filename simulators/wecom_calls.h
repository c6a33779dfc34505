#pragma once

#include <map>
#include <string>
#include <string_view>

#include "simulators/wecom_api.h"

namespace huiyin::simulators {

/// The calls of WeCom's API, each checked as the vendor's page has it. With the lock of the WeComApi held.
struct WeComCalls {
  using Call = HttpReply (*)(WeComApi& api, const HttpRequest& request, Time now);
  struct Entry {
    std::string_view method{};
    bool needs_token = true;
    Call call = nullptr;
  };
  /// By path.
  [[nodiscard]] static const std::map<std::string, Entry, std::less<>>& table();

  static HttpReply gettoken(WeComApi& api, const HttpRequest& request, Time now);
  static HttpReply message_send(WeComApi& api, const HttpRequest& request, Time now);
  static HttpReply update_template_card(WeComApi& api, const HttpRequest& request, Time now);
  static HttpReply media_upload(WeComApi& api, const HttpRequest& request, Time now);
  static HttpReply media_get(WeComApi& api, const HttpRequest& request, Time now);
  static HttpReply getuserinfo(WeComApi& api, const HttpRequest& request, Time now);
  static HttpReply webhook_send(WeComApi& api, const HttpRequest& request, Time now);
};

}  // namespace huiyin::simulators
