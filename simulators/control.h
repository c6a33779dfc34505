#pragma once

#include <string>

#include "net/http.h"
#include "simulators/wechat_faults.h"

namespace huiyin::simulators {

/// An answer of a simulator's control endpoint, in words.
[[nodiscard]] HttpReply plain(int status, const std::string& text);

/// POST with a fault (read_fault) adds it to `faults`, DELETE forgets them all; what cannot be read: 400, and why.
[[nodiscard]] HttpReply control_faults(WeChatFaults& faults, const HttpRequest& request);

}  // namespace huiyin::simulators
