#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "adapters/channel.h"

namespace huiyin::wechat {

/// Before it is asked for again, where no answer came.
constexpr std::chrono::seconds kNoTokenWait{3};

/// An access token from an answer, that lives for `life_s`; where it is none, the answer is asked for again. WeChat and
/// the work chats. Pure.
[[nodiscard]] tl::expected<Credential, SendResult> read_token(const HttpReply& reply, const std::string& token,
                                                              std::int64_t life_s, Time now);

}  // namespace huiyin::wechat
