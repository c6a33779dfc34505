#pragma once

#include <string>
#include <string_view>

namespace huiyin::dialogs {

/// The locale in which to answer `text`: any Chinese character → `zh-CN`; Latin words of some length and nothing
/// Chinese → `en`; otherwise (a number, a photo, "ok") what it was: `current`.
[[nodiscard]] std::string guess_locale(std::string_view text, const std::string& current);

}  // namespace huiyin::dialogs
