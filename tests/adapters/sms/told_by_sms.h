#pragma once

#include <set>
#include <string>

namespace huiyin::sms {

/// The names, without the kind of channel, of what owners may be told where each message costs: all texts but those
/// that stand inside others, and those that only a longer form asks or a chat with photos, buttons or a claimed phone
/// can lead to.
[[nodiscard]] std::set<std::string> told_by_sms(const std::string& locale = "zh-CN");

}  // namespace huiyin::sms
