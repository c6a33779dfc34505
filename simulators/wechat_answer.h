#pragma once

#include <string>

#include "simulators/wechat_platform.h"

namespace huiyin::simulators {

constexpr const char* kServiceFault = "该公众号提供的服务出现故障，请稍后再试";

/// Reads a decrypted passive reply to `message` as the client would show it: shown and links, or a violation.
[[nodiscard]] WeChatDelivery read_answer(const std::string& xml, const WeChatMessage& message,
                                         const std::string& account_id);

}  // namespace huiyin::simulators
