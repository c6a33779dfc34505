#pragma once

#include <string>

#include "adapters/channel.h"
#include "adapters/wechat/access_token.h"

namespace huiyin::workchat {

// What the apps of all work chats owe for access tokens and media. Pure.

/// A refusal of an access token: whatever is not a matter of load means that the app cannot have one.
[[nodiscard]] SendResult without_token(SendResult refusal, const std::string& why);

/// A refusal of media.
[[nodiscard]] FetchResult fetch_result(const SendResult& refusal, const std::string& code, const std::string& why);
/// From the status and the headers, where the answer is no refusal in words.
[[nodiscard]] FetchResult judge_media(const HttpReply& reply);

}  // namespace huiyin::workchat
